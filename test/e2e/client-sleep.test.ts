import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { livingIn } from '../adapters/wwebjs/support/client-bench.js';
import { linkSession } from '../support/link.js';
import { Workplace } from '../support/service.js';
import { until } from '../support/until.js';

jest.setTimeout(90_000);

const PHONE = '491511111111';
const FRIEND = '491522222222';

let simulator: Simulator;
const place = new Workplace();
beforeAll(async () => {
  simulator = await startSimulator({ settings: { syncDelayMs: 200 } });
});
afterAll(async () => {
  await place.remove();
  await simulator.stop();
});

test('R11 a number that sleeps has no browser, is woken by a message, and reads what came meanwhile', async () => {
  const service = await place.start(simulator.browserWrapper, {
    parking: { afterIdleMs: 1500 },
    health: { stableAfterMs: 300, monitorIntervalMs: 300 },
  });
  await linkSession(service, simulator, 'shop', PHONE);
  const pid = (await service.session('shop')).browser?.pid ?? 0;
  await until('it sleeps', 15_000, async () => (await service.session('shop')).reason === 'asleep');
  expect(await service.session('shop')).toMatchObject({ status: 'idle', desired: 'running', userAction: 'none' });
  await until('its processes are gone', 5000, () => livingIn(pid).length === 0);

  await simulator.client.deliver(PHONE, { from: FRIEND, body: 'are you there?' });
  const message = { to: FRIEND, text: 'good morning' };
  const sent = await service.call('POST', '/api/sessions/shop/messages', message, { prefer: 'wait=20' });
  expect(sent).toMatchObject({ status: 200, body: { status: expect.stringMatching(/sent|delivered|read/) } });
  await until('what came meanwhile is read', 10_000, async () => {
    const { body } = await service.call<{ items: { body: string }[] }>(
      'GET',
      '/api/sessions/shop/messages?direction=received',
    );
    return body.items.some((item) => item.body === 'are you there?');
  });
  await until('it sleeps again', 15_000, async () => (await service.session('shop')).reason === 'asleep');
  const told = (await service.call<{ items: { event: string }[] }>('GET', '/api/sessions/shop/events?limit=100')).body;
  expect(told.items.filter(({ event }) => event === 'session.asleep')).toHaveLength(2);
  expect(told.items.filter(({ event }) => event === 'session.lost')).toEqual([]);
});
