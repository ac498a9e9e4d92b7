import { describe, expect, test } from '@jest/globals';
import { anIncoming } from '../support/fake-whatsapp.js';
import { anInbox } from './inbox-driver.js';

describe('the inbox', () => {
  test('stores a message and tells the house, in order', async () => {
    const { inbox, open, at, published, stored } = await anInbox();
    await open();
    for (const id of ['a', 'b']) inbox.receive(anIncoming(id, at(1)));
    expect(published()).toEqual(['a', 'b']);
    expect(stored().map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('takes a message that comes twice once', async () => {
    const { inbox, open, at, published } = await anInbox();
    await open();
    for (const id of ['a', 'a']) inbox.receive(anIncoming(id, at(1)));
    expect(published()).toEqual(['a']);
  });

  test('leaves messages of our own alone', async () => {
    const { inbox, open, at, published, store } = await anInbox();
    await open();
    inbox.receive(anIncoming('mine', at(1), { fromMe: true }));
    expect(published()).toEqual([]);
    expect(store.newestTimestamp('sales')).toBeNull();
  });

  test('catches up from its own beginning when nothing was received before', async () => {
    const { inbox, client, whatsapp, at, published, createdAt, searches } = await anInbox();
    whatsapp.received.push(anIncoming('older than the session', at(-1)), anIncoming('missed', at(1)));
    await inbox.catchUp(client, 'last');
    expect(searches()).toEqual([`incomingSince ${createdAt}`]);
    expect(published()).toEqual(['missed']);
  });

  test('catches up from somewhat before the newest message, and gives none twice', async () => {
    const { inbox, client, whatsapp, clock, open, at, published, searches } = await anInbox();
    await open();
    await clock.advance(2 * 3_600_000);
    inbox.receive(anIncoming('known', at(60)));
    inbox.interrupted();
    whatsapp.received.push(anIncoming('known', at(60)), anIncoming('late', at(57)), anIncoming('missed', at(90)));
    await inbox.catchUp(client, 'last');
    expect(searches().at(-1)).toBe(`incomingSince ${at(55)}`);
    expect(published()).toEqual(['known', 'late', 'missed']);
  });

  test('never reaches back behind the beginning of the session', async () => {
    const { inbox, client, open, at, createdAt, searches } = await anInbox();
    await open();
    inbox.receive(anIncoming('early', at(1)));
    inbox.interrupted();
    await inbox.catchUp(client, 'last');
    expect(searches().at(-1)).toBe(`incomingSince ${createdAt}`);
  });

  test('rejects when the page cannot be read, and misses nothing the next time', async () => {
    const { inbox, client, whatsapp, at, published } = await anInbox();
    whatsapp.received.push(anIncoming('missed', at(1)));
    client.catchUpPlan = new Error('the page is busy');
    await expect(inbox.catchUp(client, 'last')).rejects.toThrow('busy');
    client.catchUpPlan = 'works';
    await inbox.catchUp(client, 'last');
    expect(published()).toEqual(['missed']);
  });

  test('keeps the gap open until the last look: what the page syncs after the first one is read by then', async () => {
    const { inbox, client, whatsapp, clock, at, published } = await anInbox();
    await clock.advance(2 * 3_600_000);
    await inbox.catchUp(client, 'first');
    inbox.receive(anIncoming('live', at(60)));
    whatsapp.received.push(anIncoming('synced late', at(30)));
    await inbox.catchUp(client, 'last');
    expect(published()).toEqual(['live', 'synced late']);
  });

  test('tells what came while away before what comes now, although that came first', async () => {
    const { inbox, client, whatsapp, at, published } = await anInbox();
    whatsapp.received.push(anIncoming('missed', at(30)));
    inbox.receive(anIncoming('live', at(60)));
    const reading = inbox.catchUp(client, 'first');
    inbox.receive(anIncoming('meanwhile', at(61)));
    await reading;
    inbox.receive(anIncoming('after', at(62)));
    expect(published()).toEqual(['missed', 'live', 'meanwhile', 'after']);
  });

  test('holds nothing back for long when the page cannot be read', async () => {
    const { inbox, client, clock, at, published } = await anInbox();
    client.catchUpPlan = 'hangs';
    const reading = inbox.catchUp(client, 'first');
    inbox.receive(anIncoming('live', at(60)));
    expect(published()).toEqual([]);
    await clock.advance(10_000);
    expect(published()).toEqual(['live']);
    inbox.receive(anIncoming('later', at(61)));
    await clock.advance(10_000);
    expect(published()).toEqual(['live', 'later']);
    client.letGo();
    await reading;
  });

  test('still reads what came while away when newer messages were told before', async () => {
    const { inbox, client, whatsapp, clock, at, published } = await anInbox();
    whatsapp.received.push(anIncoming('missed', at(30)));
    client.catchUpPlan = new Error('the page is busy');
    await clock.advance(2 * 3_600_000);
    await expect(inbox.catchUp(client, 'last')).rejects.toThrow('busy');
    inbox.receive(anIncoming('live', at(60)));
    await clock.advance(10_000);
    client.catchUpPlan = 'works';
    await inbox.catchUp(client, 'last');
    expect(published()).toEqual(['live', 'missed']);
  });

  test('begins a gap where it began although the service was killed in it', async () => {
    const { inbox, restart, client, page, whatsapp, clock, open, at, published, store } = await anInbox();
    await open();
    await clock.advance(24 * 3_600_000);
    inbox.receive(anIncoming('before', at(60)));
    inbox.interrupted();
    await inbox.catchUp(client, 'first');
    inbox.receive(anIncoming('live', at(600)));
    // Killed here: the page of the next start has got what this one had not got yet.
    whatsapp.received.push(anIncoming('synced late', at(120)));
    expect(store.gapSince('sales')).toBe(at(55));
    const next = await page();
    await restart().catchUp(next, 'last');
    expect(next.calls).toContain(`incomingSince ${at(55)}`);
    expect(published()).toEqual(['before', 'live', 'synced late']);
    expect(store.gapSince('sales')).toBeNull();
  });

  test('leaves a gap open that another one followed while it was being read', async () => {
    const { inbox, client, at, store, createdAt } = await anInbox();
    client.catchUpPlan = 'hangs';
    const reading = inbox.catchUp(client, 'last');
    inbox.interrupted();
    client.letGo();
    await reading;
    expect(store.gapSince('sales')).toBe(createdAt);
    inbox.receive(anIncoming('live', at(1)));
  });

  test('reads its chats again when a message could not be stored', async () => {
    const { inbox, client, whatsapp, clock, open, at, store, calls, published } = await anInbox();
    await open();
    await clock.advance(2 * 3_600_000);
    store.broken = true;
    const lost = anIncoming('while the disk was full', at(1));
    inbox.receive(lost);
    expect(calls).toEqual(['trouble']);
    store.broken = false;
    inbox.receive(anIncoming('afterwards', at(60)));
    whatsapp.received.push(lost);
    await inbox.catchUp(client, 'last');
    expect(published()).toEqual(['afterwards', 'while the disk was full']);
  });

  test('takes a message that can be read only now, unless it is older than the session', async () => {
    const { inbox, open, at, published } = await anInbox();
    await open();
    inbox.receive(anIncoming('decrypted', at(1)), true);
    inbox.receive(anIncoming('ancient', at(-1)), true);
    expect(published()).toEqual(['decrypted']);
  });
});
