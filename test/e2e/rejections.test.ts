import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';

const VICTIMS = [
  { id: 'victim-1', phone: '4915100000071' },
  { id: 'victim-2', phone: '4915100000072' },
  { id: 'victim-3', phone: '4915100000073' },
] as const;
const OTHERS = [
  { id: 'quiet-1', phone: '4915100000074' },
  { id: 'quiet-2', phone: '4915100000075' },
] as const;

describe('B05 rejections that the library leaves unhandled', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;
  let undisturbed: (string | undefined)[];

  const sinceOfOthers = () =>
    Promise.all(
      OTHERS.map(async ({ id }) => `${(await service.session(id)).status} since ${(await service.session(id)).since}`),
    );

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper);
    for (const { id, phone } of [...VICTIMS, ...OTHERS]) await linkSession(service, simulator, id, phone);
    undisturbed = await sinceOfOthers();
  }, 180_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  const nothingElseHappened = async () => {
    expect((await service.call('GET', '/health')).status).toBe(200);
    expect(await sinceOfOthers()).toEqual(undisturbed);
    expect(service.log.filter(({ event }) => event === 'service.unhandled')).toEqual([]);
  };
  const everyVictim = (act: (victim: (typeof VICTIMS)[number]) => Promise<unknown>) => Promise.all(VICTIMS.map(act));

  test('navigations during the injection, in three sessions at once', async () => {
    for (let round = 0; round < 3; round += 1) {
      await everyVictim(({ phone }) => simulator.client.fault(phone, { kind: 'self-reload' }));
      await new Promise((resolve) => setTimeout(resolve, 300 + 250 * round));
      await everyVictim(({ phone }) => simulator.client.fault(phone, { kind: 'push-state', times: 5 }));
    }
    await everyVictim(({ id }) => service.reaches(id, 'connected', 60_000));
    await nothingElseHappened();
  }, 120_000);

  test('reloads while the network is down', async () => {
    for (const { phone } of VICTIMS) {
      // The reload meets a page that cannot be loaded: the order to reload goes out before the line is cut.
      await simulator.client.fault(phone, { kind: 'self-reload' });
      await simulator.client.fault(phone, { kind: 'network-down', forMs: 6000 });
    }
    await everyVictim(({ id }) => service.reaches(id, 'connected', 90_000));
    await nothingElseHappened();
  }, 120_000);

  test('sessions that are stopped while they start', async () => {
    await everyVictim(({ id }) => service.call('POST', `/api/sessions/${id}/disconnect`));
    for (const delayMs of [0, 150, 600, 1200]) {
      await everyVictim(({ id }) => service.call('POST', `/api/sessions/${id}/connect`));
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await everyVictim(({ id }) => service.call('POST', `/api/sessions/${id}/disconnect`));
      for (const { id } of VICTIMS) {
        expect(await service.session(id)).toMatchObject({ status: 'disconnected', browser: null });
      }
    }
    await everyVictim(({ id }) => service.call('POST', `/api/sessions/${id}/connect`));
    await everyVictim(({ id }) => service.reaches(id, 'connected', 60_000));
    await nothingElseHappened();
  }, 180_000);
});
