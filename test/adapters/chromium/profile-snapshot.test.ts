import { mkdir, readdir, readFile, rename, rm, stat, truncate, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  discardSnapshot,
  hasSnapshot,
  looksCorrupt,
  restoreSnapshot,
  takeSnapshot,
} from '../../../src/adapters/chromium/profile-snapshot.js';
import { Workshop } from './stand-in.js';

const DATABASE = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
const TABLE_END = Buffer.from('57fb808b247547db', 'hex');
const table = (text: string) => Buffer.concat([Buffer.from(text), TABLE_END]);

const workshop = new Workshop();
afterAll(() => workshop.clean());

let root: string;
let profile: string;
let snapshot: string;
beforeEach(async () => {
  root = await workshop.folder();
  profile = join(root, 'profile');
  snapshot = join(root, 'snapshots', 'sales');
});

async function write(path: string, content: string | Buffer): Promise<void> {
  const file = join(profile, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}

async function aProfile(): Promise<void> {
  await write(`${DATABASE}/CURRENT`, 'MANIFEST-000001\n');
  await write(`${DATABASE}/MANIFEST-000001`, 'manifest');
  await write(`${DATABASE}/000005.ldb`, table('old keys'));
  await write(`${DATABASE}/000007.ldb`, table('new keys'));
  await write(`${DATABASE}/000008.log`, 'log');
  await write(`${DATABASE}/LOCK`, '');
  await write('Default/Local Storage/leveldb/000003.log', 'settings');
  await write('Default/Cache/data', 'x'.repeat(1000));
}

const read = (dir: string, path: string) => readFile(join(dir, path), 'utf8');
const inode = async (path: string) => (await stat(join(snapshot, path))).ino;

describe('taking a snapshot', () => {
  beforeEach(aProfile);

  test('copies the login and nothing else, for its owner only', async () => {
    expect(await takeSnapshot(profile, snapshot)).toBe(true);
    expect(await readdir(join(snapshot, 'Default'))).toEqual(['IndexedDB', 'Local Storage']);
    expect(await readdir(join(snapshot, DATABASE))).not.toContain('LOCK');
    expect(await read(snapshot, `${DATABASE}/000008.log`)).toBe('log');
    expect((await stat(snapshot)).mode & 0o777).toBe(0o700);
    expect(await readdir(join(root, 'snapshots'))).toEqual(['sales']);
  });

  test('does nothing when nothing has changed, and copies only what has', async () => {
    await takeSnapshot(profile, snapshot);
    expect(await takeSnapshot(profile, snapshot)).toBe(false);
    const before = [await inode(`${DATABASE}/000005.ldb`), await inode(`${DATABASE}/000008.log`)];
    await write(`${DATABASE}/000008.log`, 'longer log');
    expect(await takeSnapshot(profile, snapshot)).toBe(true);
    expect(await read(snapshot, `${DATABASE}/000008.log`)).toBe('longer log');
    expect(await inode(`${DATABASE}/000005.ldb`)).toBe(before[0]);
    expect(await inode(`${DATABASE}/000008.log`)).not.toBe(before[1]);
  });

  test('sees a change that kept the size', async () => {
    await takeSnapshot(profile, snapshot);
    await write(`${DATABASE}/000008.log`, 'gol');
    await utimes(join(profile, DATABASE, '000008.log'), 1, 1);
    expect(await takeSnapshot(profile, snapshot)).toBe(true);
    expect(await read(snapshot, `${DATABASE}/000008.log`)).toBe('gol');
  });

  test('keeps the last good one when the profile is damaged or holds no login', async () => {
    await takeSnapshot(profile, snapshot);
    await truncate(join(profile, DATABASE, 'CURRENT'));
    expect(await takeSnapshot(profile, snapshot)).toBe(false);
    await rm(join(profile, DATABASE), { recursive: true });
    expect(await takeSnapshot(profile, snapshot)).toBe(false);
    expect(await read(snapshot, `${DATABASE}/CURRENT`)).toBe('MANIFEST-000001\n');
  });

  test('that was interrupted leaves the last good one', async () => {
    await takeSnapshot(profile, snapshot);
    await mkdir(join(`${snapshot}.partial`, DATABASE), { recursive: true });
    await rename(snapshot, `${snapshot}.replaced`);
    expect(await hasSnapshot(snapshot)).toBe(true);
    await write(`${DATABASE}/000008.log`, 'longer log');
    expect(await takeSnapshot(profile, snapshot)).toBe(true);
    expect(await readdir(join(root, 'snapshots'))).toEqual(['sales']);
  });

  test('of 8 MB takes less than a tenth of a second once the first is there', async () => {
    for (let number = 10; number < 14; number += 1) {
      await write(`${DATABASE}/0000${number}.ldb`, table('x'.repeat(2 ** 21)));
    }
    await takeSnapshot(profile, snapshot);
    const changedMs: number[] = [];
    const sameMs: number[] = [];
    for (let round = 0; round < 10; round += 1) {
      await write(`${DATABASE}/000008.log`, 'longer log'.repeat(round + 1));
      changedMs.push(await timed(true));
      sameMs.push(await timed(false));
    }
    // What else runs on the machine only ever adds to a time: the quickest is what the snapshot itself takes.
    expect(Math.min(...changedMs)).toBeLessThan(100);
    expect(Math.min(...sameMs)).toBeLessThan(100);
  });

  const timed = async (isTaken: boolean): Promise<number> => {
    const startedAt = performance.now();
    expect(await takeSnapshot(profile, snapshot)).toBe(isTaken);
    return performance.now() - startedAt;
  };
});

describe('restoring a snapshot', () => {
  beforeEach(aProfile);

  test('brings the login back, keeps what was there aside, and can be done again', async () => {
    await takeSnapshot(profile, snapshot);
    const damaged = join(root, 'damaged');
    await truncate(join(profile, DATABASE, 'MANIFEST-000001'));
    await write(`${DATABASE}/000009.log`, 'newer');
    expect(await restoreSnapshot(snapshot, profile, damaged)).toBe(true);
    expect(await looksCorrupt(profile)).toBeNull();
    expect(await read(profile, `${DATABASE}/000008.log`)).toBe('log');
    expect(await readdir(join(profile, DATABASE))).not.toContain('000009.log');
    expect(await read(damaged, `${DATABASE}/000009.log`)).toBe('newer');
    expect(await read(profile, 'Default/Cache/data')).toHaveLength(1000);
    expect(await takeSnapshot(profile, snapshot)).toBe(false);
    expect(await restoreSnapshot(snapshot, profile, join(root, 'damaged again'))).toBe(true);
  });

  test('shares no file with the profile: what damages the one spares the other', async () => {
    await takeSnapshot(profile, snapshot);
    await restoreSnapshot(snapshot, profile, join(root, 'damaged'));
    await truncate(join(profile, DATABASE, '000005.ldb'));
    expect(await looksCorrupt(profile)).not.toBeNull();
    expect(await hasSnapshot(snapshot)).toBe(true);
  });

  test('works for a profile that is gone altogether', async () => {
    await takeSnapshot(profile, snapshot);
    await rm(profile, { recursive: true });
    expect(await restoreSnapshot(snapshot, profile, join(root, 'damaged'))).toBe(true);
    expect(await looksCorrupt(profile)).toBeNull();
  });

  test('changes nothing when there is none, or when it was damaged or discarded', async () => {
    const restored = () => restoreSnapshot(snapshot, profile, join(root, 'damaged'));
    expect(await restored()).toBe(false);
    await takeSnapshot(profile, snapshot);
    await truncate(join(snapshot, DATABASE, 'CURRENT'));
    expect(await restored()).toBe(false);
    await discardSnapshot(snapshot);
    expect(await readdir(join(root, 'snapshots'))).toEqual([]);
    expect(await restored()).toBe(false);
    expect(await read(profile, `${DATABASE}/CURRENT`)).toBe('MANIFEST-000001\n');
  });
});

describe('a profile looks corrupt', () => {
  beforeEach(aProfile);

  test.each<[string, () => Promise<unknown>]>([
    ['without CURRENT', () => rm(join(profile, DATABASE, 'CURRENT'))],
    ['with an empty CURRENT', () => truncate(join(profile, DATABASE, 'CURRENT'))],
    ['with a CURRENT of rubbish', () => write(`${DATABASE}/CURRENT`, '\0\0\0\0')],
    ['when CURRENT names a manifest that is not there', () => write(`${DATABASE}/CURRENT`, 'MANIFEST-000009\n')],
    ['with an empty manifest', () => truncate(join(profile, DATABASE, 'MANIFEST-000001'))],
    ['with an empty table', () => truncate(join(profile, DATABASE, '000005.ldb'))],
    ['with a table that is cut off', () => truncate(join(profile, DATABASE, '000005.ldb'), 10)],
  ])('%s', async (_what, damage) => {
    expect(await looksCorrupt(profile)).toBeNull();
    await damage();
    expect(await looksCorrupt(profile)).toMatch(/^https_web\.whatsapp\.com/);
  });

  test.each<[string, () => Promise<unknown>]>([
    ['there is no profile', () => rm(profile, { recursive: true })],
    [
      'the database was only just begun',
      () => rm(join(profile, DATABASE), { recursive: true }).then(() => write(`${DATABASE}/LOCK`, '')),
    ],
    ['a kill interrupted the newest table', () => truncate(join(profile, DATABASE, '000007.ldb'), 3)],
    ['another site is damaged', () => write('Default/IndexedDB/https_example.com_0.indexeddb.leveldb/CURRENT', '')],
  ])('not when %s', async (_what, happened) => {
    await happened();
    expect(await looksCorrupt(profile)).toBeNull();
  });
});
