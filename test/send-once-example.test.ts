import { spawn } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';

interface Asked {
  key: string | undefined;
  body: string;
}

let close: () => void = () => {};
afterEach(() => close());

/** A service that treats each request as it is told: the status of its answer, or that it hangs up without one. */
async function aService(...plan: (number | 'hangs up')[]): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    asked.push({ key: request.headers['idempotency-key']?.toString(), body: await text(request) });
    const status = plan[asked.length - 1] ?? 200;
    if (status === 'hangs up') return void request.socket.destroy();
    response.writeHead(status, { 'content-type': 'application/json' });
    const fine = { id: 'msg_1', status: 'sent' };
    response.end(JSON.stringify(status < 400 ? fine : { code: 'invalid_recipient', detail: 'no such number' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

async function send(url: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, ['examples/send-once/send.js', ...args], {
    env: { ...process.env, WAKEFUL_URL: url, WAKEFUL_API_KEY: 'key' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const over = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const output = (await text(child.stdout)) + (await text(child.stderr));
  return { code: await over, output };
}

test('the example asks again with the same key until somebody answers', async () => {
  const { url, asked } = await aService('hangs up', 503, 200);
  const { code, output } = await send(url, 'shop', '491511234567', 'Your order has left', 'order-4711');
  expect([code, output]).toEqual([0, 'msg_1: sent\n']);
  expect(asked.map(({ key }) => key)).toEqual(['order-4711', 'order-4711', 'order-4711']);
  expect(JSON.parse(asked[2]?.body ?? '')).toEqual({ to: '491511234567', text: 'Your order has left' });
}, 20_000);

test('it does not ask again for what was refused, and says why', async () => {
  const { url, asked } = await aService(422);
  expect(await send(url, 'shop', '1', 'hi', 'k')).toEqual({ code: 1, output: 'invalid_recipient: no such number\n' });
  expect(asked).toHaveLength(1);
});

test('it says how it is used', async () => {
  expect(await send('http://127.0.0.1:9', 'shop')).toMatchObject({ code: 2, output: expect.stringMatching(/^usage:/) });
});
