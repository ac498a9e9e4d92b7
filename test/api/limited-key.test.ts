import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hashKey } from '../../src/api/keys.js';
import type { DeliveryInsert } from '../../src/domain/store-ports.js';
import { aKey } from '../support/fake-keys.js';
import { type Api, startApi } from './support/api-harness.js';
import { aWebhook } from './webhooks/webhook-driver.js';

const aDelivery = (id: string, sessionId: string | null): DeliveryInsert => ({
  ...{ id, eventId: `evt_${id}`, sessionId, event: 'message', body: '{}', createdAt: 0 },
  endpoint: sessionId === null ? 'global:1' : `session:${sessionId}`,
});

const anIncident = (id: string, sessionIds: string[]) => ({
  ...({ id, kind: 'outage', reason: 'browser_crashed', sessionIds, message: `Lost: ${sessionIds}` } as const),
  ...{ openedAt: '2026-01-01T00:00:00.000Z', closedAt: null },
});

describe('a key that is limited to some sessions', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
    for (const id of ['sales', 'shop', 'support']) api.fleet.add(id);
    api.keys.insert(aKey('operator', { id: 'limited', sessionIds: ['sales', 'support', 'later'] }), hashKey('limited'));
  });
  afterEach(() => api.stop());

  const idsIn = async (path: string) => (await api.ask('GET', path, { key: 'limited' })).json.items.map(({ id }) => id);

  test('lists only these, page by page', async () => {
    expect(await idsIn('/api/sessions')).toEqual(['sales', 'support']);
    const { json } = await api.ask('GET', '/api/sessions?limit=1', { key: 'limited' });
    expect(await idsIn(`/api/sessions?limit=1&after=${json.next}`)).toEqual(['support']);
  });

  test('sees a session of its own that was created later', async () => {
    api.fleet.add('later');
    expect((await api.ask('GET', '/api/sessions/later', { key: 'limited' })).status).toBe(200);
  });

  test('hears only of incidents that name no other session', async () => {
    api.fleet.incidentLog.push(anIncident('a', ['sales', 'shop']), anIncident('b', ['support', 'sales']));
    expect(await idsIn('/api/incidents')).toEqual(['b']);
    expect((await api.ask('GET', '/api/incidents')).json.items).toHaveLength(2);
  });

  test('sees and repeats only what webhooks were told of these', async () => {
    for (const sessionId of ['sales', 'shop', null]) api.deliveries.enqueue(aDelivery(`dlv_${sessionId}`, sessionId));
    expect(await idsIn('/api/webhooks/deliveries')).toEqual(['dlv_sales']);
    expect(await idsIn('/api/webhooks/deliveries?sessionId=shop')).toEqual([]);
    const redeliver = (id: string) =>
      api.ask('POST', `/api/webhooks/deliveries/${id}/redeliver`, { key: 'limited', body: {} });
    for (const id of ['dlv_shop', 'dlv_null', 'dlv_nobody']) {
      expect([id, (await redeliver(id)).json.code]).toEqual([id, 'delivery_not_found']);
    }
    // Its own is found; nobody is set who could be told.
    expect((await redeliver('dlv_sales')).json.code).toBe('no_webhook');
  });

  test('sees and pauses only the webhooks of these', async () => {
    for (const id of ['sales', 'shop']) api.fleet.peek(id).webhook = aWebhook('http://crm/');
    const { json } = await api.ask('GET', '/api/webhooks', { key: 'limited' });
    expect(json.items).toMatchObject([{ endpoint: 'session:sales' }]);
    const pause = async (endpoint: string) =>
      (await api.ask('POST', `/api/webhooks/${endpoint}/pause`, { key: 'limited', body: {} })).status;
    // One of the configuration concerns every session.
    expect([await pause('session:sales'), await pause('session:shop'), await pause('global:1')]).toEqual([
      200, 409, 409,
    ]);
    expect(api.deliveries.pausedSince('session:shop')).toBeNull();
  });

  test('tries only the webhooks of these', async () => {
    const tryOut = async (sessionId: string) =>
      (await api.ask('POST', '/api/webhooks/test', { key: 'limited', body: { sessionId } })).json.code;
    expect([await tryOut('shop'), await tryOut('sales')]).toEqual(['session_not_found', 'no_webhook']);
  });
});
