import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { NODE_FLAGS } from '../../bench/support/node-flags.js';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import type { SessionView } from '../../src/fleet/facade.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { API_KEY, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000081';
const pm2Program = createRequire(import.meta.url).resolve('pm2/bin/pm2');

interface Pm2Process {
  name: string;
  pid: number;
  pm2_env: { status: string; restart_time: number };
}

describe('R30 under the real pm2', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let port: number;

  beforeAll(async () => {
    simulator = await startSimulator();
    port = await freePort();
  }, 60_000);
  afterAll(async () => {
    pm2('kill');
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  function pm2(...args: string[]): string {
    const { stdout, stderr, status } = spawnSync(process.execPath, [pm2Program, ...args], {
      encoding: 'utf8',
      env: {
        ...process.env,
        NODE_OPTIONS: '',
        PM2_HOME: join(place.folder, 'pm2'),
        WAKEFUL_PORT: String(port),
        WAKEFUL_API_KEY: API_KEY,
        WAKEFUL_DATA_DIR: place.dataDir,
        WAKEFUL_AUTH_DIR: place.authDir,
        CHROME_PATH: simulator.browserWrapper,
      },
    });
    if (status !== 0) throw new Error(`pm2 ${args.join(' ')}: ${stdout}${stderr}`);
    return stdout;
  }
  const listed = (): Pm2Process | undefined => {
    const stdout = pm2('jlist');
    return (
      JSON.parse(stdout.slice(stdout.indexOf('[{') >= 0 ? stdout.indexOf('[{') : stdout.indexOf('[]'))) as Pm2Process[]
    )[0];
  };
  const firstLogLine = (): unknown => {
    const logs = join(place.dataDir, 'logs');
    const name = readdirSync(logs).find((entry) => entry.endsWith('.log')) ?? '';
    return JSON.parse(readFileSync(join(logs, name), 'utf8').split('\n')[0] ?? '');
  };
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: { 'x-api-key': API_KEY, accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return (await response.json()) as T;
  };
  const connected = () =>
    until('the number is connected', 30_000, async () => {
      // Right after a restart a kept connection of the old process may still be tried.
      const view = await call<SessionView>('GET', '/api/sessions/pm2').catch(() => null);
      return view?.status === 'connected' && view;
    });

  test('start returns when the service is ready', async () => {
    pm2('start', 'ecosystem.config.js');
    expect(listed()?.pm2_env.status).toBe('online');
    expect(firstLogLine()).toMatchObject({ event: 'service.starting', nodeFlags: NODE_FLAGS.join(' ') });
    expect((await fetch(`http://127.0.0.1:${port}/ready`)).status).toBe(200);
    await call('POST', '/api/sessions', { id: 'pm2' });
    await until('the QR code is scanned', 30_000, async () => {
      const { qr } = await call<{ qr?: string }>('GET', '/api/sessions/pm2/qr');
      return (
        qr !== undefined &&
        simulator.client.scanQr(qr, PHONE).then(
          () => true,
          () => false,
        )
      );
    });
    await connected();
  }, 120_000);

  test('restart closes the browser cleanly and restores the number without a QR code', async () => {
    const before = listed();
    pm2('restart', 'wakeful');
    expect(listed()?.pid).not.toBe(before?.pid);
    await connected();
    const { items } = await call<{ items: { event: string; message: string }[] }>('GET', '/api/sessions/pm2/events');
    expect(items.filter(({ event }) => event === 'session.qr_shown')).toHaveLength(1);
    expect(browsersUnder(place.authDir)).toHaveLength(1);
  }, 120_000);

  test('stop leaves no browser and stays within kill_timeout', async () => {
    const startedAt = Date.now();
    pm2('stop', 'wakeful');
    expect(Date.now() - startedAt).toBeLessThan(30_000);
    expect(listed()?.pm2_env.status).toBe('stopped');
    expect(browsersUnder(place.authDir)).toEqual([]);
  }, 60_000);
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no port')),
      );
    });
  });
}
