import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { Inbound } from '../../../src/adapters/wwebjs/inbound.js';
import type { QuietClient } from '../../../src/adapters/wwebjs/quiet-client.js';
import type { IncomingMessage } from '../../../src/domain/message.js';
import type { MessageNews } from '../../../src/domain/message-news.js';
import type { Person } from '../../../src/domain/person.js';

type Named = <P extends Person>(people: P[]) => Promise<P[]>;

function listening(named: Named = async (people) => people) {
  const messages: IncomingMessage[] = [];
  const late: string[] = [];
  const news: MessageNews[] = [];
  const acks: [string, number][] = [];
  const ignored: string[] = [];
  const inbound = new Inbound({
    onMessage(message, isLate) {
      messages.push(message);
      if (isLate) late.push(message.id);
    },
    onChange: (one) => void news.push(one),
    onAck: (id, ack) => void acks.push([id, ack]),
    named,
    ignored: (doing) => void ignored.push(doing),
    now: () => 9_000,
  });
  const client = new EventEmitter();
  inbound.attach(client as unknown as QuietClient);
  return { client, inbound, messages, late, news, acks, ignored };
}

const model = (id: string, from: string, change = {}) => ({
  id: { _serialized: id, fromMe: false, remote: from },
  ...{ type: 'chat', t: 1, ack: 1, body: id, from },
  ...change,
});
const received = (id: string, from: string, change = {}) => ({ _data: model(id, from, change) });
const own = (id: string, ack: number) => ({
  _data: { id: { _serialized: id, fromMe: true, remote: '1@c.us' }, type: 'chat', t: 1, ack, from: '2@c.us' },
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

test('messages and what becomes of them keep their order while one sender is being looked up', async () => {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { client, messages, news } = listening(async (people) => {
    await asked;
    return people;
  });
  client.emit('message', received('first', '77@lid'));
  client.emit('message', received('second', '1@c.us'));
  client.emit('message_edit', received('first', '77@lid', { body: 'better' }));
  await settle();
  expect([messages, news]).toEqual([[], []]);
  answer();
  await settle();
  expect(messages.map(({ id }) => id)).toEqual(['first', 'second']);
  expect(news).toEqual([{ kind: 'edited', id: 'first', body: 'better', at: 9_000 }]);
});

test('a message that cannot be delivered does not hold up the next', async () => {
  const { client, messages, ignored } = listening(async (people) => {
    if (people[0]?.from === '77@lid') throw new Error('no');
    return people;
  });
  client.emit('message', received('first', '77@lid'));
  client.emit('message', received('second', '1@c.us'));
  await settle();
  expect(messages.map(({ id }) => id)).toEqual(['second']);
  expect(ignored).toHaveLength(1);
});

test('a message that was written on the phone is delivered as well, as our own', async () => {
  const { client, messages } = listening();
  client.emit('message_create', own('mine', 1));
  client.emit('message_create', received('theirs', '1@c.us'));
  client.emit('message', received('theirs', '1@c.us'));
  await settle();
  expect(messages.map(({ id, fromMe }) => [id, fromMe])).toEqual([
    ['mine', true],
    ['theirs', false],
  ]);
});

test('a message that could not be read before comes as soon as it can', async () => {
  const { client, messages, late } = listening();
  client.emit('message_type', model('a', '1@c.us'));
  client.emit('message_type', model('b', '1@c.us', { type: 'revoked' }));
  await settle();
  expect(messages.map(({ id }) => id)).toEqual(['a']);
  expect(late).toEqual(['a']);
});

describe('what becomes of a message', () => {
  test('is told with the time that its sender says, where he says one', async () => {
    const { client, news } = listening();
    client.emit('message_edit', received('a', '1@c.us', { body: 'better', latestEditSenderTimestampMs: 5_000 }));
    client.emit('message_edit', received('gone', '1@c.us', { type: 'revoked' }));
    await settle();
    expect(news).toEqual([{ kind: 'edited', id: 'a', body: 'better', at: 5_000 }]);
  });

  test('is told by both ids when it was deleted and the page gave the deletion one of its own', async () => {
    const { client, news } = listening();
    const wakeful = { senderPhone: null, senderLid: null, toPhone: null, quotedId: null, revokedId: 'false_1@c.us_A' };
    client.emit('message_revoke_everyone', received('false_1@c.us_B', '1@c.us', { type: 'revoked', wakeful }));
    client.emit('message_revoke_everyone', received('false_1@c.us_C', '1@c.us', { type: 'revoked' }));
    await settle();
    expect(news).toEqual(['B', 'A', 'C'].map((id) => ({ kind: 'revoked', id: `false_1@c.us_${id}`, at: 9_000 })));
  });

  test('is a reaction of a person whose number is looked up', async () => {
    const { client, news } = listening(async (people) => people.map((person) => ({ ...person, from: '491511@c.us' })));
    const reaction = { id: { fromMe: false }, senderId: '77:3@lid', reaction: '👍', timestamp: 1.5 };
    const msgId = { fromMe: true, remote: '1@c.us', id: 'A', $1: 'true_1@c.us_A' };
    client.emit('message_reaction', { ...reaction, msgId });
    client.emit('message_reaction', { ...reaction, msgId: null });
    await settle();
    expect(news).toEqual([
      {
        kind: 'reacted',
        reaction: {
          messageId: 'true_1@c.us_A',
          chatId: '1@c.us',
          from: '491511@c.us',
          fromLid: '77@lid',
          fromMe: false,
          emoji: '👍',
          timestamp: 1_500,
        },
      },
    ]);
  });
});

test('acks of own messages are told once each and only upwards', () => {
  const { client, inbound, acks } = listening();
  client.emit('message_create', own('a', 0));
  client.emit('message_ack', own('a', 1), 1);
  client.emit('message_ack', own('a', 1), 1);
  client.emit('message_ack', own('a', 3), 3);
  client.emit('message_ack', own('a', 2), 2);
  client.emit('message_create', own('b', 1));
  client.emit('message_ack', received('c', '1@c.us'), 3);
  expect(acks).toEqual([
    ['a', 1],
    ['a', 3],
    ['b', 1],
  ]);
  expect(inbound.ackOf('a')).toBe(3);
  expect(inbound.ackOf('unknown')).toBe(0);
});

test('a refusal is told once, while nothing better is known, and what comes after it counts again', () => {
  const { client, inbound, acks } = listening();
  client.emit('message_ack', own('a', -1), -1);
  client.emit('message_ack', own('a', -1), -1);
  expect(inbound.ackOf('a')).toBe(-1);
  client.emit('message_ack', own('a', 1), 1);
  client.emit('message_ack', own('a', -1), -1);
  client.emit('message_ack', own('b', 0), 0);
  expect(acks).toEqual([
    ['a', -1],
    ['a', 1],
  ]);
});
