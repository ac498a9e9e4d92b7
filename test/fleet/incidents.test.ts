import { describe, expect, test } from '@jest/globals';
import type { Incident } from '../../src/domain/incident.js';
import { ClientError } from '../../src/domain/ports.js';
import type { FakeClient } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { aFleet } from './fleet-driver.js';

const DAY_MS = 24 * 60 * 60_000;
const ALL = { after: 0, limit: 100 };

const isDown = (browser: FakeClient) => {
  browser.startPlan = new ClientError('network_down', 'net::ERR_INTERNET_DISCONNECTED');
};

/** A running fleet with these sessions connected. */
async function running(...ids: string[]) {
  const made = aFleet({ maxConcurrentStarts: 99 });
  const { incidents, supervisor, connected, client, fleet, house } = made;
  incidents.start();
  await supervisor.start();
  for (const id of ids) await connected(id);
  return {
    ...made,
    crash: async (...crashing: string[]) => {
      for (const id of crashing) client(id).tell({ type: 'browser-exited' });
      await settled();
    },
    ready: async (...coming: string[]) => {
      for (const id of coming) client(id).ready();
      await settled();
    },
    items: () => fleet.incidents(ALL).items,
    told: () =>
      house.events.flatMap((event) =>
        event.type === 'incident' ? [`${event.change} ${event.incident.kind} ${event.incident.sessionIds}`] : [],
      ),
  };
}

const left = (house: ReturnType<typeof aFleet>['house'], change: Partial<Incident>): Incident => {
  const incident: Incident = {
    ...{ id: 'inc_old', kind: 'outage', key: 'browser_crashed', reason: 'browser_crashed' },
    ...{ openedAt: house.clock.now(), closedAt: null, sessionIds: ['a', 'b'], message: 'Several sessions were lost.' },
    ...change,
  };
  house.incidentStore.save(incident);
  return incident;
};

describe('browsers that die together', () => {
  test('are one incident, told, logged, stored and closed when all are back', async () => {
    const { crash, ready, items, told, house } = await running('a', 'b', 'c');
    await crash('a', 'b', 'c');
    expect(items()).toMatchObject([{ kind: 'outage', sessionIds: ['a', 'b', 'c'], closedAt: null }]);
    await house.clock.advance(2000);
    await ready('a', 'b', 'c');
    expect(told()).toEqual(['opened outage a,b', 'joined outage a,b,c', 'closed outage a,b,c']);
    expect(items()).toMatchObject([{ reason: 'browser_crashed', message: expect.stringContaining('all are back') }]);
    const lines = house.logger.lines.filter(({ event }) => event.startsWith('incident.'));
    const fields = { kind: 'outage', reason: 'browser_crashed', incidentId: items()[0]?.id };
    expect(lines).toMatchObject([
      { level: 'warn', event: 'incident.opened', fields: { ...fields, count: 2 } },
      { level: 'info', event: 'incident.closed', fields: { ...fields, count: 3, durationMs: 2000 } },
    ]);
  });

  test('stand in the timeline of each of them, with the incident', async () => {
    const { crash, items, fleet } = await running('a', 'b');
    await crash('a', 'b');
    for (const id of ['a', 'b']) {
      const entries = fleet.events(id, ALL).filter(({ event }) => event === 'incident.opened');
      expect(entries).toMatchObject([{ data: { incidentId: items()[0]?.id, kind: 'outage' } }]);
    }
  });

  test('are healed also when the database cannot write, and the incident is stored later', async () => {
    const { crash, ready, items, told, house, status } = await running('a', 'b');
    house.incidentStore.broken = true;
    await crash('a', 'b');
    expect(told()).toHaveLength(1);
    house.incidentStore.broken = false;
    await ready('a', 'b');
    expect(['a', 'b'].map(status)).toEqual(['connected ready', 'connected ready']);
    expect(items()).toMatchObject([{ sessionIds: ['a', 'b'], closedAt: expect.any(String) }]);
  });

  test('are no incident when the service is being stopped', async () => {
    const { supervisor, crash, items } = await running('a', 'b');
    const stopped = supervisor.stop();
    await crash('a', 'b');
    await stopped;
    expect(items()).toEqual([]);
  });
});

describe('sessions that are stopped, restarted or unlinked on purpose', () => {
  test('are no incident', async () => {
    const { fleet, client, items } = await running('a', 'b', 'c', 'd', 'e', 'f');
    for (const id of ['a', 'b']) await fleet.disconnect(id, { force: false });
    for (const id of ['c', 'd']) fleet.forceReconnect(id);
    for (const id of ['e', 'f']) client(id).tell({ type: 'logged-out' });
    await settled();
    expect(items()).toEqual([]);
  });
});

describe('a network that is down', () => {
  test('is one incident of its own, closed when the first session gets through', async () => {
    const { crash, ready, items, told, house } = await running('a', 'b', 'c');
    house.browsers.prepare = isDown;
    await crash('a', 'b', 'c');
    expect(items()).toMatchObject([{ kind: 'network_down', sessionIds: ['a', 'b', 'c'], closedAt: null }]);
    await house.clock.advance(60_000);
    house.browsers.prepare = () => {};
    await house.clock.advance(20_000);
    await ready(house.browsers.latest.spec.sessionId);
    expect(items()).toHaveLength(1);
    expect(items()[0]?.message).toMatch(
      /^WhatsApp cannot be reached from this server\. It can be reached again\. It lasted 1 min; 1 of 3 is back; 2 are on/,
    );
    expect(told().filter((line) => line.startsWith('opened'))).toHaveLength(1);
  });

  test('takes in whoever meets it later', async () => {
    const { crash, items, house, fleet } = await running('a');
    house.browsers.prepare = isDown;
    await crash('a');
    await fleet.create({ id: 'b' }, true);
    await settled();
    expect(items()).toMatchObject([{ kind: 'network_down', sessionIds: ['a', 'b'] }]);
  });

  test('is told of for each proxy by itself, and never names it', async () => {
    const { house, fleet, items } = await running('a');
    house.browsers.prepare = isDown;
    for (const id of ['x', 'y']) await fleet.create({ id, proxy: `http://user:geheim@${id}.example:8080` }, true);
    await settled();
    expect(items()).toMatchObject([{ sessionIds: ['y'] }, { sessionIds: ['x'] }]);
    const stored = house.incidentStore.list(ALL);
    const told = house.events.filter(({ type }) => type === 'incident');
    const logged = house.logger.lines.filter(({ event }) => event.startsWith('incident.'));
    expect(JSON.stringify([stored, items(), told, logged])).not.toMatch(/geheim|example/);
    expect(items()[0]).not.toHaveProperty('key');
  });

  test('does not stay open when all its sessions are stopped', async () => {
    const { crash, items, house, fleet } = await running('a', 'b');
    house.browsers.prepare = isDown;
    await crash('a', 'b');
    for (const id of ['a', 'b']) await fleet.disconnect(id, { force: false });
    expect(items()).toMatchObject([{ closedAt: expect.any(String), sessionIds: ['a', 'b'] }]);
  });
});

describe('after a restart of the service', () => {
  test('what was open is closed when its sessions are back, and not before', async () => {
    const { house, known, incidents, supervisor, client, fleet } = aFleet();
    // The process was killed: what is stored of them is what they were.
    for (const id of ['a', 'b']) known(id, { status: 'connected', stableAt: 0, stable: true });
    left(house, {});
    incidents.start();
    await supervisor.start();
    await settled();
    client('a').ready();
    await settled();
    expect(fleet.incidents({ ...ALL, open: true }).items).toHaveLength(1);
    client('b').ready();
    await settled();
    expect(fleet.incidents(ALL).items).toMatchObject([{ id: 'inc_old', message: expect.stringContaining('all are') }]);
  });

  test('what was open is closed though its sessions are gone and nothing happens any more', async () => {
    const { house, incidents, supervisor, fleet } = aFleet();
    left(house, {});
    incidents.start();
    await supervisor.start();
    await house.clock.advance(60_000);
    expect(fleet.incidents(ALL).items[0]?.message).toContain('2 were stopped or removed: a, b.');
  });

  test('a network that is still down is still the same incident', async () => {
    const { house, known, incidents, supervisor, fleet } = aFleet();
    for (const id of ['a', 'b']) known(id);
    left(house, { kind: 'network_down', key: 'direct', reason: 'network_down' });
    house.browsers.prepare = isDown;
    incidents.start();
    await supervisor.start();
    await house.clock.advance(60_000);
    expect(fleet.incidents(ALL).items).toMatchObject([{ id: 'inc_old', closedAt: null }]);
  });

  test('what cannot be read keeps no session from being restored', async () => {
    const { house, known, incidents, supervisor, launched } = aFleet();
    known('a');
    house.incidentStore.broken = true;
    incidents.start();
    await supervisor.start();
    await settled();
    expect(launched()).toEqual(['a']);
  });
});

describe('the list of incidents', () => {
  test('comes newest first in pages, and the open ones by themselves', () => {
    const { house, fleet } = aFleet();
    for (const n of [1, 2, 3]) left(house, { id: `inc_${n}`, closedAt: n === 2 ? null : 5_000 });
    const first = fleet.incidents({ after: 0, limit: 2 });
    expect(first).toMatchObject({ items: [{ id: 'inc_3' }, { id: 'inc_2' }], next: '2' });
    const second = fleet.incidents({ after: Number(first.next), limit: 2 });
    expect(second.items).toMatchObject([{ id: 'inc_1', closedAt: '1970-01-01T00:00:05.000Z' }]);
    expect(second).not.toHaveProperty('next');
    expect(fleet.incidents({ ...ALL, open: true }).items).toMatchObject([{ id: 'inc_2' }]);
  });

  test('loses once a day what was closed long ago', async () => {
    const { house, incidents, fleet } = aFleet();
    const { keepDays } = house.config.incidents;
    left(house, { id: 'inc_old', closedAt: house.clock.now() - keepDays * DAY_MS - 1 });
    left(house, { id: 'inc_recent', closedAt: house.clock.now() - (keepDays - 1) * DAY_MS });
    const ids = () => fleet.incidents(ALL).items.map(({ id }) => id);
    incidents.start();
    expect(ids()).toEqual(['inc_recent']);
    await house.clock.advance(3 * DAY_MS);
    expect(ids()).toEqual([]);
    incidents.stop();
    expect(house.clock.pending).toBe(0);
  });
});
