import { existsSync, lstatSync, readlinkSync, symlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

describe('B04 R08 R10 kill -9 of the service', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper);
    await linkSession(service, simulator, 'one', '4915100000051');
    await linkSession(service, simulator, 'two', '4915100000052');
  }, 120_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  test('leaves nothing that harms the next start: no orphan, no QR code, no stale lock', async () => {
    const before = browsersUnder(place.authDir).map(({ pid }) => pid);
    expect(before).toHaveLength(2);
    await service.end('SIGKILL');

    service = await place.start(simulator.browserWrapper);
    await Promise.all([service.reaches('one', 'connected'), service.reaches('two', 'connected')]);
    const after = browsersUnder(place.authDir).map(({ pid }) => pid);
    expect(after).toHaveLength(2);
    expect(after.filter((pid) => before.includes(pid))).toEqual([]);
    expect(service.log.filter(({ event }) => event === 'session.qr_shown')).toEqual([]);
    expect(service.log.filter(({ reason }) => reason === 'profile_in_use' || reason === 'launch_failed')).toEqual([]);
  }, 90_000);

  test('a stopped browser that outlived it is ended, and a lock whose owner is dead is removed', async () => {
    const stopped = browsersUnder(place.authDir).map(({ pid }) => pid);
    for (const pid of stopped) process.kill(pid, 'SIGSTOP');
    await service.end('SIGKILL');
    // A stopped browser does not notice that its master is gone: it and its lock are still there.
    expect(
      browsersUnder(place.authDir)
        .map(({ pid }) => pid)
        .sort(),
    ).toEqual([...stopped].sort());
    // Full Chromium leaves this lock, the headless shell does not: made by hand it is there with both.
    const lock = join(place.authDir, 'session-one', 'SingletonLock');
    const deadPid = 2 ** 22 - 1;
    if (!lstatSync(lock, { throwIfNoEntry: false })) symlinkSync(`${hostname()}-${deadPid}`, lock);
    const staleOwner = readlinkSync(lock);

    service = await place.start(simulator.browserWrapper);
    await Promise.all([service.reaches('one', 'connected'), service.reaches('two', 'connected')]);
    await until('the stopped browsers are gone', 20_000, () =>
      browsersUnder(place.authDir).every(({ pid }) => !stopped.includes(pid)),
    );
    expect(browsersUnder(place.authDir)).toHaveLength(2);
    expect(service.log.filter(({ event }) => event === 'session.qr_shown')).toEqual([]);
    // Only the one that a new browser made may be there now.
    expect(lstatSync(lock, { throwIfNoEntry: false }) && readlinkSync(lock)).not.toBe(staleOwner);
    expect(service.log).toContainEqual(
      expect.objectContaining({ event: 'session.profile_prepared', sessionId: 'one', removedLocks: true }),
    );
  }, 90_000);

  test('a second service on the same data folder is refused in plain words', async () => {
    await expect(place.start(simulator.browserWrapper)).rejects.toThrow(/another Wakeful \(pid \d+\) is running/);
    expect(existsSync(join(place.dataDir, 'wakeful.lock'))).toBe(true);
    expect((await service.session('one')).status).toBe('connected');
  }, 60_000);
});
