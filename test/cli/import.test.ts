import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Workshop } from '../adapters/chromium/stand-in.js';
import { Terminal } from './support/terminal.js';

const LOGIN = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
let folder: string;
let old: string;
const workshop = new Workshop();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wakeful-test-'));
  old = join(folder, 'bot', '.wwebjs_auth');
});
afterEach(async () => {
  await workshop.clean();
  rmSync(folder, { recursive: true, force: true });
});

/** A profile as LocalAuth leaves it, readable for everybody. */
function profile(name: string, place = old): string {
  const path = join(place, name);
  mkdirSync(join(path, LOGIN), { recursive: true, mode: 0o755 });
  writeFileSync(join(path, LOGIN, 'CURRENT'), 'MANIFEST-000001\n');
  writeFileSync(join(path, LOGIN, 'MANIFEST-000001'), name);
  return path;
}

const run = (...args: string[]) =>
  new Terminal({ cwd: folder, env: { WAKEFUL_AUTH_DIR: 'profiles' } }).run('import', ...args);
const own = (id: string) => join(folder, 'profiles', `session-${id}`);

describe('import', () => {
  test('copies every login, for its owner alone and without the lock of its old browser', async () => {
    const shop = profile('session-shop');
    profile('session-support');
    symlinkSync(`${hostname()}-${await workshop.deadPid()}`, join(shop, 'SingletonLock'));
    const { code, out, err } = await run('bot');
    expect(code).toBe(0);
    expect(out).toMatch(/^ID +RESULT\nshop +copied .*\nsupport +copied .*\n$/);
    expect(err).toContain('Start the service: it adopts them.');
    expect(readFileSync(join(own('shop'), LOGIN, 'MANIFEST-000001'), 'utf8')).toBe('session-shop');
    expect(statSync(own('shop')).mode & 0o777).toBe(0o700);
    expect(readdirSync(own('shop'))).toEqual(['Default']);
    expect(readdirSync(shop)).toEqual(['Default', 'SingletonLock']);
    expect(readdirSync(join(folder, 'profiles'))).toEqual(['session-shop', 'session-support']);
  });

  test('moves them when told to', async () => {
    const shop = profile('session-shop');
    expect((await run(old, '--move')).code).toBe(0);
    expect(existsSync(shop)).toBe(false);
    expect(statSync(own('shop')).mode & 0o777).toBe(0o700);
  });

  test('only lists with --dry-run', async () => {
    profile('session-shop');
    const { code, out, err } = await run('bot', '--dry-run', '--json');
    expect(JSON.parse(out).items).toEqual([expect.objectContaining({ id: 'shop', result: 'ready', why: null })]);
    expect([code, err]).toEqual([0, '']);
    expect(existsSync(join(folder, 'profiles'))).toBe(false);
  });

  test('takes one profile, and calls one without an id "default" or as it is told', async () => {
    expect((await run(profile('session-one'))).out).toMatch(/\none +copied/);
    rmSync(old, { recursive: true });
    profile('session');
    expect((await run('bot')).out).toMatch(/\ndefault +copied/);
    expect((await run('bot', '--as', 'main')).out).toMatch(/\nmain +copied/);
    expect(readdirSync(join(folder, 'profiles'))).toEqual(['session-default', 'session-main', 'session-one']);
  });

  test('refuses an id that is there, and takes the others', async () => {
    profile('session-shop');
    profile('session-support');
    const mine = profile('session-shop', join(folder, 'profiles'));
    writeFileSync(join(mine, 'mine'), '');
    const { code, out, err } = await run('bot');
    expect(out).toMatch(/\nshop +refused +there is a profile of shop already\nsupport +copied/);
    expect([code, err]).toEqual([1, expect.stringContaining('1 of 2 cannot be taken over.')]);
    expect(existsSync(join(mine, 'mine'))).toBe(true);
  });

  test('refuses a profile on which a browser runs, here or as its lock says elsewhere', async () => {
    const shop = profile('session-shop');
    await workshop.browserOn(shop);
    symlinkSync('elsewhere-7', join(profile('session-support'), 'SingletonLock'));
    const { code, out } = await run('bot', '--move');
    expect(out).toMatch(/\nshop +refused +a browser \(pid \d+\) runs on it/);
    expect(out).toMatch(/\nsupport +refused .*host elsewhere/);
    expect(code).toBe(1);
    expect(readdirSync(old)).toEqual(['session-shop', 'session-support']);
    expect(existsSync(join(folder, 'profiles'))).toBe(false);
  });

  test('refuses what holds no login, has an impossible id, or is in its place already', async () => {
    mkdirSync(join(old, 'session-empty'), { recursive: true });
    profile(`session-${'x'.repeat(65)}`);
    const { out } = await run('bot');
    expect(out).toMatch(/refused +it holds no login/);
    expect(out).toMatch(/refused +its id is not/);
    profile('session-here', join(folder, 'profiles'));
    expect((await run('profiles')).out).toMatch(/refused +it is in its place already/);
  });

  test('says when there is nothing, and when --as fits several', async () => {
    expect(await run('nowhere')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no session-<id> folder'),
    });
    profile('session-a');
    profile('session-b');
    expect((await run('bot', '--as', 'main')).code).toBe(2);
    expect(existsSync(join(folder, 'profiles'))).toBe(false);
  });
});
