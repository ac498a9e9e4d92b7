import { createHash } from 'node:crypto';
import { readlinkSync, utimesSync } from 'node:fs';
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTime } from '../../src/adapters/chromium/process-tree.js';
import { acquireDataFolder } from '../../src/adapters/data-folder-lock.js';
import type { LockOwner } from '../../src/domain/lock-owner.js';
import type { Clock } from '../../src/domain/ports.js';
import { FakeClock } from '../support/fake-clock.js';
import { IDLE, Workshop } from './chromium/stand-in.js';

const workshop = new Workshop();
afterAll(() => workshop.clean());

let dir: string;
let file: string;
let clock: FakeClock;
let told: string[];
let onTold: () => void;
beforeEach(async () => {
  dir = join(await workshop.folder(), 'data');
  file = join(dir, 'wakeful.lock');
  clock = new FakeClock();
  told = [];
  onTold = () => {};
});

const acquire = (over: { clock?: Clock; silentOwner?: LockOwner } = {}) =>
  acquireDataFolder(dir, {
    setting: 'WAKEFUL_DATA_DIR',
    clock,
    ...over,
    tell: (words) => {
      told.push(words);
      onTold();
    },
  });
const lockInPlace = () => readFile(file, 'utf8');

/** The lock as we write it, with another owner in it. */
async function lockOf(over: Partial<LockOwner>): Promise<LockOwner> {
  const lock = await acquire();
  const owner = { ...(JSON.parse(await lockInPlace()) as LockOwner), ...over };
  await lock.release();
  await writeFile(file, JSON.stringify(owner));
  return owner;
}
const pidsHere = { pidNamespace: readlinkSync('/proc/self/ns/pid') };
const inAnotherBox = { pid: 1, startTime: 50, host: 'box-1', pidNamespace: 'pid:[4026530001]' };

/** Begins to take a folder whose owner must be watched; resolves with the attempt when the watch has begun. */
async function beginWatch(schedule: Clock['schedule'] = (delayMs, run) => clock.schedule(delayMs, run)) {
  const begun = nextWords();
  const taking = acquire({ clock: { now: () => clock.now(), schedule } });
  // Its end is looked at later.
  taking.catch(() => {});
  await begun;
  return { taking };
}
const nextWords = () =>
  new Promise<void>((resolve) => {
    onTold = resolve;
  });

describe('the lock of the data folder', () => {
  test('makes the folder, is for its owner only, and leaves nothing when released', async () => {
    const lock = await acquire();
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect(await readdir(dir)).toEqual(['wakeful.lock']);
    await lock.release();
    await lock.release();
    expect(await readdir(dir)).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  test('refuses while a living process holds it and names that one', async () => {
    const { pid } = await workshop.run(IDLE);
    await lockOf({ pid, startTime: startTime(pid) });
    await expect(acquire()).rejects.toThrow(
      `another Wakeful (pid ${pid}) is running on ${dir}; stop it or set WAKEFUL_DATA_DIR`,
    );
    expect(await readdir(dir)).toEqual(['wakeful.lock']);
  });

  test('refuses while its process is stopped, however long it gave no heartbeat', async () => {
    const { pid } = await workshop.run(IDLE);
    process.kill(pid, 'SIGSTOP');
    await lockOf({ pid, startTime: startTime(pid) });
    await utimes(file, 1, 1);
    await expect(acquire()).rejects.toThrow(`another Wakeful (pid ${pid})`);
    expect(told).toEqual([]);
  });

  test('is taken over from a dead process at once', async () => {
    await lockOf({ pid: await workshop.deadPid() });
    const lock = await acquire();
    expect(lock.silentOwner).toBeNull();
    expect(told).toEqual([]);
    await lock.release();
  });

  test('is taken over when the pid was used again', async () => {
    const { pid } = await workshop.run(IDLE);
    await lockOf({ pid, startTime: (startTime(pid) ?? 0) - 100 });
    await (await acquire()).release();
  });

  test('is taken over when it cannot be read', async () => {
    await lockOf({});
    await writeFile(file, '{"pid":');
    await (await acquire()).release();
  });

  test('is given to one of many who ask at the same time for a stale one', async () => {
    await lockOf({ pid: await workshop.deadPid() });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => acquire()));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(dir)).toEqual(['wakeful.lock']);
  });

  test('is taken over when an earlier take-over died in the middle', async () => {
    const pid = await workshop.deadPid();
    await lockOf({ pid });
    const stale = await lockInPlace();
    const name = createHash('sha256').update(stale).digest('hex').slice(0, 16);
    await writeFile(`${file}.replacing-${name}`, stale);
    await (await acquire()).release();
    expect(await readdir(dir)).toEqual([]);
  });

  test('of a successor is not removed by a late release', async () => {
    const lock = await acquire();
    await writeFile(file, '{"pid":1}');
    await lock.release();
    expect(await lockInPlace()).toBe('{"pid":1}');
  });
});

describe('a lock of another container or host', () => {
  test('is taken over when it got no heartbeat for 20 s, and not before', async () => {
    const owner = await lockOf(inAnotherBox);
    const before = await lockInPlace();
    const { taking } = await beginWatch();
    expect(told).toEqual([
      `waiting up to 20 s to see whether the Wakeful with pid 1 on host box-1 still runs on ${dir}`,
    ]);
    await clock.advance(19_000);
    expect(await lockInPlace()).toBe(before);
    await clock.advance(1_000);
    const lock = await taking;
    expect(lock.silentOwner).toMatchObject({ pid: 1, host: 'box-1', startTime: owner.startTime });
    expect(JSON.parse(await lockInPlace())).toMatchObject({ pid: process.pid });
    expect(await readdir(dir)).toEqual(['wakeful.lock']);
    await lock.release();
  });

  test.each([
    ['with our pid in another container', { pid: process.pid, startTime: startTime(process.pid) }],
    ['of another boot', { bootId: 'another', host: 'box-2' }],
  ])('that is %s refuses as soon as a heartbeat is seen', async (_, over) => {
    await lockOf({ ...inAnotherBox, ...over });
    const { taking } = await beginWatch();
    await clock.advance(3_000);
    await utimes(file, 1, 1);
    await clock.advance(1_000);
    await expect(taking).rejects.toThrow(/another Wakeful \(pid \d+ on host box-[12]\) is running on /);
    expect(await readdir(dir)).toEqual(['wakeful.lock']);
  });

  test('is free as soon as it is released', async () => {
    await lockOf(inAnotherBox);
    const { taking } = await beginWatch();
    await rm(file);
    await clock.advance(1_000);
    await (await taking).release();
  });

  test('is not taken by who stood still himself while he watched', async () => {
    await lockOf(inAnotherBox);
    let lateMs = 60_000;
    const { taking } = await beginWatch((delayMs, run) => {
      const dueMs = delayMs + lateMs;
      lateMs = 0;
      return clock.schedule(dueMs, run);
    });
    // Both were suspended, and the owner has not had his turn yet.
    await clock.advance(62_000);
    await utimes(file, 1, 1);
    await clock.advance(1_000);
    await expect(taking).rejects.toThrow('another Wakeful');
  });

  test('is not taken when its owner wakes up at the last moment', async () => {
    await lockOf(inAnotherBox);
    let looks = 0;
    const { taking } = await beginWatch((delayMs, run) =>
      clock.schedule(delayMs, () => {
        run();
        looks += 1;
        // After the look that this timer is for.
        if (looks === 20) queueMicrotask(() => utimesSync(file, 1, 1));
      }),
    );
    const second = nextWords();
    await clock.advance(20_000);
    await second;
    await utimes(file, 2, 2);
    await clock.advance(1_000);
    await expect(taking).rejects.toThrow('another Wakeful');
    expect(await readdir(dir)).toEqual(['wakeful.lock']);
  });

  test('goes to one of two who watched it', async () => {
    await lockOf(inAnotherBox);
    const both = [(await beginWatch()).taking, (await beginWatch()).taking];
    await clock.advance(20_000);
    const outcomes = await Promise.allSettled(both);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await readdir(dir)).toEqual(['wakeful.lock']);
  });

  test('need not be watched when its owner was silent on another folder', async () => {
    const owner = await lockOf(inAnotherBox);
    const lock = await acquire({ silentOwner: owner });
    expect(told).toEqual([]);
    expect(lock.silentOwner).toMatchObject({ host: 'box-1', pid: 1 });
    await lock.release();
  });

  test('is watched when its owner may have woken up since', async () => {
    const owner = await lockOf(inAnotherBox);
    // Somebody else was at it meanwhile, which makes the first attempt fail.
    const name = createHash('sha256')
      .update(await lockInPlace())
      .digest('hex')
      .slice(0, 16);
    await writeFile(`${file}.replacing-${name}`, JSON.stringify({ ...owner, pid: 2 ** 22, ...pidsHere }));
    const begun = nextWords();
    const taking = acquire({ silentOwner: owner });
    taking.catch(() => {});
    await begun;
    await utimes(file, 1, 1);
    await clock.advance(1_000);
    await expect(taking).rejects.toThrow('another Wakeful');
  });
});

describe('a lock that is held', () => {
  test('says who has it now when it is lost, and leaves that one alone', async () => {
    const lock = await acquire();
    await writeFile(file, JSON.stringify({ ...(JSON.parse(await lockInPlace()) as LockOwner), ...inAnotherBox }));
    await clock.advance(5_000);
    expect(await lock.lost).toBe(
      `another Wakeful (pid 1 on host box-1) has taken over ${dir} while this one stood still`,
    );
    await lock.release();
    expect(await readdir(dir)).toEqual(['wakeful.lock']);
  });

  test('is lost when somebody removes it', async () => {
    const lock = await acquire();
    await rm(file);
    expect(lock.beat()).toBe(false);
    expect(await lock.lost).toBe(`the lock ${file} was removed under a running Wakeful`);
  });
});
