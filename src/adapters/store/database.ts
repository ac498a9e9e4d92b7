import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { join } from 'node:path';
import SqliteDatabase from 'better-sqlite3';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from 'kysely';
import { keepBeforeMigration } from './database-copy.js';
import { createJournalFlush, type JournalFlush } from './journal-flush.js';
import { MIGRATIONS } from './migrations.js';
import { builtOnce } from './prepared.js';
import type { Schema } from './schema.js';

/** A query of Kysely's that gives rows of `Row`. */
interface Query<Row> {
  compile(): { readonly sql: string; readonly parameters: readonly unknown[]; readonly query: unknown };
  /** Only names the row's type, as Kysely infers it; never called. */
  executeTakeFirst(): Promise<Row | undefined>;
}

/** The database could not be opened or brought up to date; the message says what to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

/** A query that was built once; only what it is given differs from run to run. */
export interface Prepared<Given, Row> {
  all(given: Given): Row[];
  first(given: Given): Row | undefined;
  /** For a statement that gives no rows; the number of rows it changed. */
  run(given: Given): number;
}

/** Kysely builds the queries, SQLite answers them at once. See docs/decisions/0001-synchronous-sql.md. */
export interface Database {
  /** Builds queries; does not run them. */
  readonly query: Kysely<Schema>;
  /**
   * For queries that run often: building one takes longer than running it. `build` is called once for every set of
   * names that is given, and gets no values but what stands for them: it can only hand them on to Kysely.
   */
  prepare<Given extends object, Row>(build: (given: Given) => Query<Row>): Prepared<Given, Row>;
  all<Row>(query: Query<Row>): Row[];
  first<Row>(query: Query<Row>): Row | undefined;
  /** Runs a statement that gives no rows; the number of rows it changed. Outside of a transaction it waits for the disk. */
  run(query: Pick<Query<unknown>, 'compile'>): number;
  /**
   * All of `work` or nothing of it; on the disk when this returns. Where the disk itself fails, it throws though all of
   * it may be stored: then nobody can tell whether it will stay.
   */
  transaction<T>(work: () => T): T;
  /**
   * The same without waiting for the disk: a kill of the process loses nothing of it, a power cut the last second at
   * most. Within a transaction it is a part of that; a transaction within it is a part of this, which then waits as well.
   * What throws in there must end the whole.
   */
  lazily<T>(work: () => T): T;
  /** Resolves when all that is committed by now is on the disk; rejects when it could not be brought there. */
  onDisk(): Promise<void>;
  /** Idempotent; nothing may be asked afterwards. */
  close(): void;
}

// Only this process uses the file; a tool that looks into it must not hold up every session for long.
const BUSY_TIMEOUT_MS = 1_000;

/**
 * Opens `<dataDir>/wakeful.db`, made with its folder when it is not there, and brings it to the newest schema; one copy of
 * what it was before is kept beside it.
 * Throws DatabaseError when the file is damaged, locked, not writable or from a newer Wakeful.
 */
export function openDatabase(dataDir: string, journalFlush = createJournalFlush): Database {
  const file = join(dataDir, 'wakeful.db');
  let sqlite: SqliteDatabase.Database | null = null;
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    // Messages and key hashes are nobody else's business; SQLite gives -wal and -shm the mode of the file.
    closeSync(openSync(file, 'a', 0o600));
    chmodSync(file, 0o600);
    const opened = new SqliteDatabase(file, { timeout: BUSY_TIMEOUT_MS });
    sqlite = opened;
    sqlite.pragma('journal_mode = WAL');
    // SQLite waits for the disk only when it moves its journal into the file; who must not go on before waits by itself.
    sqlite.pragma('synchronous = NORMAL');
    sqlite.pragma('foreign_keys = ON');
    const query = queryBuilder();
    keepBeforeMigration(sqlite, file);
    migrate(sqlite, query, file);
    return overSqlite(
      sqlite,
      query,
      journalFlush(`${file}-wal`, () => emptyJournal(opened)),
    );
  } catch (cause) {
    sqlite?.close();
    throw cause instanceof DatabaseError ? cause : new DatabaseError(explain(cause, file), { cause });
  }
}

function queryBuilder(): Kysely<Schema> {
  return new Kysely<Schema>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (db) => new SqliteIntrospector(db),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}

function migrate(sqlite: SqliteDatabase.Database, query: Kysely<Schema>, file: string): void {
  const steps = () => {
    const version = Number(sqlite.pragma('user_version', { simple: true }));
    if (version > MIGRATIONS.length) {
      throw new DatabaseError(
        `The database ${file} was written by a newer Wakeful (schema ${version}, this one knows ${MIGRATIONS.length}). ` +
          'Start the newer version, or put the copy made before the update in its place (docs/upgrading.md).',
      );
    }
    for (const step of MIGRATIONS.slice(version)) {
      for (const statement of step(query)) sqlite.exec(statement.compile().sql);
    }
    if (version < MIGRATIONS.length) sqlite.pragma(`user_version = ${MIGRATIONS.length}`);
  };
  // Immediate: of two processes that start at once, the second waits and then finds nothing left to do.
  sqlite.transaction(steps).immediate();
}

/** Brings all that is committed into the file of the database, and to the disk. Throws when that cannot be done. */
function emptyJournal(sqlite: SqliteDatabase.Database): void {
  const isBusy = Number(sqlite.pragma('wal_checkpoint(TRUNCATE)', { simple: true })) !== 0;
  if (isBusy)
    throw new DatabaseError('The disk has failed, and another program that reads the database is in the way.');
}

function overSqlite(sqlite: SqliteDatabase.Database, query: Kysely<Schema>, journal: JournalFlush): Database {
  const statements = new Map<string, SqliteDatabase.Statement<unknown[]>>();
  function statementOf(text: string): SqliteDatabase.Statement<unknown[]> {
    const known = statements.get(text);
    if (known) return known;
    const statement = sqlite.prepare<unknown[]>(text);
    statements.set(text, statement);
    return statement;
  }
  function change(statement: SqliteDatabase.Statement<unknown[]>, parameters: readonly unknown[]): number {
    const { changes } = statement.run(...parameters);
    if (changes > 0 && !sqlite.inTransaction) journal.wait();
    return changes;
  }
  // Made once: the library makes four functions of every one that it is given.
  const asTransaction = sqlite.transaction((work: () => unknown) => work());
  /** Something within the present one must be on the disk. */
  let isAwaited = false;
  const immediately = <T>(work: () => T) => asTransaction.immediate(work) as T;
  return {
    query,
    prepare<Given extends object, Row>(build: (given: Given) => Query<Row>): Prepared<Given, Row> {
      const readied = builtOnce(build, statementOf);
      // The proven edge: Kysely infers Row from the very query that runs here.
      return {
        all: (given) => readied(given, (statement, parameters) => statement.all(...parameters) as Row[]),
        first: (given) => readied(given, (statement, parameters) => statement.get(...parameters) as Row | undefined),
        run: (given) => readied(given, change),
      };
    },
    all<Row>(compilable: Query<Row>) {
      const { sql, parameters } = compilable.compile();
      return statementOf(sql).all(...parameters) as Row[];
    },
    first<Row>(compilable: Query<Row>) {
      const { sql, parameters } = compilable.compile();
      return statementOf(sql).get(...parameters) as Row | undefined;
    },
    run(compilable) {
      const { sql, parameters } = compilable.compile();
      return change(statementOf(sql), parameters);
    },
    transaction(work) {
      if (sqlite.inTransaction) {
        isAwaited = true;
        return work();
      }
      const result = immediately(work);
      journal.wait();
      return result;
    },
    lazily(work) {
      if (sqlite.inTransaction) return work();
      isAwaited = false;
      const result = immediately(work);
      if (isAwaited) journal.wait();
      else journal.soon();
      return result;
    },
    onDisk: () => journal.now(),
    close() {
      sqlite.close();
      journal.close();
    },
  };
}

function explain(cause: unknown, file: string): string {
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? String(cause.code) : '';
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return (
      `The database ${file} is damaged (${code}). Restore it from a backup, or move it away together with its -wal and ` +
      '-shm files to start with an empty one; the browser profiles, and so the logins, are not in it.'
    );
  }
  if (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED')) {
    return `The database ${file} is locked by another program. Stop the other Wakeful, or whatever has the file open.`;
  }
  if (code === 'SQLITE_FULL' || code === 'ENOSPC') return `The disk of ${file} is full (${code}). Free some space.`;
  const what = cause instanceof Error ? cause.message : String(cause);
  return `The database ${file} could not be opened: ${what}. Its folder must be writable by the user that runs Wakeful.`;
}
