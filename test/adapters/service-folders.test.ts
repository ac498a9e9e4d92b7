import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals';
import { acquireDataFolder } from '../../src/adapters/data-folder-lock.js';
import { acquireServiceFolders } from '../../src/adapters/service-folders.js';
import { FakeClock } from '../support/fake-clock.js';
import { Workshop } from './chromium/stand-in.js';

const workshop = new Workshop();
afterAll(() => workshop.clean());

let dataDir: string;
let authDir: string;
let clock: FakeClock;
let told: string[];
let onTold: () => void;
beforeEach(async () => {
  const root = await workshop.folder();
  dataDir = join(root, 'data');
  authDir = join(root, 'auth');
  clock = new FakeClock();
  told = [];
  onTold = () => {};
});

const tell = (words: string) => {
  told.push(words);
  onTold();
};
const acquire = () => acquireServiceFolders({ dataDir, authDir }, { clock, tell });
const lockOf = (dir: string) => join(dir, 'wakeful.lock');

/** Leaves a lock there as one of a Wakeful in another container. */
async function leaveLock(dir: string, pid: number): Promise<void> {
  const lock = await acquireDataFolder(dir, { setting: '', clock, tell });
  const owner: unknown = JSON.parse(await readFile(lockOf(dir), 'utf8'));
  await lock.release();
  const other = { host: 'box-1', pidNamespace: 'pid:[4026530001]', pid };
  await writeFile(lockOf(dir), JSON.stringify(Object.assign({}, owner, other)));
}
const watchBegins = () =>
  new Promise<void>((resolve) => {
    onTold = resolve;
  });

describe('the folders of the service', () => {
  test('are taken and given back together', async () => {
    const folders = await acquire();
    expect([await readdir(dataDir), await readdir(authDir)]).toEqual([['wakeful.lock'], ['wakeful.lock']]);
    expect(folders.areOurs()).toBe(true);
    await folders.release();
    expect([await readdir(dataDir), await readdir(authDir)]).toEqual([[], []]);
  });

  test('are both left when one of them is held', async () => {
    const other = await acquireDataFolder(authDir, { setting: '', clock, tell });
    await expect(acquire()).rejects.toThrow(/another Wakeful \(pid \d+\) .* WAKEFUL_AUTH_DIR/);
    expect(await readdir(dataDir)).toEqual([]);
    await other.release();
  });

  test('of a silent owner cost one wait, not two', async () => {
    await leaveLock(dataDir, 1);
    await leaveLock(authDir, 1);
    const begun = watchBegins();
    const taking = acquire();
    await begun;
    await clock.advance(20_000);
    const folders = await taking;
    expect(told).toHaveLength(1);
    expect(folders.silentOwner).toMatchObject({ pid: 1, host: 'box-1' });
    await folders.release();
  });

  test('of two owners are watched one after the other', async () => {
    await leaveLock(dataDir, 1);
    await leaveLock(authDir, 2);
    const begun = watchBegins();
    const taking = acquire();
    await begun;
    const second = watchBegins();
    await clock.advance(20_000);
    await second;
    await clock.advance(20_000);
    await (await taking).release();
    expect(told).toHaveLength(2);
  });

  test('are lost when one of them is', async () => {
    const folders = await acquire();
    await leaveTo('box-9', authDir);
    expect(folders.areOurs()).toBe(false);
    expect(await folders.lost).toContain('has taken over');
  });

  test('are not begun with when the first was lost while the second was waited for', async () => {
    await leaveLock(authDir, 1);
    const begun = watchBegins();
    const taking = acquire();
    taking.catch(() => {});
    await begun;
    await leaveTo('box-9', dataDir);
    await clock.advance(20_000);
    await expect(taking).rejects.toThrow('has taken over');
    expect(await readdir(authDir)).toEqual([]);
  });
});

/** Somebody else takes the folder from under us. */
async function leaveTo(host: string, dir: string): Promise<void> {
  const owner: unknown = JSON.parse(await readFile(lockOf(dir), 'utf8'));
  await writeFile(lockOf(dir), JSON.stringify(Object.assign({}, owner, { host, nonce: 'another' })));
}
