import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import { hashKey } from '../../src/api/keys.js';
import { KEY_ROLES } from '../../src/domain/access-ports.js';
import { aKey } from '../support/fake-keys.js';
import { type Api, startApi } from './support/api-harness.js';
import { ROUTE_TABLE } from './support/route-table.js';

const documentSchema = z.object({
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ 'x-access': z.string().default('public') }))),
});

const rows = Object.entries(ROUTE_TABLE).map(([route, row]) => {
  const [method = '', path = ''] = route.split(' ');
  return { route, method, path, ...row };
});
const closed = rows.filter(({ access }) => access !== 'public');

/** The address with a session in it, and something plausible for every other parameter. */
const addressOf = (path: string, sessionId: string) =>
  path
    .replace('{number}', '491511234567')
    .replace('{messageId}', 'msg_1')
    .replace(/(sessions\/|force-reconnect\/)\{\w+\}/, `$1${sessionId}`)
    .replace(/\{\w+\}/g, 'no-such-one');

describe('R31 every route', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
    for (const id of ['sales', 'shop']) api.fleet.add(id);
    // An admin cannot be limited by the API; should one be all the same, he must not reach beyond, either.
    for (const role of KEY_ROLES) {
      api.keys.insert(aKey(role, { id: `limited-${role}`, sessionIds: ['sales'] }), hashKey(`limited-${role}`));
    }
    api.keys.insert(aKey('admin', { id: 'expired', expiresAt: 1_000 }), hashKey('expired'));
  });
  afterEach(() => api.stop());

  const ask = ({ method, path, body }: (typeof rows)[number], key: string | null, sessionId = 'sales') =>
    api.ask(method, addressOf(path, sessionId), { key, ...(body === undefined ? {} : { body }) });

  test('stands in the table, with the role that its document names', async () => {
    const { paths } = documentSchema.parse((await api.ask('GET', '/openapi.json')).json);
    const documented = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { 'x-access': access }]) => [`${method.toUpperCase()} ${path}`, access]),
    );
    expect(Object.fromEntries(documented)).toEqual(
      Object.fromEntries(rows.map(({ route, access }) => [route, access])),
    );
  });

  test.each(closed)('$route is closed without a key, with a wrong one and with one that has expired', async (row) => {
    for (const key of [null, 'wrong', 'expired']) {
      const { status, json } = await ask(row, key);
      expect([key, status, json.code]).toEqual([key, 401, 'unauthorized']);
    }
    expect([api.fleet.calls, api.keys.list().length]).toEqual([[], 7]);
  });

  test.each(closed)('$route is open from the role $access on', async (row) => {
    for (const role of KEY_ROLES) {
      const { status, json } = await ask(row, role);
      const reaches = KEY_ROLES.indexOf(role) >= KEY_ROLES.indexOf(row.access as (typeof KEY_ROLES)[number]);
      if (reaches) expect([role, [401, 403].includes(status)]).toEqual([role, false]);
      else expect([role, status, json.code]).toEqual([role, 403, 'forbidden']);
      if (reaches) break;
    }
  });

  test.each(closed.filter(({ limited }) => limited === 'own'))(
    '$route of another session does not exist for a limited key',
    async (row) => {
      const refused = await ask(row, 'limited-admin', 'shop');
      expect([refused.status, refused.json.code]).toEqual([404, 'session_not_found']);
      // To the word as for a session that nobody has.
      const { detail } = (await ask(row, 'limited-admin', 'nobody')).json;
      expect(refused.json.detail).toBe(detail.replace('nobody', 'shop'));
      expect(api.fleet.calls).toEqual([]);
      const { status, json } = await ask(row, 'limited-admin', 'sales');
      expect([401, 403]).not.toContain(status);
      expect(json?.code).not.toBe('session_not_found');
    },
  );

  test.each(closed.filter(({ limited }) => limited === 'refused'))('$route is closed to a limited key', async (row) => {
    const { status, json } = await ask(row, 'limited-admin');
    expect([status, json.code, json.detail]).toEqual([403, 'forbidden', expect.stringContaining('limited')]);
    expect([api.fleet.calls, api.keys.list().length]).toEqual([[], 7]);
  });

  test.each(closed.filter(({ limited }) => limited === 'filtered' || limited === 'all'))(
    '$route is not closed to a limited key',
    async (row) => {
      expect((await ask(row, 'limited-admin')).status).not.toBe(403);
    },
  );
});
