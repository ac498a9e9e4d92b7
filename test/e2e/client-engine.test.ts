import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { findBrowser } from '../../src/adapters/chromium/browser-finder.js';
import { livingIn, renderersOf } from '../adapters/wwebjs/support/client-bench.js';
import { linkSession } from '../support/link.js';
import { Workplace } from '../support/service.js';
import { until } from '../support/until.js';

jest.setTimeout(90_000);

let simulator: Simulator;
let place: Workplace;
beforeAll(async () => {
  simulator = await startSimulator({ settings: { syncDelayMs: 200 } });
});
afterAll(() => simulator.stop());
beforeEach(() => {
  place = new Workplace();
});
afterEach(async () => {
  await place.remove();
  await simulator.client.reset();
});

const of = (pid: number, what: 'Uid' | 'Seccomp') =>
  Number(new RegExp(`^${what}:\\s+(\\d+)`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

test('a page that turns the headless shell away gets full Chromium, which then stays, also over a restart', async () => {
  const engines = (['headless-shell', 'chromium'] as const).map((engine) =>
    findBrowser({ executablePath: null, engine }),
  );
  // Only a machine with both has a choice.
  if (engines.includes(null)) return;
  await simulator.client.settings({ refusesHeadlessShell: true });
  const settings = {
    browser: { extraArgs: simulator.browserArgs, otherEngineAfterFailures: 2 },
    deadlines: { launchMs: 6000 },
    backoff: { baseDelayMs: 100, factor: 1 },
  };
  const service = await place.start(null, settings);
  await linkSession(service, simulator, 'shop', '491511111111');
  expect((await service.session('shop')).browser?.engine).toBe('chromium');
  const told = service.log.map(({ event }) => event).filter((event) => String(event).startsWith('session.engine'));
  expect(told).toEqual(['session.engine_tried', 'session.engine_pinned']);
  await service.end('SIGTERM');

  const again = await place.start(null, settings);
  const { browser } = await again.reaches('shop', 'connected', 15_000);
  expect(browser?.engine).toBe('chromium');
});

test('a browser of root runs as another user and with its sandbox, or says plainly that it does not', async () => {
  const service = await place.start(simulator.browserWrapper);
  await linkSession(service, simulator, 'shop', '491511111111');
  const pid = (await service.session('shop')).browser?.pid ?? 0;
  const isOff = readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--no-sandbox');
  expect(service.log.some(({ event }) => event === 'client.sandbox_off')).toBe(isOff);
  if (isOff) return;
  expect(of(pid, 'Uid')).not.toBe(0);
  // 2: system calls are filtered.
  for (const renderer of renderersOf(pid)) expect(of(renderer, 'Seccomp')).toBe(2);
  await service.call('POST', '/api/sessions/shop/disconnect', {});
  await until('its processes are gone', 5000, () => livingIn(pid).length === 0);
});
