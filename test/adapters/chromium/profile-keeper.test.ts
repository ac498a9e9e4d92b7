import { chmod, mkdir, readdir, readlink, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { reapOrphans } from '../../../src/adapters/chromium/orphan-reaper.js';
import { isAlive } from '../../../src/adapters/chromium/process-tree.js';
import { pruneCaches } from '../../../src/adapters/chromium/profile-caches.js';
import { createProfileKeeper } from '../../../src/adapters/chromium/profile-keeper.js';
import { moveToQuarantine, pruneQuarantine } from '../../../src/adapters/chromium/quarantine.js';
import { createSystemClock } from '../../../src/adapters/clock.js';
import type { Clock } from '../../../src/domain/ports.js';
import { IDLE, quiet, Workshop } from './stand-in.js';

const clock = createSystemClock();

const workshop = new Workshop();
afterAll(() => workshop.clean());

let root: string;
let authDir: string;
beforeEach(async () => {
  root = await workshop.folder();
  authDir = join(root, 'auth');
});

const keeper = (over: { minFreeDiskMb?: number; clock?: Clock; hostname?: () => string } = {}) =>
  createProfileKeeper({
    authDir,
    quarantineDir: join(root, 'quarantine'),
    snapshotDir: join(root, 'snapshots'),
    minFreeDiskMb: 1,
    maxCacheMb: 1,
    terminateMs: 5_000,
    clock,
    hostname: () => 'web-1',
    ...over,
  });

describe('R08 the profile keeper', () => {
  test('refuses an id that could leave its folder', () => {
    for (const id of ['../x', 'a/b', '', '.', 'a'.repeat(65), 'ä']) expect(() => keeper().dir(id)).toThrow(RangeError);
    expect(keeper().dir('a-B_9')).toBe(join(authDir, 'session-a-B_9'));
  });

  test('lists the sessions that have a profile, none before there is a folder', async () => {
    expect(await keeper().list()).toEqual([]);
    await mkdir(join(authDir, 'session-sales'), { recursive: true });
    await mkdir(join(authDir, 'session-'));
    await mkdir(join(authDir, 'other'));
    await writeFile(join(authDir, 'session-file'), '');
    expect(await keeper().list()).toEqual(['sales']);
  });

  test('sees credentials only where WhatsApp Web has a database', async () => {
    const databases = join(authDir, 'session-sales', 'Default', 'IndexedDB');
    await mkdir(join(databases, 'https_example.com_0.indexeddb.leveldb'), { recursive: true });
    expect(await keeper().hasCredentials('sales')).toBe(false);
    await mkdir(join(databases, 'https_web.whatsapp.com_0.indexeddb.leveldb'));
    expect(await keeper().hasCredentials('sales')).toBe(true);
    expect(await keeper().hasCredentials('unknown')).toBe(false);
  });

  test('makes the profile for its owner only, also one that came back readable for all', async () => {
    await keeper().prepare('sales');
    await chmod(keeper().dir('sales'), 0o755);
    expect(await keeper().prepare('sales')).toEqual({ endedPids: [], removedLocks: false });
    expect((await stat(keeper().dir('sales'))).mode & 0o777).toBe(0o700);
    expect((await stat(authDir)).mode & 0o777).toBe(0o700);
  });

  test('ends a browser that was left behind and removes its lock', async () => {
    const dir = keeper().dir('sales');
    await mkdir(dir, { recursive: true });
    const { pid } = await workshop.browserOn(dir);
    await symlink(`web-1-${pid}`, join(dir, 'SingletonLock'));
    expect(await keeper().prepare('sales')).toEqual({ endedPids: [pid], removedLocks: true });
    expect(isAlive(pid)).toBe(false);
    expect(await readdir(dir)).toEqual(['wakeful-host']);
  });

  test('spares the program whose pid a stale lock names', async () => {
    const dir = keeper().dir('sales');
    await mkdir(dir, { recursive: true });
    const { pid } = await workshop.run(IDLE);
    await symlink(`web-1-${pid}`, join(dir, 'SingletonLock'));
    expect(await keeper().prepare('sales')).toEqual({ endedPids: [], removedLocks: true });
    expect(isAlive(pid)).toBe(true);
  });

  test('leaves the lock of another host alone and says who holds the profile', async () => {
    const dir = keeper().dir('sales');
    await mkdir(dir, { recursive: true });
    await symlink('web-2-4711', join(dir, 'SingletonLock'));
    await expect(keeper().prepare('sales')).rejects.toMatchObject({
      reason: 'profile_in_use',
      message: expect.stringContaining('web-2'),
    });
    expect(await readlink(join(dir, 'SingletonLock'))).toBe('web-2-4711');
  });

  test('removes the lock of the host that it ran on before, and from then on no other', async () => {
    const lock = join(keeper().dir('sales'), 'SingletonLock');
    await keeper({ hostname: () => 'box-1' }).prepare('sales');
    await symlink('box-1-42', lock);
    expect(await keeper({ hostname: () => 'box-2' }).prepare('sales')).toEqual({ endedPids: [], removedLocks: true });
    await symlink('box-1-42', lock);
    await expect(keeper({ hostname: () => 'box-2' }).prepare('sales')).rejects.toMatchObject({
      reason: 'profile_in_use',
    });
  });

  test('starts nothing on a full disk', async () => {
    await expect(keeper({ minFreeDiskMb: 1e12 }).prepare('sales')).rejects.toMatchObject({ reason: 'disk_full' });
  });
});

describe('R14 quarantine', () => {
  test('moves the profile with its content, ready to be moved back by hand', async () => {
    await keeper().prepare('sales');
    await writeFile(join(keeper().dir('sales'), 'kept'), 'yes');
    const place = await keeper().quarantine('sales');
    expect(place).toMatch(/quarantine\/sales-\d{8}T\d{9}Z$/);
    expect(await readdir(place ?? '')).toEqual(['kept', 'wakeful-host']);
    expect(await keeper().list()).toEqual([]);
  });

  test('has nothing to do for a session without profile', async () => {
    expect(await keeper().quarantine('sales')).toBeNull();
  });

  test('does not take the profile from under a browser', async () => {
    await keeper().prepare('sales');
    await workshop.browserOn(keeper().dir('sales'));
    await expect(keeper().quarantine('sales')).rejects.toMatchObject({ reason: 'profile_in_use' });
  });

  test('deletes only what is too old, and only what it put there', async () => {
    const quarantineDir = join(root, 'quarantine');
    const nowMs = Date.UTC(2030, 0, 10);
    for (const [id, day] of [
      ['old', 1],
      ['new', 9],
    ] as const) {
      await mkdir(join(root, id));
      await moveToQuarantine(join(root, id), quarantineDir, id, Date.UTC(2030, 0, day));
    }
    await mkdir(join(quarantineDir, 'mine'));
    const deleted = await pruneQuarantine(quarantineDir, 7 * 86_400_000, nowMs);
    expect(deleted).toEqual([join(quarantineDir, 'old-20300101T000000000Z')]);
    expect((await readdir(quarantineDir)).sort()).toEqual(['mine', 'new-20300109T000000000Z']);
  });
});

describe('B08 caches', () => {
  test('go, and the login stays', async () => {
    const files = [
      'Default/Cache/data',
      'Default/Code Cache/js/data',
      'Default/Service Worker/CacheStorage/data',
      'Default/Service Worker/Database/data',
      'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb/data',
      'Default/Local Storage/leveldb/data',
    ];
    for (const file of files) {
      await mkdir(join(root, file, '..'), { recursive: true });
      await writeFile(join(root, file), '0123456789');
    }
    expect(await pruneCaches(root, 30)).toBe(0);
    expect(await pruneCaches(root, 29)).toBe(30);
    expect((await readdir(join(root, 'Default'))).sort()).toEqual(['IndexedDB', 'Local Storage', 'Service Worker']);
    expect(await readdir(join(root, 'Default', 'Service Worker'))).toEqual(['Database']);
  });

  test('are looked at once a day, and not while the service starts', async () => {
    let now = clock.now();
    const profiles = keeper({ clock: { ...clock, now: () => now } });
    const cache = join(profiles.dir('sales'), 'Default', 'Cache', 'data');
    const fillAndPrepare = async () => {
      await mkdir(join(cache, '..'), { recursive: true });
      await writeFile(cache, Buffer.alloc(1024 * 1024 + 1));
      await profiles.prepare('sales');
      return stat(cache).then(
        () => 'kept',
        () => 'deleted',
      );
    };
    expect(await fillAndPrepare()).toBe('kept');
    now += 86_400_000;
    expect(await fillAndPrepare()).toBe('deleted');
    expect(await fillAndPrepare()).toBe('kept');
  });
});

describe('B04 reaping orphans', () => {
  test('ends browsers on profiles of this folder and no others', async () => {
    const sales = await workshop.browserOn(join(authDir, 'session-sales'));
    const others = [
      await workshop.browserOn(join(authDir, 'elsewhere')),
      await workshop.browserOn(join(`${authDir}2`, 'session-sales')),
      await workshop.browserOn(join(authDir, 'session-sales', 'deeper')),
    ];
    expect(await reapOrphans(authDir, { clock, terminateMs: 5_000, logger: quiet })).toEqual([
      { sessionId: 'sales', userDataDir: join(authDir, 'session-sales'), pids: [sales.pid] },
    ]);
    expect(isAlive(sales.pid)).toBe(false);
    expect(others.map(({ pid }) => isAlive(pid))).toEqual([true, true, true]);
  });

  test('spares one that another living program looks after', async () => {
    const { said } = await workshop.run(`
      const { spawn } = require('node:child_process');
      setInterval(() => {}, 1000);
      const browser = spawn(process.execPath, ['-e', ${JSON.stringify(IDLE)}, '--',
        '--user-data-dir=${join(authDir, 'session-sales')}'], { stdio: ['ignore', 'pipe', 'inherit'] });
      browser.stdout.once('data', () => console.log('up', browser.pid));
    `);
    expect(await reapOrphans(authDir, { clock, terminateMs: 5_000, logger: quiet })).toEqual([]);
    expect(isAlive(Number(said))).toBe(true);
  });
});
