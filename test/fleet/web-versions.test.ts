import { describe, expect, test } from '@jest/globals';
import type { WebPageStore } from '../../src/domain/store-ports.js';
import { type Held, LIVE, versionFor } from '../../src/domain/version-guard.js';
import { WebVersions } from '../../src/fleet/web-versions.js';
import { settled } from '../support/fake-clock.js';
import { buildHouse, type House } from '../support/fake-house.js';
import { aFleet } from './fleet-driver.js';

const BAD = '2.3000.99';
const GOOD = '2.3000.42';
const HOUR_MS = 3_600_000;

/** Kept pages that are only names. */
class FakePageStore implements WebPageStore {
  readonly kept = new Map<string, string>();
  heldOn: Held | null = null;
  isBroken = false;
  versions = () => {
    if (this.isBroken) throw new Error('ENOSPC');
    return [...this.kept.keys()].toReversed();
  };
  placeOf = (version: string) => `${version}.html`;
  read = (version: string) => this.kept.get(version) ?? null;
  worked = (version: string, html: string | null) => {
    if (this.isBroken) throw new Error('ENOSPC');
    const isNew = html !== null && !this.kept.has(version);
    if (isNew) this.kept.set(version, html);
    return isNew;
  };
  forget = (version: string) => void this.kept.delete(version);
  held = () => this.heldOn;
  saveHeld = (held: Held | null) => {
    this.heldOn = held;
  };
}

/** Sessions that are connected on a good version; what WhatsApp serves from then on is up to the test. */
async function aGuardedFleet(ids: string[], change: { version?: string; store?: FakePageStore; house?: House } = {}) {
  const { house, supervisor, client, connected, fleet, launched, incidents } = aFleet({
    maxConcurrentStarts: 99,
    ...change,
  });
  const store = change.store ?? new FakePageStore();
  const versions = new WebVersions({
    settings: { version: change.version ?? null, failuresBeforeTrial: 2, retryAfterMs: 6 * HOUR_MS },
    store,
    incidents,
    clock: house.clock,
    logger: house.logger,
    actors: () => supervisor.actors,
  });
  house.bus.subscribe(versions.observe);
  const world = { served: GOOD, broken: new Set<string>(), outdated: new Set<string>() };
  /** What each session has loaded last. */
  const pages = new Map<string, string>();

  /** The browser of a session loads its page: kept or served, and becomes ready unless the version is broken. */
  const load = (id: string) => {
    const own = versions.pageFor(id);
    const version = own?.version ?? world.served;
    pages.set(id, version);
    const page = { version, kept: own !== null };
    versions.loaded(id, page);
    if (world.outdated.has(version)) {
      client(id).tell({ type: 'failed', reason: 'outdated', detail: 'DEPRECATED_VERSION' });
    } else if (!world.broken.has(version)) {
      versions.worked(id, page, own === null ? `<html>${version}</html>` : null);
      client(id).ready();
    }
  };
  incidents.start();
  versions.start();
  await supervisor.start();
  for (const id of ids) {
    await connected(id);
    load(id);
  }
  let made = launched().length;
  /** Browsers that were started since load their pages, until nothing more happens. */
  const run = async () => {
    await settled();
    for (; made < launched().length; await settled()) load(launched()[made++] ?? '');
  };
  return {
    house,
    store,
    versions,
    world,
    fleet,
    pages,
    run,
    async crash(...victims: string[]) {
      for (const id of victims) client(id).tell({ type: 'browser-exited' });
      await run();
    },
    async pass(ms: number) {
      for (let gone = 0; gone < ms; gone += 1000) {
        await house.clock.advance(1000);
        await run();
      }
    },
    status: (id: string) => fleet.get(id).status,
    incidents: () => fleet.incidents({ after: 0, limit: 10 }).items,
    events: () => house.logger.lines.map(({ event }) => event).filter((event) => event.startsWith('fleet.web_version')),
  };
}

describe('B13 a new version of WhatsApp Web that never gets ready', () => {
  test('is left by the whole fleet as soon as two sessions have failed on it', async () => {
    const { world, crash, pass, status, events, pages } = await aGuardedFleet(['a', 'b', 'c']);
    world.served = BAD;
    world.broken.add(BAD);
    await crash('a', 'b', 'c');
    await pass(100_000);
    expect(['a', 'b', 'c'].map(status)).toEqual(['connected', 'connected', 'connected']);
    expect([...pages.values()]).toEqual([GOOD, GOOD, GOOD]);
    expect(events()).toEqual(['fleet.web_version_suspected', 'fleet.web_version_held']);
  });

  test('is one incident until the fleet loads again what WhatsApp serves', async () => {
    const { world, crash, pass, house, incidents } = await aGuardedFleet(['a', 'b', 'c']);
    world.served = BAD;
    world.broken.add(BAD);
    await crash('a', 'b', 'c');
    await pass(100_000);
    expect(incidents()).toMatchObject([{ kind: 'web_version', sessionIds: ['a', 'b', 'c'], closedAt: null }]);
    expect(incidents()[0]?.message).toBe(
      `WhatsApp Web ${BAD} does not work; every session loads version ${GOOD} from now on.`,
    );
    world.served = '2.3000.100';
    await house.clock.advance(7 * HOUR_MS);
    await crash('b');
    expect(incidents()).toHaveLength(1);
    expect(incidents()[0]?.message).toContain('Sessions load again what WhatsApp serves: it works. It lasted 7 h;');
  });

  test('costs a number that is alone one load', async () => {
    const { world, crash, pass, status } = await aGuardedFleet(['a']);
    world.served = BAD;
    world.broken.add(BAD);
    await crash('a');
    await pass(100_000);
    expect(status('a')).toBe('connected');
  });

  test('is tried again hours later by whoever starts anyway, and kept when it works', async () => {
    const { world, crash, pass, house, pages, events, versions, status } = await aGuardedFleet(['a', 'b']);
    world.served = BAD;
    world.broken.add(BAD);
    await crash('a', 'b');
    await pass(100_000);
    await house.clock.advance(7 * HOUR_MS);
    await crash('a');
    expect([pages.get('a'), status('a')]).toEqual([GOOD, 'connected']);
    expect(events()).not.toContain('fleet.web_version_released');

    world.served = '2.3000.100';
    await house.clock.advance(7 * HOUR_MS);
    await crash('b');
    expect([pages.get('b'), status('b')]).toEqual(['2.3000.100', 'connected']);
    expect(events().at(-1)).toBe('fleet.web_version_released');
    expect(versions.pageFor('a')).toBeNull();
  });

  test('is remembered over a restart of the service', async () => {
    const first = await aGuardedFleet(['a', 'b']);
    first.world.served = BAD;
    first.world.broken.add(BAD);
    await first.crash('a', 'b');
    await first.pass(100_000);
    const house = { ...buildHouse(), incidentStore: first.house.incidentStore };
    const again = await aGuardedFleet(['a', 'b'], { store: first.store, house });
    expect(again.versions.pageFor('a')).toEqual({ version: GOOD, html: `<html>${GOOD}</html>` });
    expect(again.incidents()).toMatchObject([{ kind: 'web_version', closedAt: null }]);
  });
});

test('a version that WhatsApp calls too old is left for the one that it serves by now', async () => {
  const { world, run, status, fleet, pages, house } = await aGuardedFleet(['a', 'b']);
  world.served = '2.3000.43';
  world.outdated.add(GOOD);
  for (const client of [...house.browsers.clients]) {
    client.tell({ type: 'failed', reason: 'outdated', detail: 'DEPRECATED_VERSION' });
  }
  await run();
  expect(['a', 'b'].map((id) => [status(id), pages.get(id)])).toEqual([
    ['connected', '2.3000.43'],
    ['connected', '2.3000.43'],
  ]);
  expect(fleet.get('a').attempt).toBe(1);
});

test('one that is too old and the only one there is parks the session, and does not loop', async () => {
  const { world, crash, status, house } = await aGuardedFleet(['a']);
  world.outdated.add(GOOD);
  await crash('a');
  expect(status('a')).toBe('error');
  // The crash brought one browser, the second look another.
  expect(house.browsers.clients.length).toBe(3);
});

test('a kept page that WhatsApp calls too old is given up and forgotten', async () => {
  const { world, crash, pass, pages, store, status } = await aGuardedFleet(['a', 'b']);
  world.served = BAD;
  world.broken.add(BAD);
  await crash('a', 'b');
  await pass(100_000);
  world.served = '2.3000.100';
  world.outdated.add(GOOD);
  await crash('a');
  expect([pages.get('a'), status('a')]).toEqual(['2.3000.100', 'connected']);
  expect(store.versions()).not.toContain(GOOD);
});

test('B13 a pinned version is loaded whatever happens', async () => {
  const store = new FakePageStore();
  store.kept.set(GOOD, 'pinned');
  const { world, crash, pass, pages, events, versions } = await aGuardedFleet(['a', 'b'], { version: GOOD, store });
  expect(versions.pageFor('a')).toEqual({ version: GOOD, html: 'pinned' });
  world.broken.add(GOOD);
  await crash('a', 'b');
  await pass(200_000);
  expect([pages.get('a'), events()]).toEqual([GOOD, []]);
});

test('a disk that fails the guard keeps nobody from loading', async () => {
  const { store, crash, status, house } = await aGuardedFleet(['a']);
  store.isBroken = true;
  await crash('a');
  expect(status('a')).toBe('connected');
  expect(house.logger.lines.map(({ event }) => event)).toContain('fleet.web_page_failed');
});

test('the guard begins with what WhatsApp serves', () => {
  expect(versionFor(LIVE, 'a')).toBeNull();
});
