import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';

const PHONE = '4915100000081';
const place = new Workplace();
let simulator: Simulator;
let service: TestService;

beforeAll(async () => {
  // The page itself would notice after two of these.
  simulator = await startSimulator({ settings: { keepAliveMs: 3_600_000 } });
  service = await place.start(simulator.browserWrapper, { keepAlive: { intervalMs: 2000 } });
  await linkSession(service, simulator, 'shop', PHONE);
}, 90_000);
afterAll(async () => {
  await place.remove();
  await simulator.stop();
  expect(leftoversOf(place.folder)).toEqual([]);
}, 60_000);

test('B01 R22 R23 a line that carries nothing any more is found, though the page believes in it, and comes back with the network', async () => {
  await new Promise((resolve) => setTimeout(resolve, 6000));
  expect((await service.session('shop')).status).toBe('connected');
  const { browser } = await service.session('shop');
  await simulator.client.fault(PHONE, { kind: 'black-hole' });
  const struckAt = Date.now();
  const { reason } = await service.reaches('shop', 'reconnecting', 40_000);
  expect(['socket_lost', 'network_down']).toContain(reason);
  expect(Date.now() - struckAt).toBeLessThan(30_000);
  await simulator.client.clearFaults();
  await service.reaches('shop', 'connected', 60_000);
  expect(service.log.filter(({ event }) => event === 'session.qr_shown')).toHaveLength(1);
  // The cheapest rung was enough: the page opened another line, in the same browser.
  const rungs = (event: string) =>
    service.log.filter((line) => line.event === event && 'rung' in line).map(({ rung }) => rung);
  expect(rungs('session.healing')).toContain('socket');
  expect([...rungs('session.healing'), ...rungs('session.connected')]).not.toContain('reload');
  expect(rungs('session.connected')).toHaveLength(1);
  expect((await service.session('shop')).browser?.pid).toBe(browser?.pid);
}, 150_000);
