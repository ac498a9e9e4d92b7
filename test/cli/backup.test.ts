import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import SqliteDatabase from 'better-sqlite3';
import { create } from 'tar';
import { takeSnapshot } from '../../src/adapters/chromium/profile-snapshot.js';
import { createSystemClock } from '../../src/adapters/clock.js';
import { acquireDataFolder } from '../../src/adapters/data-folder-lock.js';
import { openDatabase } from '../../src/adapters/store/database.js';
import { createOutboxStore } from '../../src/adapters/store/outbox-store.js';
import { createSessionStore } from '../../src/adapters/store/session-store.js';
import { aRecord } from '../adapters/store/contracts/session-store.js';
import { FakeLogger } from '../support/fake-logger.js';
import { anOutboxInsert } from '../support/outbox-message.js';
import { Terminal } from './support/terminal.js';

const LOGIN = 'Default/IndexedDB/https_web.whatsapp.com_0.indexeddb.leveldb';
const MANIFEST_OF_LOGIN = `${LOGIN}/MANIFEST-000001`;

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'wakeful-test-backup-'));
});
afterEach(() => rmSync(place, { recursive: true }));

const at = (...path: string[]) => join(place, ...path);
/** The command line of the service whose folders are in `house`. */
const terminal = (house: string) =>
  new Terminal({ cwd: place, env: { WAKEFUL_DATA_DIR: `${house}/data`, WAKEFUL_AUTH_DIR: `${house}/profiles` } });
const mode = (path: string) => statSync(path).mode & 0o777;
const read = (...path: string[]) => readFileSync(at(...path), 'utf8');

function write(path: string, content: string): void {
  mkdirSync(dirname(at(path)), { recursive: true });
  writeFileSync(at(path), content);
}

/** The login of a session, and a cache that is not worth keeping. */
function profile(id: string, content: string): void {
  write(`old/profiles/session-${id}/${LOGIN}/CURRENT`, 'MANIFEST-000001\n');
  write(`old/profiles/session-${id}/${MANIFEST_OF_LOGIN}`, content);
  write(`old/profiles/session-${id}/Default/Cache/data`, 'x'.repeat(100));
}

/** The folders of a service that has two sessions, one of them linked, and one message that waits. */
function oldService(): void {
  const database = openDatabase(at('old', 'data'));
  const sessions = createSessionStore(database, new FakeLogger(), createSystemClock());
  sessions.insert(aRecord('shop'));
  sessions.insert(aRecord('support'));
  createOutboxStore(database).accept({ ...anOutboxInsert('m'), sessionId: 'shop' });
  database.close();
  profile('shop', 'the login of the shop');
  write('old/data/media/outbox/m', 'a picture');
  write('old/data/media/inbox/half.part', 'half a file');
  write('old/data/media-links.secret', 'a secret');
  write('old/data/logs/wakeful.log', 'long');
}

function sessionsIn(house: string): string[] {
  const database = openDatabase(at(house, 'data'));
  const sessions = createSessionStore(database, new FakeLogger(), createSystemClock()).all();
  database.close();
  return sessions.map(({ id }) => id).sort();
}

const running = () =>
  acquireDataFolder(at('old', 'data'), { clock: createSystemClock(), tell: () => {}, setting: 'WAKEFUL_DATA_DIR' });

describe('a backup', () => {
  beforeEach(oldService);

  test('holds what a service elsewhere needs to go on, and is for its owner only', async () => {
    const made = await terminal('old').run('backup', 'all.tar.gz');
    expect(made).toMatchObject({
      code: 0,
      out: expect.stringMatching(/all\.tar\.gz: 2 sessions, 1 login, 0\.\d MB\.\n/),
    });
    expect(made.err).toContain('Without a login (not linked): support.');
    expect(mode(at('all.tar.gz'))).toBe(0o600);
    expect(readdirSync(at('old', 'data')).filter((name) => /partial|lock|-wal|-shm/.test(name))).toEqual([]);

    const restored = await terminal('new').run('restore', 'all.tar.gz');
    expect(restored).toMatchObject({ code: 0, out: expect.stringContaining('2 sessions and 1 login of ') });
    expect(restored.err).toContain('sent by the next start: 1, ');
    expect(sessionsIn('new')).toEqual(['shop', 'support']);
    expect(read('new/profiles/session-shop', MANIFEST_OF_LOGIN)).toBe('the login of the shop');
    expect(existsSync(at('new/profiles/session-shop/Default/Cache'))).toBe(false);
    expect(read('new/data/media/outbox/m')).toBe('a picture');
    expect(read('new/data/media-links.secret')).toBe('a secret');
    expect(readdirSync(at('new/data')).sort()).toEqual(['media', 'media-links.secret', 'wakeful.db']);
    expect(readdirSync(at('new/data/media/inbox'))).toEqual([]);
    expect([mode(at('new/data')), mode(at('new/data/wakeful.db'))]).toEqual([0o700, 0o600]);
    expect(mode(at('new/profiles/session-shop'))).toBe(0o700);
  });

  test('of a running service has the login as of its last snapshot: a profile in use is never whole', async () => {
    await takeSnapshot(at('old/profiles/session-shop'), at('old/data/snapshots/shop'));
    profile('shop', 'half written');
    profile('support', 'never closed');
    const service = await running();
    const made = await terminal('old').run('backup', 'all.tar.gz');
    expect(made.code).toBe(0);
    expect(made.err).toContain('The service runs');
    expect(made.err).toContain('Without a login (not linked, or not closed since): support.');
    await service.release();
    await terminal('new').run('restore', 'all.tar.gz');
    expect(read('new/profiles/session-shop', MANIFEST_OF_LOGIN)).toBe('the login of the shop');
    expect(readdirSync(at('new/profiles'))).toEqual(['session-shop']);
  });

  test('of a stopped service takes the profile before an older snapshot, which a damaged profile leaves in place', async () => {
    await takeSnapshot(at('old/profiles/session-shop'), at('old/data/snapshots/shop'));
    profile('shop', 'the login of today');
    await terminal('old').run('backup', 'newer.tar.gz');
    await terminal('new').run('restore', 'newer.tar.gz');
    expect(read('new/profiles/session-shop', MANIFEST_OF_LOGIN)).toBe('the login of today');
    rmSync(at('old/profiles/session-shop', MANIFEST_OF_LOGIN));
    await terminal('old').run('backup', 'older.tar.gz');
    await terminal('newest').run('restore', 'older.tar.gz');
    expect(read('newest/profiles/session-shop', MANIFEST_OF_LOGIN)).toBe('the login of the shop');
  });

  test('tells scripts what is in it', async () => {
    const { out } = await terminal('old').run('backup', 'all.tar.gz', '--json');
    expect(JSON.parse(out)).toMatchObject({
      isLive: false,
      sessions: ['shop', 'support'],
      logins: ['shop'],
      version: '1.2.3',
    });
  });

  test('replaces no file, and is not made where there is no service', async () => {
    write('all.tar.gz', 'the backup of yesterday');
    expect(await terminal('old').run('backup', 'all.tar.gz')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is there already'),
    });
    expect(read('all.tar.gz')).toBe('the backup of yesterday');
    expect(await terminal('elsewhere').run('backup', 'b.tar.gz')).toMatchObject({
      code: 1,
      err: expect.stringContaining('nothing to back up'),
    });
    expect(existsSync(at('b.tar.gz'))).toBe(false);
  });

  test('waits for nobody: while another one is made it says so', async () => {
    mkdirSync(at('old/data/backup.partial'));
    expect(await terminal('old').run('backup', 'all.tar.gz')).toMatchObject({
      code: 1,
      err: expect.stringContaining('was interrupted'),
    });
    expect(readdirSync(place)).toEqual(['old']);
  });
});

describe('restoring', () => {
  beforeEach(async () => {
    oldService();
    await terminal('old').run('backup', 'all.tar.gz');
  });

  /** Nothing but what a refused start leaves, too. */
  const nothingIn = (house: string) =>
    ['data', 'profiles'].flatMap((name) => (existsSync(at(house, name)) ? readdirSync(at(house, name)) : []));

  test('is refused where something would be lost', async () => {
    const before = read('old/data/wakeful.db');
    expect(await terminal('old').run('restore', 'all.tar.gz')).toMatchObject({
      code: 1,
      err: expect.stringContaining('is there already'),
    });
    expect(read('old/data/wakeful.db')).toBe(before);
    mkdirSync(at('new/profiles/session-x'), { recursive: true });
    expect((await terminal('new').run('restore', 'all.tar.gz')).err).toMatch(
      /session-x is there already: restore into empty folders/,
    );
    expect(readdirSync(at('new/data'))).toEqual([]);
  });

  test('is refused while a service runs on the folders', async () => {
    const service = await running();
    expect(await terminal('old').run('restore', 'all.tar.gz')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/another Wakeful .* is running/),
    });
    await service.release();
  });

  test('leaves nothing of a file that is no backup, damaged or not there', async () => {
    write('letter.txt', 'Dear all');
    truncateSync(at('all.tar.gz'), 2_000);
    for (const name of ['letter.txt', 'all.tar.gz', 'missing.tar.gz']) {
      expect(await terminal('new').run('restore', name)).toMatchObject({ code: 1, err: expect.stringContaining(name) });
      expect(nothingIn('new')).toEqual([]);
    }
  });

  test('cancels what was queued when told to: the old service has gone on', async () => {
    expect((await terminal('new').run('restore', 'all.tar.gz', '--cancel-queued')).err).not.toContain('Queued then');
    const database = openDatabase(at('new/data'));
    expect(createOutboxStore(database).get('shop', 'm')).toMatchObject({ status: 'failed', failureCode: 'cancelled' });
    database.close();
  });

  test('is refused when a newer Wakeful made it', async () => {
    const writer = new SqliteDatabase(at('old/data/wakeful.db'));
    writer.pragma('user_version = 99');
    writer.close();
    const manifest = { format: 1, version: '9.0.0', madeAt: '2026-01-01', isLive: false, sessions: [], logins: [] };
    write('x/backup.json', JSON.stringify(manifest));
    writeFileSync(at('x/wakeful.db'), readFileSync(at('old/data/wakeful.db')));
    await create({ file: at('newer.tar.gz'), cwd: at('x'), gzip: true }, ['backup.json', 'wakeful.db']);
    expect((await terminal('new').run('restore', 'newer.tar.gz')).err).toContain('it is of a newer Wakeful (schema 99');
    expect(nothingIn('new')).toEqual([]);
  });

  test('takes no link that leads out of the folders', async () => {
    write(
      'x/backup.json',
      JSON.stringify({ format: 1, version: '1', madeAt: '', isLive: false, sessions: [], logins: [] }),
    );
    writeFileSync(at('x/wakeful.db'), readFileSync(at('old/data/wakeful.db')));
    symlinkSync('/etc', at('x/media'));
    await create({ file: at('linked.tar.gz'), cwd: at('x'), gzip: true }, ['backup.json', 'wakeful.db', 'media']);
    expect((await terminal('new').run('restore', 'linked.tar.gz')).code).toBe(0);
    expect(readdirSync(at('new/data'))).toEqual(['wakeful.db']);
  });
});
