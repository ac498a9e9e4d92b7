import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import SqliteDatabase from 'better-sqlite3';
import { type Database, DatabaseError, openDatabase } from '../../../src/adapters/store/database.js';
import { createInboxStore } from '../../../src/adapters/store/inbox-store.js';
import type { JournalFlush } from '../../../src/adapters/store/journal-flush.js';
import { MIGRATIONS } from '../../../src/adapters/store/migrations.js';
import { createOutboxStore } from '../../../src/adapters/store/outbox-store.js';
import { createSessionStore } from '../../../src/adapters/store/session-store.js';
import { createTimelineStore } from '../../../src/adapters/store/timeline-store.js';
import { commonOf } from '../../../src/domain/attempt.js';
import type { Clock, Logger } from '../../../src/domain/ports.js';
import { initialState, type SessionState } from '../../../src/domain/session-state.js';
import { anIncoming } from '../../support/fake-whatsapp.js';
import { anOutboxInsert } from '../../support/outbox-message.js';
import { aRecord } from './contracts/session-store.js';

const logged: string[] = [];
const logger: Logger = { debug() {}, info() {}, warn() {}, error: (event) => void logged.push(event) };
const clock: Clock = { now: () => 7_000, schedule: () => () => {} };

describe('R12 the database', () => {
  let folder: string;
  let opened: Database[];

  const open = () => {
    const database = openDatabase(join(folder, 'data'));
    opened.push(database);
    return database;
  };
  const raw = () => new SqliteDatabase(join(folder, 'data', 'wakeful.db'));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-db-'));
    opened = [];
    logged.length = 0;
  });

  afterEach(() => {
    for (const database of opened) database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is readable by its owner only', () => {
    createSessionStore(open(), logger, clock).insert(aRecord('sales'));
    const mode = (path: string) => statSync(path).mode & 0o777;
    expect(mode(join(folder, 'data'))).toBe(0o700);
    for (const name of ['wakeful.db', 'wakeful.db-wal']) expect(mode(join(folder, 'data', name))).toBe(0o600);
  });

  test('R15 keeps status, counters and times over a restart, and closing twice does no harm', () => {
    const first = open();
    const sessions = createSessionStore(first, logger, clock);
    sessions.insert(aRecord('sales'));
    const state: SessionState = {
      ...commonOf(initialState(2_000)),
      ...{ status: 'suspended', until: 9_000, reason: 'ready_timeout', desired: 'running', linked: true },
      ...{ epoch: 12, attempt: 7, lastAttemptAt: 3_000, errorCount: 8, qrRounds: 3 },
      breaker: { state: 'open', failures: 5, until: 9_500 },
      credentials: { failures: 2, lastFailureAt: 4_000 },
    };
    const facts = {
      ...{ phoneNumber: '491511234567', webVersion: '2.3000.1' },
      ...{ lastQrScanAt: 5_000, lastConnectionCheckAt: 6_000, lastActivityAt: 6_500 },
    };
    sessions.saveState('sales', state, facts);
    first.close();
    first.close();
    expect(createSessionStore(open(), logger, clock).all()).toEqual([aRecord('sales', { state, facts })]);
    expect(logged).toEqual([]);
  });

  test('keeps what was committed when the process is killed', () => {
    open().close();
    const better = createRequire(import.meta.url).resolve('better-sqlite3');
    const script = `
      const db = new (require(${JSON.stringify(better)}))(${JSON.stringify(join(folder, 'data', 'wakeful.db'))});
      db.prepare("insert into api_key (id, name, role, hash, created_at) values ('k', 'n', 'admin', 'h', 1)").run();
      process.kill(process.pid, 'SIGKILL');`;
    expect(spawnSync(process.execPath, ['-e', script]).signal).toBe('SIGKILL');
    const reader = raw();
    expect(reader.prepare('select count(*) as n from api_key').get()).toEqual({ n: 1 });
    reader.close();
  });

  test('waits for the disk, but for what need not be there at once: of that it takes all or nothing, too', () => {
    const waits: string[] = [];
    const toldOnly: JournalFlush = {
      wait: () => void waits.push('now'),
      soon: () => void waits.push('soon'),
      now: async () => {},
      close() {},
    };
    const database = openDatabase(join(folder, 'data'), () => toldOnly);
    opened.push(database);
    const sessions = createSessionStore(database, logger, clock);
    const waitsOf = (work: () => void) => {
      waits.length = 0;
      work();
      return [...waits];
    };
    const insert = (id: string) => void sessions.insert(aRecord(id));
    expect(waitsOf(() => insert('sales'))).toEqual(['now']);
    expect(waitsOf(() => insert('sales'))).toEqual([]);
    expect(waitsOf(() => database.transaction(() => insert('support')))).toEqual(['now']);
    expect(waitsOf(() => database.transaction(() => database.lazily(() => insert('office'))))).toEqual(['now']);
    expect(waitsOf(() => database.lazily(() => insert('shop')))).toEqual(['soon']);
    expect(waitsOf(() => database.lazily(() => database.transaction(() => insert('desk'))))).toEqual(['now']);
    expect(() =>
      database.lazily(() => {
        insert('nobody');
        throw new Error('no');
      }),
    ).toThrow('no');
    const ids = sessions.all().map(({ id }) => id);
    expect(ids).toEqual(['desk', 'office', 'sales', 'shop', 'support']);
  });

  test('says when all that was committed is on the disk, also after it was opened anew', async () => {
    for (const id of ['sales', 'support']) {
      const database = open();
      database.lazily(() => createSessionStore(database, logger, clock).insert(aRecord(id)));
      await database.onDisk();
      database.close();
      await expect(database.onDisk()).rejects.toThrow();
    }
  });

  test('keeps what was committed lazily when the process is killed', () => {
    const lazy = open();
    lazy.lazily(() => createSessionStore(lazy, logger, clock).insert(aRecord('sales')));
    const reader = raw();
    expect(reader.prepare('select id from session').all()).toEqual([{ id: 'sales' }]);
    reader.close();
  });

  test('says what to do when the file is damaged', () => {
    open().close();
    writeFileSync(
      join(folder, 'data', 'wakeful.db'),
      'this is no database, and it is long enough to be looked at. '.repeat(20),
    );
    expect(() => open()).toThrow(/wakeful\.db is damaged .*backup/s);
    expect(() => open()).toThrow(DatabaseError);
  });

  test('refuses a database of a newer version and leaves it as it is', () => {
    open().close();
    const writer = raw();
    writer.pragma('user_version = 99');
    writer.close();
    expect(() => open()).toThrow(/newer Wakeful \(schema 99/);
  });

  describe('before a newer version changes the schema', () => {
    const newest = MIGRATIONS.length;
    const kept = () => readdirSync(join(folder, 'data')).filter((name) => name.startsWith('wakeful-schema-'));

    /** What a version that knew only the first steps has left. */
    const writeWith = (schema: number) => {
      const { query, close } = openDatabase(join(folder, 'newest'));
      close();
      mkdirSync(join(folder, 'data'));
      const old = raw();
      for (const step of MIGRATIONS.slice(0, schema)) {
        for (const statement of step(query)) old.exec(statement.compile().sql);
      }
      old.prepare("insert into api_key (id, name, role, hash, created_at) values ('k', 'n', 'admin', 'h', 1)").run();
      old.pragma(`user_version = ${schema}`);
      old.close();
    };

    test('one copy of it is kept, for its owner only, that the older version can open', () => {
      writeWith(newest - 1);
      writeFileSync(join(folder, 'data', 'wakeful-schema-1.db'), 'of the update before');
      open();
      expect(kept()).toEqual([`wakeful-schema-${newest - 1}.db`]);
      const file = join(folder, 'data', `wakeful-schema-${newest - 1}.db`);
      expect(statSync(file).mode & 0o777).toBe(0o600);
      const copy = new SqliteDatabase(file, { readonly: true });
      expect(copy.pragma('user_version', { simple: true })).toBe(newest - 1);
      expect(copy.prepare('select id from api_key').all()).toEqual([{ id: 'k' }]);
      copy.close();
    });

    test('nothing is copied for a new database, nor for one that is up to date', () => {
      open();
      open();
      expect(kept()).toEqual([]);
    });
  });

  test('says so when the folder cannot be made', () => {
    writeFileSync(join(folder, 'data'), 'a file');
    expect(() => open()).toThrow(/could not be opened/);
  });

  test('rolls a failed transaction back', () => {
    const database = open();
    const sessions = createSessionStore(database, logger, clock);
    expect(() =>
      database.transaction(() => {
        sessions.insert(aRecord('sales'));
        throw new Error('half way');
      }),
    ).toThrow('half way');
    expect(sessions.all()).toEqual([]);
  });

  test('replaces a state that cannot be read by a fresh one that keeps wish and epoch, and logs it', () => {
    const sessions = createSessionStore(open(), logger, clock);
    sessions.insert(aRecord('sales', { state: { ...initialState(1_000), desired: 'running', epoch: 12 } }));
    const writer = raw();
    writer.prepare('update session set state = ?, facts = ?').run('{"status":"dreaming"}', 'no JSON');
    writer.close();
    expect(sessions.all()[0]?.state).toEqual({ ...initialState(7_000), desired: 'running', epoch: 12 });
    expect(sessions.all()[0]?.facts.phoneNumber).toBeNull();
    expect(logged).toContain('store.state_unreadable');
  });

  test('reads a message that an older version accepted as the text it is', () => {
    const database = open();
    createSessionStore(database, logger, clock).insert(aRecord('sales'));
    const writer = raw();
    const columns = 'id, session_id, content_hash, seq, recipient, body, state, created_at, updated_at';
    writer
      .prepare(`insert into outbox (${columns}) values ('m', 'sales', 'h', 1, 'a@c.us', 'hello', 'queued', 1, 1)`)
      .run();
    writer.close();
    const text = { content: { type: 'text', text: 'hello' }, quotedMessageId: null, expiresAt: null, notBefore: null };
    expect(createOutboxStore(database).heads('sales', { queued: true, sending: false })).toMatchObject([
      { id: 'm', ...text, presetId: null },
    ]);
  });

  test('reads messages that an earlier version stored, which knew of no files and no changes', () => {
    const database = open();
    createSessionStore(database, logger, clock).insert(aRecord('sales'));
    const inbox = createInboxStore(database);
    const { media: _media, editedAt: _editedAt, revokedAt: _revokedAt, ...before } = anIncoming('w', 1);
    inbox.insert('sales', anIncoming('w', 1), 1);
    const writer = raw();
    writer.prepare('update inbox set message = ?').run(JSON.stringify(before));
    writer.close();
    expect(inbox.list('sales', { after: 0, limit: 9 })[0]?.message).toEqual(anIncoming('w', 1));
  });

  test('forgets messages and timeline with their session, and takes nothing more for it', () => {
    const database = open();
    const sessions = createSessionStore(database, logger, clock);
    const timeline = createTimelineStore(database);
    const outbox = createOutboxStore(database);
    const inbox = createInboxStore(database);
    const entry = { sessionId: 'sales', at: 1, event: 'session.created', message: 'x', data: {} };
    const incoming = anIncoming('w', 1);
    sessions.insert(aRecord('sales'));
    timeline.append(entry);
    inbox.insert('sales', incoming, 1);
    outbox.accept(anOutboxInsert('m'));
    sessions.remove('sales');
    expect(timeline.append(entry).seq).toBe(0);
    expect(inbox.insert('sales', incoming, 2)).toBe(false);
    sessions.insert(aRecord('sales'));
    expect(timeline.list('sales', { after: 0, limit: 9 })).toEqual([]);
    expect(inbox.list('sales', { after: 0, limit: 9 })).toEqual([]);
    expect(outbox.get('sales', 'm')).toBeNull();
  });
});
