import { mkdir, readFile, rm, rmdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { keepBeating } from '../../src/adapters/lock-heartbeat.js';
import { FakeClock } from '../support/fake-clock.js';
import { Workshop } from './chromium/stand-in.js';

const MINE = '{"pid":1}';
const workshop = new Workshop();
afterAll(() => workshop.clean());

let file: string;
let clock: FakeClock;
let told: string[];
beforeEach(async () => {
  file = join(await workshop.folder(), 'wakeful.lock');
  await writeFile(file, MINE);
  clock = new FakeClock();
  told = [];
});

const begin = () => keepBeating(file, MINE, clock, (words) => told.push(words));
const beatAt = async () => (await stat(file)).mtimeMs;

describe('the heartbeat of a lock', () => {
  test('comes at once and every 5 s, and leaves the lock as it is', async () => {
    const startedAt = clock.now();
    begin();
    const times = [await beatAt()];
    for (let beats = 0; beats < 3; beats += 1) {
      await clock.advance(5_000);
      times.push(await beatAt());
    }
    expect(times.map((time) => time - startedAt)).toEqual([0, 5_000, 10_000, 15_000]);
    expect(await readFile(file, 'utf8')).toBe(MINE);
  });

  test('ends when the lock is another one, which gets no beat', async () => {
    const heartbeat = begin();
    await writeFile(file, '{"pid":2}');
    await utimes(file, 7, 7);
    await clock.advance(5_000);
    expect(await heartbeat.lost).toBe('{"pid":2}');
    expect(heartbeat.beat()).toBe(false);
    expect(clock.pending).toBe(0);
    expect(await beatAt()).toBe(7_000);
  });

  test('finds at once that the lock is gone when it is asked, and makes no new one', async () => {
    const heartbeat = begin();
    expect(heartbeat.beat()).toBe(true);
    await rm(file);
    expect(heartbeat.beat()).toBe(false);
    expect(await heartbeat.lost).toBeNull();
    await expect(stat(file)).rejects.toThrow('ENOENT');
  });

  test('goes on after a lock that could not be read, which proves nothing and is told once', async () => {
    const heartbeat = begin();
    await rm(file);
    await mkdir(file);
    await clock.advance(10_000);
    expect(told).toEqual([expect.stringContaining(`the lock ${file} could not be renewed`)]);
    await rmdir(file);
    await writeFile(file, MINE);
    await clock.advance(5_000);
    expect(await beatAt()).toBe(clock.now());
    expect(heartbeat.beat()).toBe(true);
  });

  test('ends with the release, which is no loss', async () => {
    const heartbeat = begin();
    let isLost = false;
    heartbeat.lost.then(() => {
      isLost = true;
    });
    heartbeat.stop();
    await rm(file);
    expect(heartbeat.beat()).toBe(false);
    await clock.advance(60_000);
    expect(isLost).toBe(false);
  });
});
