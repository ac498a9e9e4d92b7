import { connect as connectTcp } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { until } from '../../support/until.js';
import { type Realtime, startRealtime } from '../support/realtime-harness.js';

const LONG_TEXT = 'x'.repeat(60_000);

/** A client that can stop reading. Speaks Socket.IO by hand: `40` connects, `42` is an event, `2` and `3` ping and pong. */
async function aClient(house: Realtime) {
  const socket = new WebSocket(`${house.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const got: [name: string, payload: { id?: string; items?: unknown[] }][] = [];
  const waiters = new Set<() => void>();
  socket.on('message', (data) => {
    const text = String(data);
    if (text.startsWith('0')) socket.send('40{"token":"admin"}');
    if (text.startsWith('42')) got.push(JSON.parse(text.slice(2)));
    for (const look of waiters) look();
  });
  const until = (isTrue: () => boolean) =>
    new Promise<void>((resolve) => {
      const look = () => {
        if (!isTrue()) return;
        waiters.delete(look);
        resolve();
      };
      waiters.add(look);
      look();
    });
  await until(() => got.length > 0);
  return { socket, got, until, ended: new Promise((resolve) => socket.once('close', resolve)) };
}

describe('a client that does not read', () => {
  let house: Realtime;
  afterEach(() => house.stop());

  test('is not waited for: it is told what it missed, and goes on', async () => {
    house = await startRealtime({ keepEvents: 50 });
    house.fleet.add('sales');
    const [slow, quick] = [await aClient(house), house.connect({ token: 'viewer' })];
    await quick.gets('sessions');
    slow.socket.pause();
    // 60 MB: far more than the kernel takes, and 20 times what is kept.
    for (let n = 1; n <= 1_000; n += 1) {
      house.receive('sales', `m${n}`, LONG_TEXT);
      if (n % 20 === 0) await quick.gets('message', ({ id }) => id === `m${n}`);
    }
    expect(quick.named('message')).toHaveLength(1_000);
    slow.socket.resume();
    await slow.until(() => slow.got.at(-2)?.[0] === 'gap');
    house.receive('sales', 'm1001');
    await slow.until(() => slow.got.at(-1)?.[1].id === 'm1001');
    const names = slow.got.map(([name]) => name);
    const at = names.indexOf('gap');
    expect(names.slice(at)).toEqual(['gap', 'sessions', 'message']);
    // What is kept for it, and what was on its way.
    expect(names.filter((name) => name === 'message').length).toBeLessThan(500);
    slow.socket.terminate();
  });

  test('and asks again and again is thrown out', async () => {
    house = await startRealtime({ requestsPerSecond: 10_000 });
    for (let n = 0; n < 300; n += 1) house.fleet.add(`session-${n}`);
    const client = await aClient(house);
    client.socket.pause();
    for (let n = 0; n < 1_000; n += 1) client.socket.send(`42${n}["subscribe",null]`);
    await until('the client is thrown out', 20_000, () => house.logger.count('realtime.client_dropped') === 1);
    client.socket.terminate();
  });

  test('does not hold up the end of the service', async () => {
    house = await startRealtime();
    const { port } = new URL(house.url);
    const dead = connectTcp({ host: '127.0.0.1', port: Number(port), allowHalfOpen: true });
    dead.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\n` +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    );
    await new Promise((resolve) => dead.once('data', resolve));
    let isOver = false;
    const stopped = house.gateway.stop().then(() => {
      isOver = true;
    });
    await house.clock.advance(999);
    expect(isOver).toBe(false);
    await house.clock.advance(1);
    await stopped;
    await house.server.stop();
    dead.destroy();
  });
});
