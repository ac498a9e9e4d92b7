import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import type { IncidentView } from '../../src/fleet/facade.js';
import { linkSession } from '../support/link.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const NUMBERS = [
  { id: 'one', phone: '4915100000111' },
  { id: 'two', phone: '4915100000112' },
  { id: 'three', phone: '4915100000113' },
] as const;
const IDS = NUMBERS.map(({ id }) => id).sort();
/** Short waits, so that minutes of an outage pass in seconds; and incidents that end are not taken up again. */
const QUICK = {
  backoff: { networkDelayMs: 2000, returnSpreadMs: 1000, baseDelayMs: 500 },
  deadlines: { socketGraceMs: 2000, socketReconnectMs: 9500 },
  incidents: { windowMs: 5000 },
};

describe('B11 one outage of many sessions is one incident', () => {
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

  const incidents = async (query = '') =>
    (await service.call<{ items: IncidentView[] }>('GET', `/api/incidents${query}`)).body.items;
  const allConnected = () => Promise.all(NUMBERS.map(({ id }) => service.reaches(id, 'connected', 40_000)));
  const logged = (name: string) => service.log.filter(({ event }) => event === name);

  test('linking and starting sessions is none', async () => {
    expect(await incidents()).toEqual([]);
  });

  test('all browsers die at once', async () => {
    for (const { pid } of browsersUnder(place.authDir)) process.kill(pid, 'SIGKILL');
    const [open] = await until('the incident is open', 10_000, async () => {
      const items = await incidents('?open=true');
      return items.some(({ sessionIds }) => sessionIds.length === IDS.length) && items;
    });
    expect(open).toMatchObject({ kind: 'outage', reason: 'browser_crashed', closedAt: null });
    await allConnected();
    const items = await incidents();
    expect(items).toHaveLength(1);
    expect(items[0]?.sessionIds.toSorted()).toEqual(IDS);
    expect(items[0]).toMatchObject({ id: open?.id, message: expect.stringContaining('all are back') });
    expect(await incidents('?open=true')).toEqual([]);
    expect(logged('incident.opened')).toHaveLength(1);
    await until('it is written down', 1_000, () => logged('incident.closed').length > 0);
    expect(logged('incident.closed')).toMatchObject([{ count: 3, incidentId: open?.id }]);
  }, 60_000);

  test('the network goes away and comes back', async () => {
    await simulator.client.fault('*', { kind: 'network-down' });
    const [open] = await until('the incident is known for what it is', 40_000, async () => {
      const items = await incidents('?open=true');
      return items.some(({ kind }) => kind === 'network_down') && items;
    });
    await new Promise((resolve) => setTimeout(resolve, 6000));
    expect((await incidents('?open=true')).map(({ kind, id }) => [kind, id])).toEqual([['network_down', open?.id]]);
    await simulator.client.clearFaults('*');
    await allConnected();
    const [network, browsers, ...others] = await incidents();
    expect(network).toMatchObject({ id: open?.id, kind: 'network_down', closedAt: expect.any(String) });
    expect(network?.sessionIds.toSorted()).toEqual(IDS);
    expect([browsers?.reason, ...others]).toEqual(['browser_crashed']);
    await until('it is written down', 1_000, () => logged('incident.closed').length > 1);
    expect(logged('incident.opened')).toHaveLength(2);
    expect(logged('incident.closed')).toHaveLength(2);
  }, 120_000);
});
