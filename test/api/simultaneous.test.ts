import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../support/until.js';
import type { PlainAnswer } from './support/fuzz/plain-http.js';
import { shown } from './support/fuzz/promises.js';
import { type StoredApi, startStoredApi } from './support/stored-api.js';

/** Enough for all of them together, each of which is written to the disk. */
const PATIENCE_MS = 20_000;
const TEXT = { to: '491511234567', text: 'once' };

/** How often each came. */
function count(values: (string | number | undefined)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[`${value}`] = (counts[`${value}`] ?? 0) + 1;
  return counts;
}

const statuses = (answers: PlainAnswer[]) => count(answers.map(({ status }) => status));

describe('the same request many times at once', () => {
  let folder: string;
  let api: StoredApi;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-simultaneous-'));
    api = await startStoredApi(folder, { patienceMs: PATIENCE_MS });
  });

  afterEach(async () => {
    await api.stop();
    expect(api.browsers.breaches).toEqual([]);
    rmSync(folder, { recursive: true, force: true });
  });

  function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const json = { 'content-type': 'application/json', ...headers };
    const given = body === undefined ? {} : json;
    return api.http.send({
      method,
      path,
      headers: { authorization: 'Bearer admin', ...given },
      body: body === undefined ? null : Buffer.from(JSON.stringify(body)),
    });
  }

  const times = <T>(many: number, make: (n: number) => Promise<T>) =>
    Promise.all(Array.from({ length: many }, (_, n) => make(n)));
  const messages = async () => (await shown(api.read)).sessions.get('sales')?.messages ?? [];

  test('makes one session and one browser of twenty creations', async () => {
    const answers = await times(20, (n) => call('POST', '/api/sessions', { id: 'sales', label: `${n}` }));
    expect(statuses(answers)).toEqual({ 201: 1, 409: 19 });
    await until('the session is connected', PATIENCE_MS, async () => (await session()).status === 'connected');
    expect(api.browsers.clients).toHaveLength(1);
    const made = JSON.parse(answers.find(({ status }) => status === 201)?.text ?? '{}');
    expect(await session()).toMatchObject({ label: made.label });
  });

  const session = async () =>
    JSON.parse((await call('GET', '/api/sessions/sales')).text) as { status: string; label: string };

  test('makes one message of fifty with the same key and the same words', async () => {
    await call('POST', '/api/sessions', { id: 'sales' });
    const headers = { 'idempotency-key': 'k' };
    const answers = await times(50, () => call('POST', '/api/sessions/sales/messages', TEXT, headers));
    expect(statuses(answers)).toEqual({ 202: 50 });
    expect(count(answers.map((answer) => answer.headers['idempotent-replayed'] as string))).toEqual({
      undefined: 1,
      true: 49,
    });
    const ids = new Set(answers.map(({ text }) => JSON.parse(text).id));
    expect(await messages()).toEqual([...ids].map((id) => [id, 'once']));
    expect(ids.size).toBe(1);
    await until('it is sent', PATIENCE_MS, () => api.browsers.whatsapp('sales').texts.length > 0);
    expect(api.browsers.whatsapp('sales').texts).toEqual(['once']);
  });

  test('takes one of fifty with the same key and other words each', async () => {
    await call('POST', '/api/sessions', { id: 'sales' });
    const headers = { 'idempotency-key': 'k' };
    const answers = await times(50, (n) =>
      call('POST', '/api/sessions/sales/messages', { ...TEXT, text: `words ${n}` }, headers),
    );
    expect(statuses(answers)).toEqual({ 202: 1, 409: 49 });
    const refused = answers.filter(({ status }) => status === 409).map(({ text }) => JSON.parse(text).code);
    expect(count(refused)).toEqual({ idempotency_conflict: 49 });
    expect(await messages()).toHaveLength(1);
  });

  test('loses none of fifty messages without a key, and sends each once', async () => {
    await call('POST', '/api/sessions', { id: 'sales' });
    const answers = await times(50, (n) =>
      call('POST', '/api/sessions/sales/messages', { ...TEXT, text: `words ${n}` }, { prefer: 'wait=15' }),
    );
    expect(statuses(answers)).toEqual({ 200: 50 });
    const { texts } = api.browsers.whatsapp('sales');
    expect(texts.toSorted()).toEqual(Array.from({ length: 50 }, (_, n) => `words ${n}`).toSorted());
    expect((await messages()).map(([, text]) => text)).toEqual(texts);
  });

  test('removes a session once', async () => {
    await call('POST', '/api/sessions', { id: 'sales' });
    expect(statuses(await times(20, () => call('DELETE', '/api/sessions/sales')))).toEqual({ 204: 1, 404: 19 });
    expect(api.browsers.live()).toBe(0);
  });

  test('leaves no browser of a session that is created, connected, disconnected and removed all at once', async () => {
    const all = await times(20, (n) =>
      Promise.all([
        call('POST', '/api/sessions', { id: 'sales', label: `${n}` }),
        call('POST', '/api/sessions/sales/connect'),
        call('POST', '/api/sessions/sales/messages', TEXT),
        call('POST', '/api/sessions/sales/disconnect', { force: n % 2 === 0 }),
        call('POST', '/api/sessions/sales/force-reconnect'),
        call('DELETE', '/api/sessions/sales'),
      ]),
    );
    expect(all.flat().filter(({ status }) => status >= 500)).toEqual([]);
    await call('DELETE', '/api/sessions/sales');
    expect((await call('GET', '/api/sessions/sales')).status).toBe(404);
    expect(api.browsers.live()).toBe(0);
  });
});
