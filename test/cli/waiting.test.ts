import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { toString as draw } from 'qrcode';
import { type Api, startApi } from '../api/support/api-harness.js';
import { Terminal } from './support/terminal.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
  api.fleet.add('shop', { status: 'connecting', desired: 'running' });
});
afterEach(() => api.stop());

const terminal = (more: ConstructorParameters<typeof Terminal>[0] = {}) =>
  new Terminal({ env: { WAKEFUL_URL: `http://127.0.0.1:${api.port}`, WAKEFUL_API_KEY: 'admin' }, ...more });
const become = (status: 'connected' | 'disconnected') => {
  const shop = api.fleet.peek('shop');
  shop.qr = null;
  shop.view = { ...shop.view, status, isConnected: status === 'connected', phoneNumber: '4915100000042' };
};

describe('qr', () => {
  test('waits for a code, draws each new one once, and ends when it was scanned', async () => {
    const watched = terminal();
    watched.onPause = (count) => {
      if (count === 2) api.fleet.showQr('shop', 'first,code');
      if (count === 5) api.fleet.showQr('shop', 'second,code');
      if (count === 7) become('connected');
    };
    const { code, out } = await watched.run('qr', 'shop');
    const [first, second] = await Promise.all(['first,code', 'second,code'].map((qr) => draw(qr, { type: 'utf8' })));
    expect(out).toBe(`${first}\n${second}\nshop is connected as 4915100000042.\n`);
    expect(code).toBe(0);
  });

  test('says what it waits for until there is a code, once', async () => {
    const watched = terminal();
    const shop = api.fleet.peek('shop');
    const message = 'This server cannot reach WhatsApp. Next attempt (1) in 13 s.';
    shop.view = { ...shop.view, status: 'reconnecting', reason: 'network_down', message };
    watched.onPause = (count) => {
      if (count === 3) api.fleet.showQr('shop', 'first,code');
      if (count === 5) become('connected');
    };
    const { err } = await watched.run('qr', 'shop');
    expect(err.split(message)).toHaveLength(2);
    shop.view = { ...shop.view, status: 'reconnecting', isConnected: false, reason: 'network_down', message };
    const { code, err: refusal } = await terminal().run('qr', 'shop', '--json');
    expect([code, refusal]).toEqual([1, expect.stringContaining(message)]);
  });

  test('goes on while there is no code for a moment', async () => {
    const watched = terminal();
    api.fleet.showQr('shop', 'first,code');
    watched.onPause = (count) => {
      if (count === 1) api.fleet.peek('shop').qr = null;
      if (count === 3) become('connected');
    };
    expect((await watched.run('qr', 'shop')).code).toBe(0);
  });

  test('draws in a terminal over the one before', async () => {
    const watched = terminal({ columns: 120 });
    api.fleet.showQr('shop', 'first,code');
    watched.onPause = (count) => (count === 1 ? api.fleet.showQr('shop', 'second,code') : become('connected'));
    const { out } = await watched.run('qr', 'shop');
    const picture = await draw('first,code', { type: 'terminal', small: true });
    expect(out).toContain(`${picture}\n\u001b[${picture.split('\n').length + 1}A\u001b[J`);
  });

  test('ends with 1 when the codes are over, and says how to get another', async () => {
    const watched = terminal();
    api.fleet.showQr('shop', 'first,code');
    watched.onPause = () => become('disconnected');
    const { code, err } = await watched.run('qr', 'shop');
    expect(code).toBe(1);
    expect(err).toContain('npx wakeful sessions connect shop');
  });

  test('writes a picture into a file for its owner alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wakeful-test-'));
    try {
      const watched = terminal({ cwd: folder });
      api.fleet.showQr('shop', 'first,code');
      watched.onPause = () => become('connected');
      const { code, out } = await watched.run('qr', 'shop', '--png', 'qr.png');
      expect(code).toBe(0);
      expect(out).toMatch(/^The QR code is in qr\.png\.\nshop is connected/);
      expect(readFileSync(join(folder, 'qr.png')).subarray(1, 4).toString()).toBe('PNG');
      expect(statSync(join(folder, 'qr.png')).mode & 0o777).toBe(0o600);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('shows one and ends with --once, and with --json', async () => {
    api.fleet.showQr('shop', 'first,code');
    expect((await terminal().run('qr', 'shop', '--once')).code).toBe(0);
    const { code, out } = await terminal().run('qr', 'shop', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ qr: 'first,code' });
  });
});

describe('events --follow', () => {
  const happen = (seq: number) =>
    api.fleet
      .peek('shop')
      .events.push({ seq, sessionId: 'shop', at: 0, event: 'note', message: `thing ${seq}.`, data: {} });
  const things = (out: string) => [...out.matchAll(/thing (\d+)\./g)].map(([, seq]) => Number(seq));

  test('shows the newest, then everything that happens, until it is interrupted', async () => {
    for (let seq = 1; seq <= 30; seq += 1) happen(seq);
    const watched = terminal();
    watched.onPause = (count) => {
      if (count === 2) for (const seq of [31, 32]) happen(seq);
      if (count === 4) happen(33);
      if (count === 6) watched.interrupt.abort();
    };
    const { code, out } = await watched.run('events', 'shop', '--follow');
    expect(things(out)).toEqual(Array.from({ length: 23 }, (_, n) => n + 11));
    expect(code).toBe(0);
  });

  test('from a position it leaves nothing out, and writes one JSON object a line', async () => {
    for (let seq = 1; seq <= 250; seq += 1) happen(seq);
    const watched = terminal();
    watched.onPause = (count) => {
      if (count === 5) watched.interrupt.abort();
    };
    const { out } = await watched.run('events', 'shop', '--follow', '--after', '100', '--json');
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ seq }) => seq)).toEqual(Array.from({ length: 150 }, (_, n) => n + 101));
    expect(lines[0]).toHaveProperty('data');
  });

  test('a restart of the service is no end of it', async () => {
    happen(1);
    const watched = terminal();
    watched.onPause = async (count) => {
      if (count === 1) await api.stop();
      if (count === 4) watched.interrupt.abort();
    };
    const { code, err } = await watched.run('events', 'shop', '--follow');
    expect(code).toBe(0);
    expect(err.match(/Nothing answers/g)).toHaveLength(1);
  });

  test('a session that is removed is', async () => {
    const watched = terminal();
    watched.onPause = async () => api.fleet.remove('shop');
    expect((await watched.run('events', 'shop', '--follow')).code).toBe(1);
  });
});
