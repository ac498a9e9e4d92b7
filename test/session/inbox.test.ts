import { describe, expect, test } from '@jest/globals';
import { Inbox } from '../../src/session/inbox.js';
import { FakeClient } from '../support/fake-client.js';
import { buildHouse } from '../support/fake-house.js';
import { anIncoming, FakeWhatsApp } from '../support/fake-whatsapp.js';

const MINUTE_MS = 60_000;

async function anInbox() {
  const house = buildHouse();
  const { inbox: store, clock, logger, publish, events } = house;
  const createdAt = clock.now();
  const whatsapp = new FakeWhatsApp();
  const spec = { sessionId: 'sales', profileDir: '', proxy: null, onEvent() {}, onMessage() {}, onAck() {} };
  const client = new FakeClient(spec, { whatsapp, clock, pid: 1, breach: () => {} });
  await client.start(new AbortController().signal);
  const inbox = new Inbox({ sessionId: 'sales', createdAt, inbox: store, clock, logger, publish });
  return {
    inbox,
    store,
    client,
    whatsapp,
    createdAt,
    /** Minutes after the session was created. */
    at: (minutes: number) => createdAt + minutes * MINUTE_MS,
    published: () => events.flatMap((event) => (event.type === 'message' ? [event.message.id] : [])),
    searches: () => client.calls.filter((call) => call.startsWith('incomingSince')),
  };
}

describe('the inbox', () => {
  test('stores a message and tells the house, in order', async () => {
    const { inbox, store, at, published } = await anInbox();
    for (const id of ['a', 'b']) expect(inbox.receive(anIncoming(id, at(1)))).toBe(true);
    expect(published()).toEqual(['a', 'b']);
    expect(store.list('sales', { after: 0, limit: 9 }).map(({ message }) => message.id)).toEqual(['a', 'b']);
  });

  test('takes a message that comes twice once', async () => {
    const { inbox, at, published } = await anInbox();
    expect(inbox.receive(anIncoming('a', at(1)))).toBe(true);
    expect(inbox.receive(anIncoming('a', at(1)))).toBe(false);
    expect(published()).toEqual(['a']);
  });

  test('leaves messages of our own alone', async () => {
    const { inbox, store, at, published } = await anInbox();
    expect(inbox.receive(anIncoming('mine', at(1), { fromMe: true }))).toBe(false);
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
    const { inbox, client, whatsapp, at, published, searches } = await anInbox();
    await inbox.catchUp(client, 'last');
    inbox.receive(anIncoming('known', at(60)));
    inbox.interrupted();
    whatsapp.received.push(anIncoming('known', at(60)), anIncoming('late', at(57)), anIncoming('missed', at(90)));
    await inbox.catchUp(client, 'last');
    expect(searches().at(-1)).toBe(`incomingSince ${at(55)}`);
    expect(published()).toEqual(['known', 'late', 'missed']);
  });

  test('never reaches back behind the beginning of the session', async () => {
    const { inbox, client, at, createdAt, searches } = await anInbox();
    await inbox.catchUp(client, 'last');
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
    const { inbox, client, whatsapp, at, published } = await anInbox();
    inbox.receive(anIncoming('before', at(0)));
    await inbox.catchUp(client, 'first');
    inbox.receive(anIncoming('live', at(60)));
    whatsapp.received.push(anIncoming('synced late', at(30)));
    await inbox.catchUp(client, 'last');
    expect(published()).toEqual(['before', 'live', 'synced late']);
  });

  test('still reads what came while away when newer messages come before the catch-up is done', async () => {
    const { inbox, client, whatsapp, at, published } = await anInbox();
    inbox.receive(anIncoming('before', at(0)));
    whatsapp.received.push(anIncoming('missed', at(30)));
    client.catchUpPlan = new Error('the page is busy');
    await expect(inbox.catchUp(client, 'last')).rejects.toThrow('busy');
    inbox.receive(anIncoming('live', at(60)));
    client.catchUpPlan = 'works';
    await inbox.catchUp(client, 'last');
    expect(published()).toEqual(['before', 'live', 'missed']);
  });
});
