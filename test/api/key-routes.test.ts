import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { newKeySchema } from '../../src/api/key-routes.js';
import { ensureFirstKey } from '../../src/api/keys.js';
import { type Api, startApi } from './support/api-harness.js';

describe('keys over the API', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.stop());

  const make = (body: object) => api.ask('POST', '/api/keys', { body });
  async function made(body: object): Promise<z.infer<typeof newKeySchema>> {
    const { status, json } = await make(body);
    expect(status).toBe(201);
    return newKeySchema.parse(json);
  }
  const list = async () =>
    z.array(z.looseObject({ id: z.string() })).parse((await api.ask('GET', '/api/keys')).json.items);

  test('are made with their secret shown once, and work at once', async () => {
    const key = await made({ name: ' till ', role: 'operator' });
    expect(key).toMatchObject({ name: 'till', role: 'operator', sessionIds: null, expiresAt: null, lastUsedAt: null });
    expect(key.secret).toMatch(/^wk_\w{32}$/);
    expect((await api.ask('GET', '/api/sessions', { key: key.secret })).status).toBe(200);
    expect((await api.ask('GET', '/api/keys', { key: key.secret })).status).toBe(403);
  });

  test('are listed oldest first and without secrets', async () => {
    const { secret, ...key } = await made({ name: 'till', role: 'viewer', sessionIds: ['sales'] });
    const { text } = await api.ask('GET', '/api/keys');
    expect(text).not.toContain(secret);
    expect(text).not.toMatch(/hash|secret/);
    const keys = await list();
    expect(keys.map(({ id }) => id)).toEqual(['admin', 'operator', 'viewer', key.id]);
    expect(keys.at(-1)).toEqual(key);
    const { json } = await api.ask('GET', '/api/keys?limit=3');
    expect((await api.ask('GET', `/api/keys?limit=3&after=${json.next}`)).json.items).toHaveLength(1);
  });

  test('tell when they were used last, to the minute', async () => {
    const { id, secret } = await made({ name: 'till', role: 'viewer' });
    const lastUsedAt = async () => (await list()).find((key) => key.id === id)?.lastUsedAt;
    expect(await lastUsedAt()).toBeNull();
    const use = () => api.ask('GET', '/api/sessions', { key: secret });
    await use();
    const first = await lastUsedAt();
    expect(first).toEqual(expect.any(String));
    api.passTime(59_000);
    await use();
    expect(await lastUsedAt()).toBe(first);
    api.passTime(1_000);
    await use();
    expect(Date.parse(String(await lastUsedAt())) - Date.parse(String(first))).toBe(60_000);
  });

  test('work also while their use cannot be written down', async () => {
    api.keys.broken = true;
    expect((await api.ask('GET', '/api/sessions')).status).toBe(200);
  });

  test('end when they expire', async () => {
    const expiresAt = new Date(1_000_000 + 60_000).toISOString();
    const { secret } = await made({ name: 'guest', role: 'viewer', expiresAt });
    expect((await api.ask('GET', '/api/sessions', { key: secret })).status).toBe(200);
    api.passTime(60_000);
    const { status, json } = await api.ask('GET', '/api/sessions', { key: secret });
    expect([status, json.detail]).toEqual([401, expect.stringContaining('expired')]);
  });

  test.each([
    [{ role: 'viewer' }, 'name'],
    [{ name: 'x', role: 'owner' }, 'role'],
    [{ name: 'x', role: 'viewer', sessionIds: [] }, 'sessionIds: expected at least one id'],
    [{ name: 'x', role: 'viewer', sessionIds: ['no id'] }, 'sessionIds.0'],
    [{ name: 'x', role: 'admin', sessionIds: ['sales'] }, 'take the role operator'],
    [{ name: 'x', role: 'viewer', expiresAt: 'tomorrow' }, 'expiresAt'],
    [{ name: 'x', role: 'viewer', expiresAt: '1970-01-01T00:00:00Z' }, 'still to come'],
    [{ name: 'x', role: 'viewer', secret: 'mine' }, 'secret'],
  ])('are not made of %j', async (body, detail) => {
    const { status, json } = await make(body);
    expect([status, json.code, json.detail]).toEqual([400, 'bad_request', expect.stringContaining(detail)]);
    expect(api.keys.list()).toHaveLength(3);
  });

  test('are revoked at once', async () => {
    const { id, secret } = await made({ name: 'till', role: 'viewer' });
    expect((await api.ask('DELETE', `/api/keys/${id}`)).status).toBe(204);
    expect((await api.ask('GET', '/api/sessions', { key: secret })).status).toBe(401);
    expect((await api.ask('DELETE', `/api/keys/${id}`)).json.code).toBe('key_not_found');
  });

  test('are not revoked when nobody could make another, or when the configuration gives them', async () => {
    const refused = await api.ask('DELETE', '/api/keys/admin');
    expect([refused.status, refused.json.code, refused.json.detail]).toEqual([
      409,
      'key_needed',
      expect.stringContaining('last key of an admin'),
    ]);
    ensureFirstKey(api.keys, 'configured-key-1', 0);
    expect((await api.ask('DELETE', '/api/keys/environment')).json.detail).toContain('WAKEFUL_API_KEY');
    expect((await api.ask('DELETE', '/api/keys/admin')).status).toBe(204);
  });
});
