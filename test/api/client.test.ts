import { spawnSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, startApi } from './support/api-harness.js';

const shop = { path: { id: 'shop' } };

describe('a client that knows only the document', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.stop());

  test('has the types of the document as it is now', () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/write-client.mjs', '--check'], {
      encoding: 'utf8',
    });
    expect([status, stdout + stderr]).toEqual([0, 'client: everything is up to date\n']);
  });

  test('creates a session, finds it in the list, changes and removes it', async () => {
    const created = await api.client.POST('/api/sessions', { body: { id: 'shop', label: 'My shop' } });
    expect([created.response.status, created.data?.status]).toEqual([201, api.fleet.peek('shop').view.status]);
    expect(created.response.headers.get('location')).toBe('/api/sessions/shop');
    const { data: page } = await api.client.GET('/api/sessions', { params: { query: { limit: 1 } } });
    expect(page?.items.map(({ id, label }) => [id, label])).toEqual([['shop', 'My shop']]);
    const { data } = await api.client.PATCH('/api/sessions/{id}', { params: shop, body: { label: null } });
    expect(data?.label).toBeNull();
    expect((await api.client.DELETE('/api/sessions/{id}', { params: shop })).response.status).toBe(204);
    const { error } = await api.client.GET('/api/sessions/{id}', { params: shop });
    expect([error?.code, error?.retryable]).toEqual(['session_not_found', false]);
  });

  test('sends a message once, however often it asks', async () => {
    api.fleet.add('shop');
    const send = () =>
      api.client.POST('/api/sessions/{id}/messages', {
        params: { ...shop, header: { 'Idempotency-Key': 'order-1017' } },
        body: { to: '+49 151 12345678', text: 'Hello' },
      });
    const [first, second] = [await send(), await send()];
    expect([first.response.status, first.data?.status]).toEqual([202, 'queued']);
    expect(second.data?.id).toBe(first.data?.id);
    expect(second.response.headers.get('idempotent-replayed')).toBe('true');
    const { data: listed } = await api.client.GET('/api/sessions/{id}/messages', {
      params: { ...shop, query: { status: 'queued' } },
    });
    expect(listed?.items.map(({ body }) => body)).toEqual(['Hello']);
  });

  test('gets the QR code in the form that it asks for', async () => {
    api.fleet.add('shop');
    const none = await api.client.GET('/api/sessions/{id}/qr', {
      params: shop,
      headers: { accept: 'application/json' },
    });
    expect(none.error?.code).toBe('no_qr');
    api.fleet.showQr('shop', '2@abc');
    const { data } = await api.client.GET('/api/sessions/{id}/qr', { params: shop, parseAs: 'arrayBuffer' });
    expect(Buffer.from(data ?? new ArrayBuffer(0)).toString('latin1', 1, 4)).toBe('PNG');
  });

  test('is told by the compiler what the service would refuse', async () => {
    // @ts-expect-error: the id is missing
    const { error } = await api.client.POST('/api/sessions', { body: { label: 'My shop' } });
    expect(error?.errors?.map(({ path }) => path)).toEqual(['id']);
  });

  test('makes a key and reads who changed what', async () => {
    const { data: key } = await api.client.POST('/api/keys', { body: { name: 'till', role: 'viewer' } });
    expect(key?.secret).toMatch(/^wk_\w{32}$/);
    const { data: audit } = await api.client.GET('/api/audit', { params: { query: { limit: 1 } } });
    expect(audit?.items.map(({ action, targetId }) => [action, targetId])).toEqual([['POST /api/keys', key?.id]]);
  });
});
