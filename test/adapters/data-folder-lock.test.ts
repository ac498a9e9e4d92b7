import { createHash } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTime } from '../../src/adapters/chromium/process-tree.js';
import { acquireDataFolder } from '../../src/adapters/data-folder-lock.js';
import { IDLE, Workshop } from './chromium/stand-in.js';

const workshop = new Workshop();
afterAll(() => workshop.clean());

let dir: string;
let file: string;
beforeEach(async () => {
  dir = join(await workshop.folder(), 'data');
  file = join(dir, 'wakeful.lock');
});

/** The lock as we write it, with another owner in it. */
async function lockOf(over: { pid?: number; startTime?: number | null; bootId?: string }): Promise<void> {
  await (await acquireOnce()).release();
  await writeFile(file, JSON.stringify({ ...mine, ...over }));
}
let mine: object;
async function acquireOnce() {
  const lock = await acquireDataFolder(dir);
  mine = JSON.parse(await readFile(file, 'utf8'));
  return lock;
}

describe('the lock of the data folder', () => {
  test('makes the folder, is for its owner only, and leaves nothing when released', async () => {
    const lock = await acquireDataFolder(dir);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect((await stat(dir)).mode & 0o777).toBe(0o700);
    expect(await readdir(dir)).toEqual(['wakeful.lock']);
    await lock.release();
    await lock.release();
    expect(await readdir(dir)).toEqual([]);
  });

  test('refuses while a living process holds it and names that one', async () => {
    const { pid } = await workshop.run(IDLE);
    await lockOf({ pid, startTime: startTime(pid) });
    await expect(acquireDataFolder(dir)).rejects.toThrow(
      `another Wakeful (pid ${pid}) is running on ${dir}; stop it or set WAKEFUL_DATA_DIR`,
    );
    expect(await readdir(dir)).toEqual(['wakeful.lock']);
  });

  test('is taken over from a dead process', async () => {
    await lockOf({ pid: await workshop.deadPid() });
    await (await acquireDataFolder(dir)).release();
  });

  test('is taken over when the pid was used again', async () => {
    const { pid } = await workshop.run(IDLE);
    await lockOf({ pid, startTime: (startTime(pid) ?? 0) - 100 });
    await (await acquireDataFolder(dir)).release();
  });

  test('is taken over when the machine has been started anew', async () => {
    const { pid } = await workshop.run(IDLE);
    await lockOf({ pid, startTime: startTime(pid), bootId: 'an-earlier-one' });
    await (await acquireDataFolder(dir)).release();
  });

  test('is taken over when it cannot be read', async () => {
    await lockOf({});
    await writeFile(file, '{"pid":');
    await (await acquireDataFolder(dir)).release();
  });

  test('is given to one of many who ask at the same time for a stale one', async () => {
    await lockOf({ pid: await workshop.deadPid() });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => acquireDataFolder(dir)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(dir)).toEqual(['wakeful.lock']);
  });

  test('is taken over when an earlier take-over died in the middle', async () => {
    const pid = await workshop.deadPid();
    await lockOf({ pid });
    const stale = await readFile(file, 'utf8');
    const name = createHash('sha256').update(stale).digest('hex').slice(0, 16);
    await writeFile(`${file}.replacing-${name}`, stale);
    await (await acquireDataFolder(dir)).release();
    expect(await readdir(dir)).toEqual([]);
  });

  test('of a successor is not removed by a late release', async () => {
    const lock = await acquireDataFolder(dir);
    await writeFile(file, '{"pid":1}');
    await lock.release();
    expect(await readFile(file, 'utf8')).toBe('{"pid":1}');
  });
});
