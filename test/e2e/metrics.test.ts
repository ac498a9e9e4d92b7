import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { figure } from '../support/fake-meters.js';
import { linkSession } from '../support/link.js';
import { leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000057';

describe('R28 figures and keys of a service with a real browser', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper);
    await linkSession(service, simulator, 'shop', PHONE);
  }, 90_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  const read = async (name: string) => {
    const { body } = await service.call<Buffer>('GET', '/metrics');
    return figure(body.toString(), name);
  };

  test('tell that the session is up, what its browser takes, and of its loss and return', async () => {
    expect(await read('wakeful_session_up{session="shop"}')).toBe(1);
    await until('its memory is measured', 10_000, () => read('wakeful_browser_memory_bytes{session="shop"}'));
    const { browser } = await service.session('shop');
    process.kill(browser?.pid ?? 0, 'SIGKILL');
    const recoveries = 'wakeful_recoveries_total{rung="relaunch",reason="browser_crashed"}';
    expect(await until('it is healed', 30_000, () => read(recoveries))).toBe(1);
    expect(await read('wakeful_losses_total{reason="browser_crashed"}')).toBe(1);
    expect(await read('wakeful_time_to_recover_seconds_sum')).toBeGreaterThan(0);
    expect(await read('wakeful_session_up{session="shop"}')).toBe(1);
  }, 60_000);

  test('stay closed to a key of another session, and what was done is known', async () => {
    const key = { name: 'till', role: 'operator', sessionIds: ['other'] };
    const { body } = await service.call<{ secret: string }>('POST', '/api/keys', key);
    const headers = { authorization: `Bearer ${body.secret}` };
    const statusOf = async (path: string) => (await service.call('GET', path, undefined, headers)).status;
    expect(await Promise.all(['/metrics', '/api/sessions/shop', '/api/sessions'].map(statusOf))).toEqual([
      403, 404, 200,
    ]);
    const { body: audit } = await service.call<{ items: { action: string }[] }>('GET', '/api/audit');
    expect(audit.items.map(({ action }) => action)).toEqual(['POST /api/keys', 'POST /api/sessions']);
  }, 30_000);
});
