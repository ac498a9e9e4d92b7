import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BUILD_AFTER, type Simulator, startSimulator } from '../../simulator/client.js';
import type { IncidentView } from '../../src/fleet/facade.js';
import { launchProfile } from '../support/launch-profile.js';
import { linkSession } from '../support/link.js';
import { leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONES = { a: '4915100000071', b: '4915100000072' };
const BROKEN = '2.3000.1099000000';
const NEXT = '2.3000.1100000000';
/** Shortened, so that a broken page is given up soon; full Chromium takes thrice as long to start as the headless shell. */
const START_MS = launchProfile().profile === 'full' ? 15_000 : 6000;
const SETTINGS = {
  deadlines: { launchMs: START_MS, readyMs: START_MS },
  backoff: { baseDelayMs: 500 },
  web: { retryAfterMs: 5000 },
};

describe('B13 WhatsApp ships a new version, in real browsers', () => {
  const place = new Workplace();
  const ids = Object.keys(PHONES);
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper, SETTINGS);
    for (const [id, phone] of Object.entries(PHONES)) await linkSession(service, simulator, id, phone);
  }, 90_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 120_000);

  const told = (event: string) => service.log.filter((line) => line.event === event);
  const versions = async () => Promise.all(ids.map(async (id) => (await service.session(id)).webVersion));
  const incidents = async () => {
    const { body } = await service.call<{ items: IncidentView[] }>('GET', '/api/incidents');
    return body.items.map((incident) => ({ ...incident, sessionIds: incident.sessionIds.toSorted() }));
  };
  const allConnected = async () => {
    for (const id of ids) await service.reaches(id, 'connected', 10 * START_MS);
  };
  const killBrowsers = async () => {
    for (const id of ids) process.kill((await service.session(id)).browser?.pid ?? 0, 'SIGKILL');
    for (const id of ids) await service.reaches(id, 'reconnecting');
  };

  test('the page of a version that works is kept', async () => {
    await until('it is kept', 5000, () => existsSync(join(place.dataDir, 'web-versions', `${BUILD_AFTER}.html`)));
  });

  test('one that never gets ready is left for the last that did, by all, without a QR code', async () => {
    await simulator.client.settings({ build: BROKEN, brokenBuilds: [BROKEN] });
    await killBrowsers();
    await allConnected();
    expect(await versions()).toEqual([BUILD_AFTER, BUILD_AFTER]);
    const judged = ['fleet.web_version_suspected', 'fleet.web_version_held', 'fleet.web_version_acquitted'];
    // One canary looks for all; the fleet moves when it has come through.
    expect(service.log.map(({ event }) => event).filter((event) => judged.includes(String(event)))).toEqual([
      'fleet.web_version_suspected',
      'fleet.web_version_held',
    ]);
    expect(told('fleet.web_version_suspected')).toMatchObject([{ on: BUILD_AFTER }]);
    expect(told('fleet.web_version_held')).toMatchObject([{ bad: BROKEN, on: BUILD_AFTER }]);
    expect(await incidents()).toMatchObject([{ kind: 'web_version', sessionIds: ids, closedAt: null }]);
    expect(told('session.qr_shown')).toHaveLength(ids.length);
    const sent = await service.call('POST', '/api/sessions/a/messages', { to: PHONES.b, text: 'on the kept page' });
    expect(sent.status).toBe(202);
    await until('it has arrived', 10_000, async () => (await simulator.client.sent(PHONES.a)).length === 1);
  }, 240_000);

  test('a page that reloads itself stays on the kept version', async () => {
    await simulator.client.fault(PHONES.a, { kind: 'self-reload' });
    await service.reaches('a', 'reconnecting');
    expect((await service.reaches('a', 'connected', 30_000)).webVersion).toBe(BUILD_AFTER);
  }, 120_000);

  test('after a restart of the service nobody has to fail again', async () => {
    await service.end('SIGTERM');
    service = await place.start(simulator.browserWrapper, { ...SETTINGS, web: { retryAfterMs: 3_600_000 } });
    await allConnected();
    expect(await versions()).toEqual([BUILD_AFTER, BUILD_AFTER]);
    expect(told('session.lost')).toEqual([]);
    expect(await incidents()).toMatchObject([{ kind: 'web_version', closedAt: null }]);
  }, 120_000);

  test('a kept version that WhatsApp calls too old is left for what it serves by now', async () => {
    await simulator.client.settings({ build: NEXT, brokenBuilds: [BROKEN], deprecatedBuilds: [BUILD_AFTER] });
    for (const id of ids) await simulator.client.fault(PHONES[id as 'a'], { kind: 'drop' });
    await until('both are on the next version', 60_000, async () => {
      return (await versions()).every((version) => version === NEXT);
    });
    await allConnected();
    expect(told('fleet.web_version_released')).toMatchObject([{ why: 'kept_outdated' }]);
    expect((await incidents()).filter(({ kind }) => kind === 'web_version')).toMatchObject([
      { closedAt: expect.any(String) },
    ]);
    expect(readdirSync(join(place.dataDir, 'web-versions'))).toEqual([`${NEXT}.html`]);
  }, 90_000);

  test('a pinned version is loaded instead of the one that is served', async () => {
    await simulator.client.settings({ build: BUILD_AFTER, deprecatedBuilds: [] });
    await service.end('SIGTERM');
    service = await place.start(simulator.browserWrapper, { web: { version: NEXT } });
    await allConnected();
    expect(await versions()).toEqual([NEXT, NEXT]);
  }, 120_000);

  test('a pinned version whose page is not there is refused, with the place where it belongs', async () => {
    await service.end('SIGTERM');
    const start = place.start(simulator.browserWrapper, { web: { version: BROKEN } });
    await expect(start).rejects.toThrow(`${BROKEN}.html is not there. Versions kept: ${NEXT}`);
  }, 120_000);
});
