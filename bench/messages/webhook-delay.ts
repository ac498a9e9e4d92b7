import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { KeptNumber } from '../support/kept-number.js';
import type { World } from '../support/world.js';
import { preciseNow } from './lanes.js';

const ARRIVES_WITHIN_MS = 30_000;

/** Somebody who is told by webhooks. */
export interface Receiver {
  readonly url: string;
  /** Resolves with the time at which the message of these words was told; to be called before it is written. */
  told(words: string): Promise<number>;
  stop(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const waiting = new Map<string, (at: number) => void>();
  const server: Server = createServer((req, res) => {
    const at = preciseNow();
    const chunks: Buffer[] = [];
    req.on('data', (chunk: Buffer) => chunks.push(chunk));
    req.on('end', () => {
      res.end();
      const { payload } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { payload: { body?: string } };
      waiting.get(payload.body ?? '')?.(at);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    told: (words) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`no webhook told "${words}"`)), ARRIVES_WITHIN_MS);
        waiting.set(words, (at) => {
          clearTimeout(timer);
          waiting.delete(words);
          resolve(at);
        });
      }),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Customers write one after the other; gives how long each message took to the receiver, milliseconds. */
export async function webhookDelays(
  world: World,
  number: KeptNumber,
  receiver: Receiver,
  messages: number,
): Promise<number[]> {
  const delays: number[] = [];
  for (let nth = 0; nth < messages; nth += 1) {
    const from = number.customers[nth % number.customers.length] ?? '';
    const words = `customer's message ${nth}`;
    const told = receiver.told(words);
    const writtenAt = preciseNow();
    await world.phones.deliver(number.phoneNumber, { from, body: words });
    delays.push((await told) - writtenAt);
  }
  return delays;
}
