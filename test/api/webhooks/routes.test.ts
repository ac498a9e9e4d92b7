import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { settled } from '../../support/fake-clock.js';
import { type Api, startApi } from '../support/api-harness.js';
import { aWebhook } from './webhook-driver.js';

describe('/api/webhooks', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
    api.fleet.add('sales', { phoneNumber: '4915100000001' }).webhook = aWebhook('http://crm/path?key=secret');
  });
  afterEach(() => api.stop());

  function enqueue(id: string, sessionId = 'sales') {
    const body = JSON.stringify({ payload: { id } });
    const lane = { sessionId, endpoint: `session:${sessionId}` };
    api.deliveries.enqueue({ ...lane, id, eventId: `evt_${id}`, event: 'message', body, createdAt: 1_000 });
  }
  const dead = {
    status: 'dead',
    attempts: 7,
    refusals: 0,
    nextAttemptAt: 0,
    lastStatus: 500,
    lastError: 'no',
  } as const;

  test('shows deliveries without their bodies and without what is secret of the address', async () => {
    enqueue('a');
    const { status, json, text } = await api.ask('GET', '/api/webhooks/deliveries', { key: 'viewer' });
    expect(status).toBe(200);
    expect(json.items).toEqual([
      {
        id: 'a',
        eventId: 'evt_a',
        event: 'message',
        sessionId: 'sales',
        endpoint: 'session:sales',
        receiver: 'http://crm',
        status: 'queued',
        attempts: 0,
        nextAttemptAt: '1970-01-01T00:00:01.000Z',
        lastStatus: null,
        lastError: null,
        createdAt: '1970-01-01T00:00:01.000Z',
        updatedAt: '1970-01-01T00:00:01.000Z',
      },
    ]);
    expect(text).not.toMatch(/secret|path/);
  });

  test('lists by status and session, in pages', async () => {
    api.fleet.add('support').webhook = aWebhook('http://crm/');
    for (const id of ['a', 'b', 'c']) enqueue(id);
    enqueue('d', 'support');
    for (const id of ['a', 'c', 'd']) api.deliveries.update(id, dead, 2_000);
    const ids = async (query: string) => {
      const { json } = await api.ask('GET', `/api/webhooks/deliveries?${query}`);
      return [json.items.map(({ id }) => id).join(' '), json.next];
    };
    expect(await ids('status=dead')).toEqual(['a c d', undefined]);
    expect(await ids('status=dead&limit=2')).toEqual(['a c', '3']);
    expect(await ids('status=dead&limit=2&after=3')).toEqual(['d', undefined]);
    expect(await ids('sessionId=support')).toEqual(['d', undefined]);
    expect((await api.ask('GET', '/api/webhooks/deliveries?status=lost')).status).toBe(400);
  });

  test.each(['dead', 'delivered'] as const)(
    'sends a %s one again, under the same id and as if it were new',
    async (was) => {
      enqueue('a');
      api.deliveries.update('a', { ...dead, status: was }, 2_000);
      const { status, json } = await api.ask('POST', '/api/webhooks/deliveries/a/redeliver', { key: 'operator' });
      expect(status).toBe(202);
      expect(json).toMatchObject({ id: 'a', status: 'queued', attempts: 0 });
      await settled();
      expect(api.receivers.requests.map(({ headers }) => headers['X-Webhook-Request-Id'])).toEqual(['a']);
      expect(api.deliveries.get('a')).toMatchObject({ status: 'delivered', attempts: 1 });
    },
  );

  test('sends nothing again that is not there, or for which no webhook is set', async () => {
    const again = await api.ask('POST', '/api/webhooks/deliveries/gone/redeliver');
    expect([again.status, again.json.code]).toEqual([404, 'delivery_not_found']);
    enqueue('a');
    api.fleet.peek('sales').webhook = null;
    const nobody = await api.ask('POST', '/api/webhooks/deliveries/a/redeliver');
    expect([nobody.status, nobody.json.code]).toEqual([409, 'no_webhook']);
  });

  test('tries a webhook of a session and tells what came of it', async () => {
    api.receivers.behave = () => 503;
    const { status, json } = await api.ask('POST', '/api/webhooks/test', { body: { sessionId: 'sales' } });
    expect(status).toBe(200);
    expect(json).toEqual({ delivered: false, status: 503, latencyMs: 1, error: null });
    const [request] = api.receivers.requests;
    expect(request?.url).toBe('http://crm/path?key=secret');
    expect(JSON.parse(request?.body ?? '')).toMatchObject({
      event: 'webhook.test',
      sessionId: 'sales',
      phoneNumber: '4915100000001',
    });
    expect(api.deliveries.list({ after: 0, limit: 9 })).toEqual([]);
  });

  test('tries an address that is not set anywhere, trusting only an admin with private ones', async () => {
    const body = { url: 'http://crm/new', token: 't' };
    api.receivers.behave = () => 'down';
    const tried = await api.ask('POST', '/api/webhooks/test', { body });
    expect(tried.json).toEqual({ delivered: false, status: null, latencyMs: 1, error: 'connect ECONNREFUSED' });
    await api.ask('POST', '/api/webhooks/test', { body, key: 'operator' });
    const { requests } = api.receivers;
    expect(requests.map(({ trusted }) => trusted)).toEqual([true, false]);
    expect(requests[0]?.headers.Authorization).toBe('Bearer t');
  });

  test.each([
    [{}, 400, 'bad_request'],
    [{ sessionId: 'sales', url: 'http://x/' }, 400, 'bad_request'],
    [{ url: 'http://user:password@x/' }, 400, 'bad_request'],
    [{ url: 'file:///etc/passwd' }, 400, 'bad_request'],
    [{ sessionId: 'gone' }, 404, 'session_not_found'],
    [{ sessionId: 'silent' }, 409, 'no_webhook'],
  ])('does not try %j', async (body, status, code) => {
    api.fleet.add('silent');
    const answer = await api.ask('POST', '/api/webhooks/test', { body });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
    expect(api.receivers.requests).toEqual([]);
  });

  test('lists who is told, without what is secret of the address', async () => {
    api.fleet.add('silent');
    const { json, text } = await api.ask('GET', '/api/webhooks', { key: 'viewer' });
    expect(json.items).toEqual([
      { endpoint: 'session:sales', sessionId: 'sales', receiver: 'http://crm', events: null, pausedSince: null },
    ]);
    expect(text).not.toMatch(/secret|path/);
  });

  test('pauses a webhook and lets it go on, each as often as one likes', async () => {
    const paused = await api.ask('POST', '/api/webhooks/session:sales/pause', { key: 'operator' });
    expect([paused.status, paused.json]).toMatchObject([200, { endpoint: 'session:sales', receiver: 'http://crm' }]);
    api.passTime(1000);
    const { json: again } = await api.ask('POST', '/api/webhooks/session%3Asales/pause');
    expect(again).toEqual(paused.json);
    expect((await api.ask('GET', '/api/webhooks')).json.items).toEqual([paused.json]);
    for (let times = 0; times < 2; times += 1) {
      const { status, json } = await api.ask('POST', '/api/webhooks/session:sales/resume');
      expect([status, json]).toEqual([200, { ...paused.json, pausedSince: null }]);
    }
  });

  test('pauses nothing that is not set', async () => {
    api.fleet.add('silent');
    for (const endpoint of ['session:silent', 'global:0', 'deliveries']) {
      const { status, json } = await api.ask('POST', `/api/webhooks/${encodeURIComponent(endpoint)}/pause`);
      expect([status, json.code]).toEqual([409, 'no_webhook']);
    }
  });

  test('lets a viewer neither try nor send again', async () => {
    for (const path of ['test', 'deliveries/a/redeliver', 'session:sales/pause', 'session:sales/resume']) {
      expect((await api.ask('POST', `/api/webhooks/${path}`, { key: 'viewer', body: {} })).status).toBe(403);
    }
  });
});

describe('the webhook of a session', () => {
  test('may be a private address only when an admin set it', async () => {
    const api = await startApi();
    const webhook = { url: 'http://127.0.0.1:9/' };
    for (const key of ['admin', 'operator'])
      await api.ask('POST', '/api/sessions', { key, body: { id: key, webhook } });
    expect(api.fleet.peek('admin').webhook?.trusted).toBe(true);
    expect(api.fleet.peek('operator').webhook?.trusted).toBe(false);
    await api.ask('PATCH', '/api/sessions/admin', { key: 'operator', body: { label: 'x' } });
    expect(api.fleet.peek('admin').webhook?.trusted).toBe(true);
    await api.ask('PATCH', '/api/sessions/admin', { key: 'operator', body: { webhook } });
    expect(api.fleet.peek('admin').webhook?.trusted).toBe(false);
    await api.stop();
  });
});
