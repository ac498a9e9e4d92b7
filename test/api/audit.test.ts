import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { until } from '../support/until.js';
import { type Api, startApi } from './support/api-harness.js';

describe('the audit trail', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
    api.fleet.add('sales');
  });
  afterEach(() => api.stop());

  /** The entries as a table: who, what, about what, and what came of it. */
  const rows = () =>
    api.auditStore.entries.map(({ keyId, action, sessionId, targetId, status }) => [
      ...[keyId, action, sessionId, targetId, status],
    ]);

  test('has every request that changed something, with who, what, from where and what came of it', async () => {
    await api.ask('POST', '/api/sessions/sales/connect', { key: 'operator', body: {} });
    const { json } = await api.ask('GET', '/api/audit');
    expect(json.items).toEqual([
      {
        seq: 1,
        at: new Date(1_000_000).toISOString(),
        keyId: 'operator',
        keyName: 'operator',
        role: 'operator',
        action: 'POST /api/sessions/:id/connect',
        sessionId: 'sales',
        targetId: null,
        status: 202,
        ip: '127.0.0.1',
      },
    ]);
  });

  test('says what a request was about, also where its path does not', async () => {
    await api.ask('POST', '/api/sessions', { body: { id: 'shop' } });
    await api.ask('POST', '/api/whatsapp-web/force-reconnect/shop', { body: {} });
    await api.ask('POST', '/api/webhooks/test', { body: { sessionId: 'shop' } });
    const { id } = (await api.ask('POST', '/api/keys', { body: { name: 'x', role: 'viewer' } })).json;
    await api.ask('DELETE', `/api/keys/${id}`);
    await api.ask('POST', '/api/webhooks/deliveries/dlv_1/redeliver', { body: {} });
    expect(rows().reverse()).toEqual([
      ['admin', 'POST /api/sessions', 'shop', null, 201],
      ['admin', 'POST /api/whatsapp-web/force-reconnect/:sessionId', 'shop', null, 202],
      ['admin', 'POST /api/webhooks/test', 'shop', null, 409],
      ['admin', 'POST /api/keys', null, id, 201],
      ['admin', 'DELETE /api/keys/:id', null, id, 204],
      ['admin', 'POST /api/webhooks/deliveries/:id/redeliver', null, 'dlv_1', 404],
    ]);
  });

  test('has who was refused, too, but not who only looked or did not sign in', async () => {
    await api.ask('DELETE', '/api/sessions/sales', { key: 'viewer' });
    await api.ask('DELETE', '/api/sessions/nobody');
    await api.ask('DELETE', `/api/sessions/${'x'.repeat(500)}`);
    await api.ask('GET', '/api/sessions');
    await api.ask('DELETE', '/api/sessions/sales', { key: 'wrong' });
    expect(rows().reverse()).toEqual([
      ['viewer', 'DELETE /api/sessions/:id', 'sales', null, 403],
      ['admin', 'DELETE /api/sessions/:id', 'nobody', null, 404],
      ['admin', 'DELETE /api/sessions/:id', null, null, 400],
    ]);
  });

  test('holds nothing of what was sent or given out, nor does the log', async () => {
    const { secret } = (await api.ask('POST', '/api/keys', { body: { name: 'x', role: 'viewer' } }))
      .json as unknown as {
      secret: string;
    };
    const message = { to: '491511234567', text: 'a private word' };
    // What is accepted stands in the outbox; what is refused stands nowhere else.
    await api.ask('POST', '/api/sessions/sales/messages', { body: message });
    await api.ask('POST', '/api/sessions/nobody/messages', { body: message });
    const everything = JSON.stringify(api.auditStore.entries) + api.told.join();
    expect(api.auditStore.entries).toHaveLength(2);
    for (const hidden of [secret, 'private word', '491511234567']) expect(everything).not.toContain(hidden);
    expect(api.told.filter((line) => line.startsWith('api.audit'))).toHaveLength(2);
  });

  test('says when the caller did not wait for the answer', async () => {
    const gone = request({
      ...{ port: api.port, method: 'POST', path: '/api/sessions/sales/messages' },
      headers: { 'x-api-key': 'admin', 'content-type': 'application/json', prefer: 'wait=20' },
    });
    gone.on('error', () => {});
    const handled = new Promise<void>((resolve) => {
      api.fleet.settled = async (id, messageId) => {
        gone.destroy();
        await until('the caller is gone', 5_000, () => rows().length > 0);
        resolve();
        return api.fleet.message(id, messageId);
      };
    });
    gone.end(JSON.stringify({ to: '491511234567', text: 'Hello' }));
    await handled;
    expect(rows()).toEqual([['admin', 'POST /api/sessions/:id/messages', 'sales', null, null]]);
  });

  test('does not keep a request from its answer when it cannot be written', async () => {
    api.auditStore.broken = true;
    expect((await api.ask('POST', '/api/sessions/sales/connect', { body: {} })).status).toBe(202);
    expect(api.told.join()).toContain('api.audit');
    expect(api.logged.join()).toContain('The audit trail could not be written');
  });

  test('pages, and picks a session or a key', async () => {
    for (const key of ['admin', 'operator', 'admin']) {
      await api.ask('POST', '/api/sessions/sales/connect', { key, body: {} });
    }
    const seqs = async (query: string) => (await api.ask('GET', `/api/audit${query}`)).json.items.map(({ seq }) => seq);
    expect(await seqs('?limit=2')).toEqual([3, 2]);
    expect((await api.ask('GET', '/api/audit?limit=2')).json.next).toBe('2');
    expect(await seqs('?after=2')).toEqual([1]);
    expect(await seqs('?keyId=operator')).toEqual([2]);
    expect(await seqs('?sessionId=other')).toEqual([]);
  });

  test('forgets after 90 days', async () => {
    await api.ask('POST', '/api/sessions/sales/connect', { body: {} });
    api.passTime(89 * 24 * 60 * 60_000);
    api.audit.prune();
    expect(rows()).toHaveLength(1);
    api.passTime(2 * 24 * 60 * 60_000);
    api.audit.prune();
    expect(rows()).toHaveLength(0);
  });
});
