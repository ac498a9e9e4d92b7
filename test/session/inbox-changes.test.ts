import { describe, expect, test } from '@jest/globals';
import { loadConfig } from '../../src/config.js';
import type { MessageReaction } from '../../src/domain/message-news.js';
import { aFile, anIncoming } from '../support/fake-whatsapp.js';
import { anInbox } from './inbox-driver.js';

const DAY_MS = 86_400_000;
const withOwn = { ...loadConfig({}, '/').messages, includeOwn: true };

const aReaction = (timestamp: number, change: Partial<MessageReaction> = {}): MessageReaction => ({
  messageId: 'true_491511@c.us_A',
  chatId: '491511@c.us',
  from: '491511@c.us',
  fromLid: '77@lid',
  fromMe: false,
  emoji: '👍',
  timestamp,
  ...change,
});

describe('who wrote', () => {
  test('is learned from every message that gives both names, also from one that is known', async () => {
    const { inbox, open, lids, at } = await anInbox();
    await open();
    inbox.receive(anIncoming('a', at(1), { from: '491511@c.us', fromLid: null }));
    inbox.receive(anIncoming('a', at(1), { from: '491511@c.us', fromLid: '77@lid' }));
    inbox.receive(anIncoming('b', at(1), { from: '78@lid', fromLid: '78@lid' }));
    inbox.change({ kind: 'reacted', reaction: aReaction(at(2), { from: '491533@c.us', fromLid: '79@lid' }) });
    expect(['77@lid', '78@lid', '79@lid'].map((lid) => lids.phoneOf(lid))).toEqual([
      '491511@c.us',
      null,
      '491533@c.us',
    ]);
  });
});

describe('what becomes of a message', () => {
  test('is stored and told: new words, a deletion', async () => {
    const { inbox, open, at, stored, changes } = await anInbox();
    await open();
    inbox.receive(anIncoming('a', at(1)));
    inbox.change({ kind: 'edited', id: 'a', body: 'better', at: at(2) });
    inbox.change({ kind: 'edited', id: 'a', body: 'better', at: at(2) });
    inbox.change({ kind: 'revoked', id: 'a', at: at(3) });
    inbox.change({ kind: 'revoked', id: 'unknown', at: at(3) });
    expect(changes().map(({ kind }) => kind)).toEqual(['edited', 'revoked']);
    expect(changes()[0]).toMatchObject({ message: { body: 'better', editedAt: at(2), revokedAt: null } });
    expect(stored()).toMatchObject([{ body: '', editedAt: at(2), revokedAt: at(3) }]);
  });

  test('does not overtake the message while that waits for what was missed', async () => {
    const { inbox, client, at, stored } = await anInbox();
    const reading = inbox.catchUp(client, 'first');
    inbox.receive(anIncoming('a', at(1)));
    inbox.change({ kind: 'edited', id: 'a', body: 'better', at: at(2) });
    await reading;
    expect(stored()).toMatchObject([{ body: 'better' }]);
  });

  test('is read again after an absence', async () => {
    const { inbox, client, whatsapp, open, at, changes, published } = await anInbox();
    await open();
    for (const id of ['edited', 'revoked', 'same']) inbox.receive(anIncoming(id, at(1)));
    inbox.interrupted();
    const before = anIncoming('edited', at(1), { body: 'better', editedAt: at(2) });
    whatsapp.received.push(before, anIncoming('same', at(1), { editedAt: at(1) }));
    whatsapp.news.push({ kind: 'revoked', id: 'revoked', at: at(3) }, { kind: 'revoked', id: 'never seen', at: at(3) });
    await inbox.catchUp(client, 'last');
    expect(changes()).toMatchObject([
      { kind: 'edited', message: { id: 'edited', editedAt: at(2) } },
      { kind: 'revoked', message: { id: 'revoked' } },
    ]);
    expect(published()).toEqual(['edited', 'revoked', 'same']);
  });

  test('is told once when it is a reaction, and never of times before the session', async () => {
    const { inbox, open, at, changes } = await anInbox();
    await open();
    for (const timestamp of [at(1), at(1), at(-1)]) inbox.change({ kind: 'reacted', reaction: aReaction(timestamp) });
    inbox.change({ kind: 'reacted', reaction: aReaction(at(2), { fromMe: true }) });
    expect(changes()).toEqual([{ kind: 'reacted', reaction: aReaction(at(1)) }]);
  });
});

describe('messages that were written on the phone', () => {
  test('are received when that is asked for, with their acks, but not what the outbox sent', async () => {
    const { inbox, open, at, published, changes } = await anInbox({
      settings: withOwn,
      isOwnSend: ({ id }) => id === 'ours',
    });
    await open();
    for (const id of ['from the phone', 'ours']) inbox.receive(anIncoming(id, at(1), { fromMe: true }));
    for (const id of ['from the phone', 'ours']) inbox.change({ kind: 'acked', id, ack: 2 });
    inbox.change({ kind: 'reacted', reaction: aReaction(at(2), { fromMe: true }) });
    expect(published()).toEqual(['from the phone']);
    expect(changes()).toMatchObject([
      { kind: 'acked', message: { id: 'from the phone', ack: 2 } },
      { kind: 'reacted' },
    ]);
  });
});

describe('a file', () => {
  test('gets a link that lives as long as it is kept, and is to be fetched', async () => {
    const { inbox, open, clock, at, stored, calls } = await anInbox();
    await open();
    inbox.receive(anIncoming('a', at(1), { media: aFile() }));
    const [message] = stored();
    expect(message?.media?.link).toMatchObject({ id: 'med_1', expiresAt: clock.now() + 7 * DAY_MS });
    expect(calls).toEqual(['file']);
  });

  test('that is too large gets none', async () => {
    const { inbox, open, at, stored, calls } = await anInbox();
    await open();
    inbox.receive(anIncoming('a', at(1), { media: aFile({ sizeBytes: 64 * 2 ** 20 + 1 }) }));
    expect(stored()[0]?.media).toMatchObject({ fileName: 'view.png', link: null });
    expect(calls).toEqual([]);
  });

  test('goes with its message', async () => {
    const { inbox, open, at, calls } = await anInbox();
    await open();
    inbox.receive(anIncoming('a', at(1), { media: aFile() }));
    inbox.change({ kind: 'revoked', id: 'a', at: at(2) });
    expect(calls).toEqual(['file', 'gone med_1']);
  });
});
