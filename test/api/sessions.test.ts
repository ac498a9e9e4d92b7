import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { WEBHOOK_EVENTS } from '../../src/domain/webhook.js';
import { aSessionView } from '../support/fake-fleet.js';
import { type Api, startApi } from './support/api-harness.js';

describe('sessions over HTTP', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
  });
  afterEach(() => api.stop());

  test('creates a session and starts it', async () => {
    const body = { id: 'sales', label: 'Sales', proxy: 'socks5://proxy:1080' };
    const { status, json, headers } = await api.ask('POST', '/api/sessions', { body });
    expect(status).toBe(201);
    expect(headers.get('location')).toBe('/api/sessions/sales');
    expect(json).toEqual(aSessionView('sales', { label: 'Sales', status: 'connecting', desired: 'running' }));
  });

  test('creates a session without starting it', async () => {
    const { json } = await api.ask('POST', '/api/sessions', { body: { id: 'sales', start: false } });
    expect(json.status).toBe('idle');
  });

  test("takes a webhook's secrets and never shows them", async () => {
    const webhook = { url: 'http://127.0.0.1:9/hook', token: 'hook-token', hmacKey: 'hook-hmac' };
    const created = await api.ask('POST', '/api/sessions', { body: { id: 'sales', webhook } });
    const shown = await api.ask('GET', '/api/sessions/sales');
    const changed = await api.ask('PATCH', '/api/sessions/sales', { body: { webhook } });
    expect(api.fleet.peek('sales').webhook).toEqual({ ...webhook, events: null, trusted: true });
    for (const { text } of [created, shown, changed]) expect(text).not.toMatch(/hook-token|hook-hmac/);
  });

  test('refuses a second session of the same id', async () => {
    api.fleet.add('sales');
    const { status, json } = await api.ask('POST', '/api/sessions', { body: { id: 'sales' } });
    expect(status).toBe(409);
    expect(json).toMatchObject({ code: 'session_exists', sessionId: 'sales' });
  });

  test.each([
    [{}, 'id'],
    [{ id: 'a b' }, 'id: expected 1 to 64 letters'],
    [{ id: 'x'.repeat(65) }, 'id'],
    [{ id: '../etc' }, 'id'],
    [{ id: 'a', colour: 'red' }, 'colour'],
    [{ id: 'a', start: 'yes' }, 'start'],
    [{ id: 'a', webhook: { url: 'ftp://x/' } }, 'webhook.url: expected an address that starts with http'],
    [{ id: 'a', webhook: { url: 'nonsense' } }, 'webhook.url'],
    [{ id: 'a', webhook: { url: 'http://x/', token: 'two\nlines' } }, 'webhook.token'],
    [{ id: 'a', webhook: { url: 'http://x/', events: ['mesage'] } }, 'webhook.events.0'],
    [
      { id: 'a', webhook: { url: 'http://x/', events: Array(WEBHOOK_EVENTS.length + 1).fill('message') } },
      'webhook.events: expected each',
    ],
    [{ id: 'a', proxy: 'not a proxy' }, 'proxy: expected a proxy such as'],
    [[], 'expected object'],
  ])('refuses %j and says what is wrong', async (body, detail) => {
    const { status, json } = await api.ask('POST', '/api/sessions', { body });
    expect(status).toBe(400);
    expect(json.code).toBe('bad_request');
    expect(json.detail).toContain(detail);
  });

  test('lists all sessions, or pages of them', async () => {
    for (const id of ['a', 'b', 'c']) api.fleet.add(id);
    const whole = await api.ask('GET', '/api/sessions');
    expect(whole.json.items).toHaveLength(3);
    expect(whole.json.next).toBeUndefined();
    const first = await api.ask('GET', '/api/sessions?limit=2');
    expect(first.json.next).toBe('b');
    const second = await api.ask('GET', `/api/sessions?limit=2&after=${first.json.next}`);
    expect(second.json).toEqual({ items: [aSessionView('c')] });
  });

  test('shows one session', async () => {
    api.fleet.add('sales', { status: 'connected', isConnected: true });
    const { status, json } = await api.ask('GET', '/api/sessions/sales');
    expect(status).toBe(200);
    expect(json).toMatchObject({ id: 'sales', status: 'connected' });
  });

  test('changes what is named and leaves the rest', async () => {
    const session = api.fleet.add('sales', { label: 'Sales' });
    session.proxy = 'http://proxy:1';
    const { status, json } = await api.ask('PATCH', '/api/sessions/sales', { body: { label: null } });
    expect(status).toBe(200);
    expect(json.label).toBeNull();
    expect(session.proxy).toBe('http://proxy:1');
    const refused = await api.ask('PATCH', '/api/sessions/sales', { body: { id: 'other' } });
    expect(refused.status).toBe(400);
    expect(refused.json.detail).toContain('id');
  });

  test('refuses a label that the database would give back as another one', async () => {
    api.fleet.add('sales');
    const { status, json } = await api.ask('PATCH', '/api/sessions/sales', { body: { label: 'half \ud83d' } });
    expect([status, json.errors[0]?.path]).toEqual([400, 'label']);
    expect((await api.ask('PATCH', '/api/sessions/sales', { body: { label: 'whole 💥' } })).json.label).toBe(
      'whole 💥',
    );
  });

  test('removes a session', async () => {
    api.fleet.add('sales');
    const { status, text } = await api.ask('DELETE', '/api/sessions/sales');
    expect([status, text]).toEqual([204, '']);
    expect((await api.ask('DELETE', '/api/sessions/sales')).status).toBe(404);
  });

  test.each([
    ['POST', '/api/sessions/sales/connect', 202, 'connect sales'],
    ['POST', '/api/sessions/sales/disconnect', 200, 'disconnect sales'],
    ['POST', '/api/sessions/sales/force-reconnect', 202, 'force-reconnect sales'],
    ['POST', '/api/whatsapp-web/force-reconnect/sales', 202, 'force-reconnect sales'],
    ['POST', '/api/sessions/sales/logout', 200, 'logout sales'],
  ])('%s %s works without a body and with an empty one', async (method, path, expected, call) => {
    api.fleet.add('sales');
    for (const options of [{}, { body: {} }]) {
      const { status, json } = await api.ask(method, path, options);
      expect(status).toBe(expected);
      expect(json.id).toBe('sales');
    }
    expect(api.fleet.calls).toEqual([call, call]);
    expect((await api.ask(method, path, { body: { surprise: 1 } })).json.detail).toContain('surprise');
  });

  test('deletes the credentials on a forced disconnect', async () => {
    api.fleet.add('sales');
    await api.ask('POST', '/api/sessions/sales/disconnect', { body: { force: true } });
    expect(api.fleet.calls).toEqual(['disconnect! sales']);
    const refused = await api.ask('POST', '/api/sessions/sales/disconnect', { body: { force: 'yes' } });
    expect(refused.status).toBe(400);
  });

  test('gives a pairing code for a number as people write it', async () => {
    api.fleet.add('sales');
    const body = { phoneNumber: '+49 151 123-45678' };
    const { status, json } = await api.ask('POST', '/api/sessions/sales/pairing-code', { body });
    expect([status, json]).toEqual([200, { code: 'ABCD-1234' }]);
    expect(api.fleet.calls).toEqual(['pair 4915112345678 sales']);
    const refused = await api.ask('POST', '/api/sessions/sales/pairing-code', { body: { phoneNumber: '0151' } });
    expect(refused.status).toBe(400);
    expect(refused.json.errors).toEqual([{ path: 'phoneNumber', message: expect.stringContaining('7 to 15 digits') }]);
  });

  test('pages through the timeline', async () => {
    const { events } = api.fleet.add('sales');
    for (let seq = 1; seq <= 3; seq += 1) {
      events.push({ seq, sessionId: 'sales', at: seq * 1_000, event: 'session.stable', message: 'm', data: {} });
    }
    const first = await api.ask('GET', '/api/sessions/sales/events?limit=2');
    expect(first.json.items[0]).toMatchObject({ seq: 1, at: '1970-01-01T00:00:01.000Z' });
    expect(first.json.next).toBe('2');
    const last = await api.ask('GET', '/api/sessions/sales/events?limit=2&after=2');
    expect(last.json.items.map(({ seq }: { seq: number }) => seq)).toEqual([3]);
    expect(last.json.next).toBeUndefined();
  });

  test('tells how long it was connected and how fast it came back', async () => {
    const { events, view } = api.fleet.add('sales', { status: 'connected' });
    const since = Date.parse(view.since);
    const entry = (seq: number, minutesAgo: number, event: string, data = {}) => ({
      ...{ seq, sessionId: 'sales', at: since - minutesAgo * 60_000, event, message: '', data },
    });
    events.push(
      entry(1, 100, 'session.connected'),
      entry(2, 20, 'session.lost'),
      entry(3, 18, 'session.connected', { tookMs: 120_000 }),
      entry(4, 10, 'session.stopped'),
    );
    const { json } = await api.ask('GET', '/api/sessions/sales/uptime?hours=1', { key: 'viewer' });
    // The last hour of the fake ends a minute after `since`.
    const at = (minutesAgo: number) => new Date(since - minutesAgo * 60_000).toISOString();
    expect(json).toEqual({
      ...{ from: at(59), to: at(-1), upShare: 48 / 50, upMs: 48 * 60_000, downMs: 120_000, offMs: 600_000 },
      ...{ unknownMs: 0, timesDown: 1, timeToRecoverMs: { p50: 120_000, p95: 120_000, count: 1 } },
      segments: [
        { kind: 'up', from: at(59), to: at(20) },
        { kind: 'down', from: at(20), to: at(18) },
        { kind: 'up', from: at(18), to: at(10) },
        { kind: 'off', from: at(10), to: at(0) },
        { kind: 'up', from: at(0), to: at(-1) },
      ],
    });
    for (const hours of ['0', '721', '1.5', 'x']) {
      const { status, json: problem } = await api.ask('GET', `/api/sessions/sales/uptime?hours=${hours}`);
      expect([status, JSON.stringify(problem)]).toEqual([400, expect.stringContaining('whole number from 1 to 720')]);
    }
  });

  test('tells what the browser took, with the gaps', async () => {
    api.fleet.add('sales').memory.push({ at: 60_000, bytes: 5 }, { at: 120_000, bytes: null });
    const { json } = await api.ask('GET', '/api/sessions/sales/memory', { key: 'viewer' });
    expect(json).toEqual({
      items: [
        { at: '1970-01-01T00:01:00.000Z', bytes: 5 },
        { at: '1970-01-01T00:02:00.000Z', bytes: null },
      ],
    });
  });

  test.each(['limit=0', 'limit=501', 'limit=x', 'after=-1', 'after=x'])('refuses ?%s', async (query) => {
    api.fleet.add('sales');
    expect((await api.ask('GET', `/api/sessions/sales/events?${query}`)).status).toBe(400);
  });

  test('gives a screenshot, chats and contacts', async () => {
    api.fleet.add('sales');
    const screenshot = await api.ask('GET', '/api/sessions/sales/screenshot');
    expect(screenshot.headers.get('content-type')).toBe('image/png');
    expect(screenshot.bytes.subarray(1, 4).toString()).toBe('PNG');
    expect((await api.ask('GET', '/api/sessions/sales/chats')).json.items).toHaveLength(3);
    expect((await api.ask('GET', '/api/sessions/sales/chats?limit=1')).json.next).toBe('49151000001@c.us');
    const contact = await api.ask('GET', '/api/sessions/sales/contacts/+4915112345678');
    expect(contact.json).toMatchObject({ phoneNumber: '4915112345678', registered: true });
    expect((await api.ask('GET', '/api/sessions/sales/contacts/ada')).status).toBe(400);
  });

  test('gives the figures of the fleet', async () => {
    api.fleet.add('sales');
    expect((await api.ask('GET', '/api/stats')).json).toMatchObject({ sessions: 1, byStatus: { idle: 1 } });
  });

  test.each([
    ['GET', ''],
    ['PATCH', ''],
    ['DELETE', ''],
    ['POST', '/connect'],
    ['POST', '/disconnect'],
    ['POST', '/force-reconnect'],
    ['POST', '/logout'],
    ['GET', '/qr'],
    ['GET', '/events'],
    ['GET', '/screenshot'],
    ['GET', '/chats'],
    ['GET', '/messages'],
    ['GET', '/messages?direction=received'],
    ['GET', '/messages/msg_1'],
    ['GET', '/contacts/4915112345678'],
  ])('%s of an unknown session%s is 404', async (method, rest) => {
    const { status, json } = await api.ask(method, `/api/sessions/nobody${rest}`);
    expect(status).toBe(404);
    expect(json).toMatchObject({ code: 'session_not_found', sessionId: 'nobody' });
  });
});
