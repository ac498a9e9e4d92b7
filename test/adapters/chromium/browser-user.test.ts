import { chownSync, lstatSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { browserUser, giveProfile, letPass, takeProfile } from '../../../src/adapters/chromium/browser-user.js';

let dir: string;
let accounts: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'wakeful-test-'));
  accounts = join(dir, 'passwd');
  writeFileSync(accounts, 'root:x:0:0:root:/root:/bin/sh\nshop:x:990:991::/srv/shop:/bin/false\n');
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('the user of the browsers', () => {
  test('is a number of its own where nobody made an account for it', async () => {
    expect(await browserUser('auto', accounts)).toEqual({ name: '60777', uid: 60777, gid: 60777 });
  });

  test('is the account wakeful where there is one', async () => {
    writeFileSync(accounts, 'wakeful:x:120:130::/:/bin/false\n');
    expect(await browserUser('auto', accounts)).toEqual({ name: 'wakeful', uid: 120, gid: 130 });
  });

  test('is the one that the configuration names, by name or number', async () => {
    const shop = { name: 'shop', uid: 990, gid: 991 };
    expect(await browserUser('shop', accounts)).toEqual(shop);
    expect(await browserUser('990', accounts)).toEqual(shop);
    expect(await browserUser('4711', accounts)).toEqual({ name: '4711', uid: 4711, gid: 4711 });
  });

  test('is never root', async () => {
    expect(await browserUser('root', accounts)).toBeNull();
    expect(await browserUser('0', accounts)).toBeNull();
    expect(await browserUser('off', accounts)).toBeNull();
  });

  test('is refused in words when there is no such account, or when the number is somebody’s', async () => {
    await expect(browserUser('shoop', accounts)).rejects.toThrow('there is no account shoop');
    writeFileSync(accounts, 'other:x:60777:1::/:/bin/sh\n');
    await expect(browserUser('auto', accounts)).rejects.toThrow('name one in browser.user');
  });
});

// Only root can give files away; everybody else gives them to himself.
const me = process.getuid?.() ?? 0;
const uid = me === 0 ? 60777 : me;

describe('a profile that is given away', () => {
  const user = { name: 'browser', uid, gid: me === 0 ? uid : (process.getgid?.() ?? 0) };
  const owner = (path: string) => lstatSync(join(dir, path)).uid;

  beforeEach(() => {
    for (const folder of ['p/Default/IndexedDB/db', 'p/Default/Local Storage', 'p/Cache', 'elsewhere']) {
      mkdirSync(join(dir, folder), { recursive: true, mode: 0o700 });
    }
    for (const file of ['p/Default/IndexedDB/db/1.log', 'p/Cache/data', 'elsewhere/file'])
      writeFileSync(join(dir, file), '');
    symlinkSync(join(dir, 'elsewhere'), join(dir, 'p', 'link'));
  });

  test('belongs to the user as a whole, and nothing that it only links to', async () => {
    await giveProfile(join(dir, 'p'), user);
    for (const path of ['p', 'p/Default', 'p/Default/IndexedDB/db/1.log', 'p/Cache/data', 'p/link']) {
      expect([path, owner(path)]).toEqual([path, uid]);
    }
    expect([owner('elsewhere'), owner('elsewhere/file')]).toEqual([me, me]);
  });

  test('gets back what a restored login brought, without a walk through its caches', async () => {
    await giveProfile(join(dir, 'p'), user);
    writeFileSync(join(dir, 'p/Default/IndexedDB/db/2.log'), '');
    chownSync(join(dir, 'p/Cache/data'), me, process.getgid?.() ?? 0);
    await giveProfile(join(dir, 'p'), user);
    expect([owner('p/Default/IndexedDB/db/2.log'), owner('p/Cache/data')]).toEqual([uid, me]);
  });

  test.each(['Default', 'Default/IndexedDB'])(
    'gives nothing behind a link that a browser put in place of %s',
    async (path) => {
      await giveProfile(join(dir, 'p'), user);
      mkdirSync(join(dir, 'elsewhere/IndexedDB'));
      writeFileSync(join(dir, 'elsewhere/IndexedDB/file'), '');
      rmSync(join(dir, 'p', path), { recursive: true });
      symlinkSync(join(dir, 'elsewhere'), join(dir, 'p', path));
      await giveProfile(join(dir, 'p'), user);
      expect([owner('elsewhere'), owner('elsewhere/file'), owner('elsewhere/IndexedDB/file')]).toEqual([me, me, me]);
    },
  );

  test('is given anew as a whole after a browser of root ran on it', async () => {
    await giveProfile(join(dir, 'p'), user);
    await takeProfile(join(dir, 'p'));
    writeFileSync(join(dir, 'p/Cache/of-root'), '');
    await giveProfile(join(dir, 'p'), user);
    expect([owner('p'), owner('p/Cache/of-root')]).toEqual([uid, uid]);
  });

  test('stays open to nobody else, and the folder above can be passed by its group alone', async () => {
    await giveProfile(join(dir, 'p'), user);
    await letPass(dir, user);
    expect(statSync(join(dir, 'p')).mode & 0o077).toBe(0);
    expect([statSync(dir).mode & 0o777, statSync(dir).gid, statSync(dir).uid]).toEqual([0o710, user.gid, me]);
  });
});
