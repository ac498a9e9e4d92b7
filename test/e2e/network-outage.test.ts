import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const NUMBERS = [
  { id: 'one', phone: '4915100000091' },
  { id: 'two', phone: '4915100000092' },
  { id: 'three', phone: '4915100000093' },
] as const;
/** Short waits, so that minutes of an outage pass in seconds; the ratios between them stay. */
const QUICK = {
  backoff: { networkDelayMs: 2000, returnSpreadMs: 1000, baseDelayMs: 500 },
  deadlines: { socketGraceMs: 2000, socketReconnectMs: 9500 },
};

describe('B02 R20 the network goes away for a while', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper, QUICK);
    for (const { id, phone } of NUMBERS) await linkSession(service, simulator, id, phone);
  }, 120_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  const everyNumber = <T>(ask: (id: string) => Promise<T>) => Promise.all(NUMBERS.map(({ id }) => ask(id)));

  test('no browser is touched, no attempt is spent, and all come back by themselves', async () => {
    const pids = browsersUnder(place.authDir).map(({ pid }) => pid);
    await simulator.client.fault('*', { kind: 'network-down' });
    await until('the outage is known', 40_000, async () =>
      (await everyNumber((id) => service.session(id))).some(({ reason }) => reason === 'network_down'),
    );
    const accepted = await service.call<{ id: string }>('POST', '/api/sessions/one/messages', {
      to: '4917600000001',
      text: 'Written during the outage',
    });
    expect(accepted.status).toBe(202);
    await new Promise((resolve) => setTimeout(resolve, 10_000));
    for (const view of await everyNumber((id) => service.session(id))) {
      expect(view).toMatchObject({ status: 'reconnecting', attempt: 0, userAction: 'none' });
    }
    await simulator.client.clearFaults('*');
    const clearedAt = Date.now();
    await everyNumber((id) => service.reaches(id, 'connected', 30_000));
    expect(Date.now() - clearedAt).toBeLessThan(20_000);
    expect(browsersUnder(place.authDir).map(({ pid }) => pid)).toEqual(pids);
    await until(
      'the message has arrived',
      20_000,
      async () => (await simulator.client.sent(NUMBERS[0].phone)).length > 0,
    );
    expect((await simulator.client.duplicates()).sameBody).toBe(0);
  }, 120_000);

  test('browsers that die meanwhile wait for one canary, and return when it comes through', async () => {
    await simulator.client.fault('*', { kind: 'network-down' });
    for (const { pid } of browsersUnder(place.authDir)) process.kill(pid, 'SIGKILL');
    await until('the gate is closed', 40_000, () =>
      service.log.some(({ event, sessions }) => event === 'fleet.network_down' && sessions === NUMBERS.length),
    );
    // Those that were on their way when the gate closed find the same; after that one canary alone looks.
    await until('all have found it', 40_000, async () =>
      (await everyNumber((id) => service.session(id))).every(({ reason }) => reason === 'network_down'),
    );
    const launches = () => service.log.filter(({ event }) => event === 'client.launched');
    const before = launches().length;
    await new Promise((resolve) => setTimeout(resolve, 6000));
    const canaries = launches()
      .slice(before)
      .map(({ sessionId }) => sessionId);
    expect(new Set(canaries).size).toBe(1);
    const views = await everyNumber((id) => service.session(id));
    expect(Math.max(...views.map(({ attempt }) => attempt))).toBeLessThanOrEqual(1);

    await simulator.client.clearFaults('*');
    await everyNumber((id) => service.reaches(id, 'connected', 40_000));
    expect(service.log.some(({ event }) => event === 'fleet.network_up')).toBe(true);
    expect(service.log.filter(({ event }) => event === 'session.qr_shown')).toHaveLength(NUMBERS.length);
  }, 120_000);
});
