import { afterEach, describe, expect, test } from '@jest/globals';
import { type Api, startApi } from './support/api-harness.js';

describe('access', () => {
  let api: Api;
  afterEach(() => api.stop());

  test.each(['/api/sessions', '/api/stats', '/openapi.json', '/nowhere'])('%s needs a key', async (path) => {
    api = await startApi();
    for (const key of [null, 'wrong']) {
      const { status, json, headers } = await api.ask('GET', path, { key });
      expect(status).toBe(401);
      expect(json.code).toBe('unauthorized');
      expect(headers.get('www-authenticate')).toContain('Bearer');
    }
    expect((await api.ask('POST', '/api/sessions', { key: null, raw: '{bad' })).status).toBe(401);
  });

  test.each(['/health', '/ready'])('%s needs none', async (path) => {
    api = await startApi();
    expect((await api.ask('GET', path, { key: null })).status).toBe(200);
  });

  test('takes the key in either header', async () => {
    api = await startApi();
    for (const headers of [{ authorization: 'bearer admin' }, { 'x-api-key': 'admin' }]) {
      expect((await api.ask('GET', '/api/sessions', { key: null, headers })).status).toBe(200);
    }
  });

  test('lets a viewer look, but not act, link or see chats as pictures', async () => {
    api = await startApi();
    api.fleet.add('sales');
    api.fleet.showQr('sales', '2@secret');
    for (const path of ['', '/sales', '/sales/events', '/sales/messages', '/sales/chats']) {
      expect((await api.ask('GET', `/api/sessions${path}`, { key: 'viewer' })).status).toBe(200);
    }
    const refused = [
      ['POST', '/api/sessions'],
      ['PATCH', '/api/sessions/sales'],
      ['DELETE', '/api/sessions/sales'],
      ['POST', '/api/sessions/sales/connect'],
      ['POST', '/api/sessions/sales/disconnect'],
      ['POST', '/api/sessions/sales/force-reconnect'],
      ['POST', '/api/whatsapp-web/force-reconnect/sales'],
      ['POST', '/api/sessions/sales/logout'],
      ['POST', '/api/sessions/sales/pairing-code'],
      ['POST', '/api/sessions/sales/messages'],
      ['GET', '/api/sessions/sales/qr'],
      ['GET', '/api/sessions/sales/screenshot'],
    ] as const;
    for (const [method, path] of refused) {
      const { status, json } = await api.ask(method, path, { key: 'viewer' });
      expect([method, path, status, json.code]).toEqual([method, path, 403, 'forbidden']);
    }
    expect(api.fleet.calls).toEqual([]);
  });

  test('lets an operator act', async () => {
    api = await startApi();
    api.fleet.add('sales');
    expect((await api.ask('POST', '/api/sessions/sales/connect', { key: 'operator' })).status).toBe(202);
  });

  test('stops guessing from an address without locking out who signed in from there before', async () => {
    api = await startApi({ failedSignInsPerMinute: 3 });
    expect((await api.ask('GET', '/api/sessions', { key: 'operator' })).status).toBe(200);
    const statuses = [];
    for (let i = 0; i < 5; i += 1) statuses.push((await api.ask('GET', '/api/sessions', { key: `guess-${i}` })).status);
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    const guessedRight = await api.ask('GET', '/api/sessions', { key: 'admin' });
    expect([guessedRight.status, guessedRight.json.code]).toEqual([429, 'too_many_requests']);
    expect(Number(guessedRight.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await api.ask('GET', '/api/sessions', { key: 'operator' })).status).toBe(200);
    expect((await api.ask('GET', '/health', { key: null })).status).toBe(200);
  });

  test('forgets a revoked key at once', async () => {
    api = await startApi();
    api.keys.remove('operator');
    expect((await api.ask('GET', '/api/sessions', { key: 'operator' })).status).toBe(401);
  });

  test('limits the requests of one key and leaves another alone', async () => {
    api = await startApi({ requestsPerSecond: 5 });
    const burst = await Promise.all(Array.from({ length: 20 }, () => api.ask('GET', '/api/stats')));
    expect(burst.some(({ status }) => status === 429)).toBe(true);
    expect(burst.find(({ status }) => status === 429)?.headers.get('retry-after')).not.toBeNull();
    expect((await api.ask('GET', '/api/stats', { key: 'viewer' })).status).toBe(200);
  });
});
