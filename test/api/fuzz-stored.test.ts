import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import SqliteDatabase from 'better-sqlite3';
import fc from 'fast-check';
import { type Operation, operationsOf } from './support/fuzz/api-document.js';
import { type FuzzRequest, requestOf } from './support/fuzz/fuzz-request.js';
import { KNOWN, PATIENCE_MS, RUNS, SEED, TEST_MS } from './support/fuzz/fuzz-settings.js';
import { judge } from './support/fuzz/judge.js';
import { Promises, type Shown, shown } from './support/fuzz/promises.js';
import { type StoredApi, startStoredApi } from './support/stored-api.js';

interface Call {
  operation: Operation;
  request: FuzzRequest;
}

const LIVES = Math.max(1, Math.round(RUNS / 15));
const AT_ONCE = 8;
const start = (dataDir: string) => startStoredApi(dataDir, { patienceMs: PATIENCE_MS });
/** What makes and changes sessions and messages, and so is called more often. */
const CHANGES = ['createSession', 'createSession', 'changeSession', 'removeSession', 'sendMessage', 'sendMessage'];

describe('a service on a real database that is called in every odd way', () => {
  let folder: string;
  let calls: fc.Arbitrary<Call[]>;
  const unhandled: unknown[] = [];
  const note = (error: unknown) => void unhandled.push(error);

  beforeEach(async () => {
    process.on('unhandledRejection', note);
    folder = mkdtempSync(join(tmpdir(), 'wakeful-fuzz-'));
    const api = await start(folder);
    const operations = operationsOf(await api.read('/openapi.json'));
    await api.stop();
    const called = new Map(operations.map((operation) => [operation.id, callOf(operation)]));
    const changes = CHANGES.flatMap((id) => called.get(id) ?? []);
    expect(changes).toHaveLength(CHANGES.length);
    const any = fc.oneof(...called.values(), ...Array.from({ length: 6 }, () => changes).flat());
    calls = fc.array(any, { minLength: 1, maxLength: 150, size: 'max' });
  });

  afterEach(() => {
    process.off('unhandledRejection', note);
    rmSync(folder, { recursive: true, force: true });
    expect(unhandled).toEqual([]);
  });

  const callOf = (operation: Operation): fc.Arbitrary<Call> =>
    requestOf(operation, KNOWN).map((request) => ({
      operation,
      request,
      [fc.toStringMethod]: () => `\n${fc.stringify(request)}`,
    }));

  /** One life of a service, from an empty folder; then a second one on what it left. */
  async function live(use: (api: StoredApi) => Promise<void>): Promise<void> {
    const dataDir = mkdtempSync(join(folder, 'life-'));
    const api = await start(dataDir);
    let before: Shown;
    try {
      await use(api);
      expect(await api.read('/health')).toMatchObject({ status: 'ok' });
      before = await shown(api.read);
    } finally {
      await api.stop();
    }
    expect(api.browsers.breaches).toEqual([]);
    expect(api.browsers.live()).toBe(0);
    expect(api.logger.lines.filter(({ level }) => level === 'error')).toEqual([]);
    requireSound(dataDir);
    const next = await start(dataDir);
    const after = await shown(next.read);
    await next.stop();
    expect(after).toEqual(before);
  }

  function requireSound(dataDir: string): void {
    const database = new SqliteDatabase(join(dataDir, 'wakeful.db'), { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(database.pragma('foreign_key_check')).toEqual([]);
    const ofNobody = `SELECT * FROM delivery WHERE endpoint LIKE 'session:%' AND session_id NOT IN (SELECT id FROM session)`;
    expect(database.prepare(ofNobody).all()).toEqual([]);
    database.close();
  }

  test(
    'shows what its answers promised, now and after a restart',
    async () => {
      const obeys = fc.asyncProperty(calls, (all) =>
        live(async (api) => {
          const promises = new Promises(await shown(api.read));
          for (const { operation, request } of all) {
            const answer = await api.http.send(request);
            judge(operation, request, answer);
            promises.note(request, answer);
          }
          promises.compare(await shown(api.read));
        }),
      );
      await fc.assert(obeys, { ...SEED, numRuns: LIVES, interruptAfterTimeLimit: TEST_MS / 2 });
    },
    TEST_MS,
  );

  test(
    'keeps its word to many callers at the same time',
    async () => {
      const obeys = fc.asyncProperty(calls, (all) =>
        live(async (api) => {
          const waiting = all.values();
          const caller = async () => {
            for (const { operation, request } of waiting) judge(operation, request, await api.http.send(request));
          };
          await Promise.all(Array.from({ length: AT_ONCE }, caller));
        }),
      );
      await fc.assert(obeys, { ...SEED, numRuns: LIVES, interruptAfterTimeLimit: TEST_MS / 2 });
    },
    TEST_MS,
  );
});
