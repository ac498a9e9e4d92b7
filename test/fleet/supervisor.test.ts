import { describe, expect, test } from '@jest/globals';
import type { SessionRecord } from '../../src/domain/store-ports.js';
import { newRecord } from '../../src/fleet/supervisor.js';
import { HEALTHY } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { anIncoming } from '../support/fake-whatsapp.js';
import { aFleet } from './fleet-driver.js';

describe('the start of the service', () => {
  test('restores the sessions that should run, whatever their status was', async () => {
    const { supervisor, known, launched } = aFleet({ maxConcurrentStarts: 99 });
    known('was-connected', { status: 'connected', stableAt: 0, stable: true });
    known('was-waiting', { status: 'reconnecting', step: 'waiting', dueAt: 9e15 });
    known('was-suspended', { status: 'suspended', until: null });
    known('gave-up', { status: 'error', reason: 'init_timeout' });
    await supervisor.start();
    await settled();
    expect(launched().toSorted()).toEqual(['gave-up', 'was-connected', 'was-suspended', 'was-waiting']);
    expect(supervisor.isRunning).toBe(true);
  });

  test('leaves alone what the operator stopped and what was logged out', async () => {
    const { supervisor, known, launched, status } = aFleet();
    known('stopped', { status: 'disconnected', reason: 'stopped_by_operator', desired: 'stopped' });
    known('killed-while-stopping', { status: 'connected', stableAt: 0, stable: true, desired: 'stopped' });
    known('logged-out', { status: 'disconnected', reason: 'logged_out', desired: 'running' });
    await supervisor.start();
    await settled();
    expect(launched()).toEqual([]);
    expect(status('stopped')).toBe('disconnected stopped_by_operator');
    expect(status('killed-while-stopping')).toBe('disconnected stopped_by_operator');
    expect(status('logged-out')).toBe('disconnected logged_out');
  });

  test('starts no browser for a number that has no login, and says that a scan is needed', async () => {
    const { supervisor, fleet, known, launched } = aFleet();
    known('never-linked', { status: 'connecting', stage: 'launching', deadlineAt: null, linked: false });
    known('without-profile', {}, false);
    await supervisor.start();
    await settled();
    expect(launched()).toEqual([]);
    for (const id of ['never-linked', 'without-profile']) {
      expect(fleet.get(id)).toMatchObject({ status: 'disconnected', reason: 'not_linked', userAction: 'scan_qr' });
    }
  });

  test('notes when a session was last seen, since nobody noted how it was lost', async () => {
    const { supervisor, house, known } = aFleet();
    known('checked', { status: 'connected', stableAt: 0, stable: true, since: 5 });
    known('unchecked', { status: 'connected', stableAt: 0, stable: true, since: 5 });
    const [{ facts }] = house.sessions.all() as [SessionRecord];
    house.sessions.saveFacts(new Map([['checked', { ...facts, lastConnectionCheckAt: 7 }]]));
    await supervisor.start();
    const seenAt = (id: string) =>
      house.timeline.list(id, { after: 0, limit: 9, events: ['session.starting'] }).map(({ data }) => data.lastSeenAt);
    expect([seenAt('checked'), seenAt('unchecked')]).toEqual([[7], [5]]);
  });

  test('adopts profiles that no record knows, if they hold a login', async () => {
    const { supervisor, house, launched, fleet } = aFleet();
    house.profiles.folders.set('from-elsewhere', true).set('empty', false);
    await supervisor.start();
    await settled();
    expect(launched()).toEqual(['from-elsewhere']);
    expect(fleet.list().map(({ id }) => id)).toEqual(['from-elsewhere']);
    expect(house.sessions.all()).toHaveLength(1);
  });

  test('starts as many browsers at a time as it may, those used last first', async () => {
    const { supervisor, house, known, launched, client } = aFleet({ maxConcurrentStarts: 2 });
    house.browsers.prepare = (made) => {
      made.startPlan = 'hangs';
    };
    for (const id of ['a', 'b', 'c', 'd']) {
      known(id);
      await house.clock.advance(1000);
    }
    await supervisor.start();
    await settled();
    expect(launched()).toEqual(['d', 'c']);
    client('c').letGo();
    await settled();
    expect(launched()).toEqual(['d', 'c', 'b']);
  });

  test('tells how far it is, in the log and in the figures, until everybody has come to an end once', async () => {
    const { supervisor, house, known, fleet, client, launched } = aFleet({ maxConcurrentStarts: 1 });
    for (const id of ['a', 'b', 'c', 'd']) known(id);
    known('stopped', { status: 'disconnected', reason: 'stopped_by_operator', desired: 'stopped' });
    const told = () =>
      house.logger.lines.filter(({ event }) => event === 'fleet.restoring').map(({ message }) => message);
    await supervisor.start();
    await house.clock.advance(1000);
    expect(fleet.stats().restoring).toEqual({
      ...{ connected: 0, of: 4, remainingSeconds: null, message: '0 of 4 connected' },
    });
    for (const id of launched()) client(id).ready();
    await house.clock.advance(9000);
    expect(told()).toEqual(['Restoring 5 sessions', 'Restoring: 4 of 4 connected']);
    expect(fleet.stats().restoring).toBeNull();
    client('a').tell({ type: 'browser-exited' });
    await house.clock.advance(1);
    expect(fleet.get('a').status).toBe('reconnecting');
    expect(fleet.stats().restoring).toBeNull();
    await house.clock.advance(60_000);
    expect(told()).toHaveLength(2);
  });

  test('is not ready before every session that should run was started, nor after the end has begun', async () => {
    const { supervisor, fleet, known } = aFleet();
    known('a');
    expect(fleet.isReady()).toBe(false);
    const started = supervisor.start();
    expect(fleet.isReady()).toBe(false);
    await started;
    expect(fleet.isReady()).toBe(true);
    const stopped = supervisor.stop();
    expect(fleet.isReady()).toBe(false);
    await stopped;
    expect(fleet.isReady()).toBe(false);
  });

  test('starts nothing more when the end comes in its midst', async () => {
    const { supervisor, house, known, fleet, launched } = aFleet();
    known('a');
    house.profiles.folders.set('from-elsewhere', true);
    house.profiles.beforeList = () => supervisor.stop();
    await supervisor.start();
    await house.clock.advance(600_000);
    expect(launched()).toEqual([]);
    expect(fleet.isReady()).toBe(false);
    expect(house.clock.pending).toBe(0);
  });
});

describe('the monitor', () => {
  test('R05 looks every 60 s, by default, for what should run and does not', async () => {
    const { supervisor, house, launched } = aFleet();
    await supervisor.start();
    // Wanted online, and nobody has started it.
    const nobodyStarted = (id: string) => supervisor.add(newRecord(id, house.clock.now(), { linked: true }));
    nobodyStarted('a');
    await house.clock.advance(59_999);
    expect(launched()).toEqual([]);
    await house.clock.advance(1);
    expect(launched()).toEqual(['a']);
    nobodyStarted('b');
    await house.clock.advance(59_999);
    expect(launched()).toEqual(['a']);
    await house.clock.advance(1);
    expect(launched()).toEqual(['a', 'b']);
  });

  test('revives what rests although it should run, and leaves the others alone', async () => {
    const { supervisor, house, known, client, status, launched } = aFleet();
    for (const id of ['full', 'stopped']) known(id);
    await supervisor.start();
    await settled();
    client('full').tell({ type: 'failed', reason: 'disk_full', detail: '12 MB' });
    supervisor.actors.get('stopped')?.dispatch({ type: 'stop', force: false });
    await settled();
    expect(status('full')).toBe('error disk_full');
    await house.clock.advance(5 * 60_000 + 60_000);
    expect(launched().filter((id) => id === 'full')).toHaveLength(2);
    expect(launched().filter((id) => id === 'stopped')).toHaveLength(1);
  });

  test('never adds a second attempt to one that is due or under way', async () => {
    const { supervisor, house, known, launched, status } = aFleet();
    house.browsers.prepare = (made) => {
      made.startPlan = 'hangs';
    };
    known('a');
    await supervisor.start();
    await house.clock.advance(61_000);
    expect(launched()).toEqual(['a']);
    await house.clock.advance(75_000);
    expect(status('a')).toBe('reconnecting init_timeout');
    expect(house.browsers.breaches).toEqual([]);
  });

  test('stores once a minute when each was last looked at and last active, so that a kill loses none of it', async () => {
    const { supervisor, house, connected, client } = aFleet();
    await supervisor.start();
    const busy = await connected('busy');
    await connected('idle');
    await house.clock.advance(90_000);
    busy.spec.onMessage(anIncoming('one', house.clock.now()));
    const receivedAt = house.clock.now();
    await house.clock.advance(60_000);
    const stored = new Map(house.sessions.all().map(({ id, facts }) => [id, facts]));
    expect(stored.get('busy')).toMatchObject({ lastActivityAt: receivedAt });
    for (const id of ['busy', 'idle']) {
      expect(stored.get(id)?.lastConnectionCheckAt).toBeGreaterThan(house.clock.now() - 60_000);
    }
    await house.clock.advance(20_000);
    house.sessions.broken = true;
    // From here on nothing of them changes any more.
    for (const id of ['busy', 'idle']) client(id).nextProbe = () => new Promise(() => {});
    await house.clock.advance(180_000);
    const trouble = house.logger.lines.filter(({ message }) => message.startsWith('When sessions were last checked'));
    expect(trouble).toHaveLength(1);
    house.sessions.broken = false;
    await house.clock.advance(60_000);
    const facts = house.sessions.all().find(({ id }) => id === 'idle')?.facts;
    expect(facts).toEqual(supervisor.actors.get('idle')?.record.facts);
  });

  test('forgets received messages that are too old, once a day', async () => {
    const { supervisor, house, connected } = aFleet();
    await supervisor.start();
    const { spec } = await connected('a');
    spec.onMessage(anIncoming('m', 0));
    expect(house.inbox.list('a', { after: 0, limit: 9 })).toHaveLength(1);
    supervisor.actors.get('a')?.dispatch({ type: 'stop', force: false });
    await house.clock.advance(32 * 24 * 3_600_000);
    expect(house.inbox.list('a', { after: 0, limit: 9 })).toEqual([]);
  });

  test('notes what each browser takes for a day, and when there was none', async () => {
    const { supervisor, house, machine, fleet, connected } = aFleet();
    const minutes = () => fleet.memory('a').map(({ at, bytes }) => [Math.round(at / 60_000), bytes]);
    await supervisor.start();
    const start = Math.round(house.clock.now() / 60_000);
    await connected('a');
    machine.browserBytes.set('a', 7);
    await house.clock.advance(2 * 60_000);
    machine.browserBytes.set('a', 0);
    await house.clock.advance(60_000);
    await fleet.disconnect('a', { force: false });
    await house.clock.advance(2 * 60_000);
    expect(minutes()).toEqual([
      [start + 1, 7],
      [start + 2, 7],
      [start + 4, null],
    ]);
    await house.clock.advance(24 * 3_600_000);
    fleet.connect('a');
    await house.clock.advance(60_000);
    expect(fleet.memory('a').filter(({ bytes }) => bytes === 7)).toEqual([]);
    await fleet.remove('a');
    expect(supervisor.memory.of('a')).toEqual([]);
  });

  test('goes on after a round in which the database was broken', async () => {
    const { supervisor, house } = aFleet();
    await supervisor.start();
    house.inbox.broken = true;
    await house.clock.advance(25 * 3_600_000);
    expect(house.clock.pending).toBe(1);
    expect(house.logger.lines.some(({ level }) => level === 'error')).toBe(true);
  });
});

describe('B03 a probe that never comes back', () => {
  test('keeps no other session from being looked at, nor from being healed', async () => {
    const { supervisor, house, fleet, connected, launched } = aFleet();
    await supervisor.start();
    const [stuck, well, hung] = [await connected('stuck'), await connected('well'), await connected('hung')];
    stuck.nextProbe = () => new Promise(() => {});
    const probes = ({ calls }: typeof well) => calls.filter((call) => call === 'probe').length;
    await house.clock.advance(60_000);
    expect(probes(stuck)).toBe(1);
    expect(fleet.get('stuck').health.verdict).toBe('unknown');
    expect(probes(well)).toBeGreaterThanOrEqual(3);
    expect(fleet.get('well').health.verdict).toBe('healthy');

    hung.nextProbe = () => ({ ...HEALTHY, pageAnswered: false, browserAnswered: false });
    await house.clock.advance(30_000);
    expect(launched()).toEqual(['stuck', 'well', 'hung', 'hung']);
    expect(fleet.get('hung')).toMatchObject({ status: 'reconnecting', reason: 'browser_hung' });
  });
});
