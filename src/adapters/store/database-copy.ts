import { chmodSync, closeSync, fsyncSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { MIGRATIONS } from './migrations.js';

const KEPT = /^wakeful-schema-\d+\.db$/;

/**
 * Writes the whole database into a file of its own, readable by its owner only, as of one moment; others may write
 * meanwhile. What the file held before is replaced when the copy is complete. Throws what SQLite throws, as on a full disk.
 */
export function copyDatabase(sqlite: SqliteDatabase.Database, target: string): void {
  const partial = `${target}.partial`;
  rmSync(partial, { force: true });
  // SQLite fills an empty file that is there, and leaves its mode alone.
  closeSync(openSync(partial, 'wx', 0o600));
  try {
    chmodSync(partial, 0o600);
    sqlite.prepare('VACUUM INTO ?').run(partial);
    // SQLite does not wait for the disk here.
    const written = openSync(partial, 'r+');
    fsyncSync(written);
    closeSync(written);
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    throw error;
  }
}

/** Keeps the database as it is, before a newer Wakeful changes its schema: one copy, that of the last time. */
export function keepBeforeMigration(sqlite: SqliteDatabase.Database, file: string): void {
  const schema = schemaOf(sqlite);
  if (schema === 0 || schema >= MIGRATIONS.length) return;
  const folder = dirname(file);
  const kept = `wakeful-schema-${schema}.db`;
  copyDatabase(sqlite, join(folder, kept));
  for (const name of readdirSync(folder)) {
    if (KEPT.test(name) && name !== kept) rmSync(join(folder, name));
  }
}

/** Copies `wakeful.db` of a data folder, whether a service runs on it or not. Throws when it is not there or damaged. */
export function copyDatabaseOf(dataDir: string, target: string): void {
  // Not `readonly`: who may not write leaves -wal and -shm behind, which may then belong to another user than the service.
  const sqlite = new SqliteDatabase(join(dataDir, 'wakeful.db'), { fileMustExist: true });
  try {
    copyDatabase(sqlite, target);
  } finally {
    sqlite.close();
  }
}

/** What is in a copy. `trouble` says why this version cannot use it, null when it can; the rest counts only then. */
export interface CopyReading {
  trouble: string | null;
  sessions: string[];
  /** Messages that nobody has tried to send yet. */
  unsent: number;
}

/** Looks into a copy without changing it. Throws what SQLite throws when it is no database at all. */
export function examineDatabase(file: string): CopyReading {
  const sqlite = new SqliteDatabase(file, { readonly: true, fileMustExist: true });
  try {
    const schema = schemaOf(sqlite);
    if (schema > MIGRATIONS.length) {
      const trouble = `it is of a newer Wakeful (schema ${schema}, this one knows ${MIGRATIONS.length})`;
      return { trouble, sessions: [], unsent: 0 };
    }
    const check = String(sqlite.pragma('quick_check', { simple: true }));
    if (check !== 'ok') return { trouble: `its database is damaged: ${check}`, sessions: [], unsent: 0 };
    const sessions = sqlite.prepare<[], { id: string }>('select id from session order by id').all();
    const row = sqlite.prepare<[], { n: number }>("select count(*) as n from outbox where state = 'queued'").get();
    return { trouble: null, sessions: sessions.map(({ id }) => id), unsent: row?.n ?? 0 };
  } finally {
    sqlite.close();
  }
}

/** Cancels in a copy what nobody has tried to send yet; the number of messages. */
export function cancelUnsent(file: string, now: number): number {
  const sqlite = new SqliteDatabase(file, { fileMustExist: true });
  try {
    const change =
      "update outbox set state = 'failed', failure_code = 'cancelled', updated_at = ? where state = 'queued'";
    return sqlite.prepare(change).run(now).changes;
  } finally {
    sqlite.close();
  }
}

function schemaOf(sqlite: SqliteDatabase.Database): number {
  return Number(sqlite.pragma('user_version', { simple: true }));
}
