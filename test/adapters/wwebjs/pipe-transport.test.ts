import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { PipeTransport } from '../../../src/adapters/wwebjs/pipe-transport.js';

function pipes() {
  const [toBrowser, fromBrowser] = [new PassThrough(), new PassThrough()];
  const transport = new PipeTransport(toBrowser, fromBrowser);
  const messages: string[] = [];
  let closes = 0;
  transport.onmessage = (message) => void messages.push(message);
  transport.onclose = () => {
    closes += 1;
  };
  return { toBrowser, fromBrowser, transport, messages, closes: () => closes };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn += 1) await nextTurn();
}

test('messages are put together however the pipe cuts them', async () => {
  const { fromBrowser, messages } = pipes();
  const bytes = Buffer.from('{"a":"ä"}\0{"b":2}\0{"c":3}\0');
  for (const byte of bytes.subarray(0, 12)) fromBrowser.write(Buffer.from([byte]));
  fromBrowser.write(bytes.subarray(12));
  await settle();
  expect(messages).toEqual(['{"a":"ä"}', '{"b":2}', '{"c":3}']);
});

test('a broken pipe closes the transport once and throws nothing', async () => {
  const { toBrowser, fromBrowser, transport, closes } = pipes();
  toBrowser.destroy(new Error('EPIPE'));
  fromBrowser.destroy();
  await settle();
  transport.send('{}');
  expect(closes()).toBe(1);
});
