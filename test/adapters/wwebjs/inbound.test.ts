import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Inbound } from '../../../src/adapters/wwebjs/inbound.js';
import type { QuietClient } from '../../../src/adapters/wwebjs/quiet-client.js';
import type { IncomingMessage } from '../../../src/domain/message.js';

function listening(resolveSender: (message: IncomingMessage) => Promise<IncomingMessage> = async (message) => message) {
  const messages: IncomingMessage[] = [];
  const acks: [string, number][] = [];
  const ignored: string[] = [];
  const inbound = new Inbound({
    onMessage: (message) => void messages.push(message),
    onAck: (id, ack) => void acks.push([id, ack]),
    resolveSender,
    ignored: (doing) => void ignored.push(doing),
  });
  const client = new EventEmitter();
  inbound.attach(client as unknown as QuietClient);
  return { client, inbound, messages, acks, ignored };
}

const received = (id: string, from: string) => ({
  _data: { id: { _serialized: id, fromMe: false, remote: from }, type: 'chat', t: 1, ack: 1, body: id, from },
});
const own = (id: string, ack: number) => ({
  _data: { id: { _serialized: id, fromMe: true, remote: '1@c.us' }, type: 'chat', t: 1, ack },
});

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

test('messages keep their order while one sender is being looked up', async () => {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const { client, messages } = listening(async (message) => {
    if (message.id === 'first') await asked;
    return message;
  });
  client.emit('message', received('first', '77@lid'));
  client.emit('message', received('second', '1@c.us'));
  await settle();
  expect(messages).toEqual([]);
  answer();
  await settle();
  expect(messages.map(({ id }) => id)).toEqual(['first', 'second']);
});

test('a message that cannot be delivered does not hold up the next', async () => {
  const { client, messages, ignored } = listening(async (message) => {
    if (message.id === 'first') throw new Error('no');
    return message;
  });
  client.emit('message', received('first', '77@lid'));
  client.emit('message', received('second', '1@c.us'));
  await settle();
  expect(messages.map(({ id }) => id)).toEqual(['second']);
  expect(ignored).toHaveLength(1);
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
