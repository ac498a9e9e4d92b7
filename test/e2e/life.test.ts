import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { scan } from '../support/link.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000042';
const CUSTOMER = '4917600000099';

const shop = { path: { id: 'shop' } };

describe('the life of a number, by the API, in a real browser', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper);
  }, 60_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  const received = async () => {
    const params = { ...shop, query: { direction: 'received' } as const };
    return (await service.api.GET('/api/sessions/{id}/messages', { params })).data?.items ?? [];
  };

  test('a created session shows its QR code in all four forms', async () => {
    const { response } = await service.api.POST('/api/sessions', { body: { id: 'shop', label: 'The shop' } });
    expect(response.status).toBe(201);
    const view = await service.reaches('shop', 'qr_pending');
    expect(view).toMatchObject({ reason: 'waiting_for_scan', userAction: 'scan_qr', label: 'The shop' });

    const qrAs = (accept: string) => service.call<Buffer>('GET', '/api/sessions/shop/qr', undefined, { accept });
    const png = await qrAs('image/png');
    expect(png.headers.get('content-type')).toBe('image/png');
    expect(png.body.subarray(1, 4).toString()).toBe('PNG');
    expect((await qrAs('image/svg+xml')).body.toString()).toContain('<svg');
    expect((await qrAs('text/plain')).body.toString()).toMatch(/[▀▄█]/);
    const json = await service.call<{ qr: string; expiresAt: string }>('GET', '/api/sessions/shop/qr', undefined, {
      accept: 'application/json',
    });
    expect(json.body.qr.split(',').length).toBeGreaterThanOrEqual(4);
    expect(Date.parse(json.body.expiresAt)).toBeGreaterThan(Date.now());
  }, 60_000);

  test('scanned with the phone it is connected under its number', async () => {
    await scan(service, simulator, 'shop', PHONE);
    const view = await service.reaches('shop', 'connected');
    expect(view).toMatchObject({ reason: 'ready', userAction: 'none', phoneNumber: PHONE, isConnected: true });
    expect(view.lastQrScanAt).not.toBeNull();
    expect((await service.call('GET', '/api/sessions/shop/qr')).status).toBe(404);
  }, 60_000);

  test('it sends and receives', async () => {
    const sent = await service.api.POST('/api/sessions/{id}/messages', {
      params: { ...shop, header: { Prefer: 'wait=20' } },
      body: { to: `+${CUSTOMER}`, text: 'Good morning' },
    });
    expect(sent.response.status).toBe(200);
    expect((await simulator.client.sent(PHONE)).map(({ body }) => body)).toEqual(['Good morning']);

    const { id } = await simulator.client.deliver(PHONE, { from: CUSTOMER, body: 'Hello shop' });
    const message = await until('the message is received', 10_000, async () => (await received()).at(-1));
    expect(message).toMatchObject({ id: expect.stringContaining(id), from: `${CUSTOMER}@c.us`, body: 'Hello shop' });
  }, 60_000);

  test('a browser that is killed comes back without a QR code, and what was sent or came meanwhile arrives once', async () => {
    const before = await service.session('shop');
    process.kill(before.browser?.pid ?? 0, 'SIGKILL');
    const accepted = await service.api.POST('/api/sessions/{id}/messages', {
      params: shop,
      body: { to: CUSTOMER, text: 'Sent while the browser was dead' },
    });
    expect(accepted.response.status).toBe(202);
    const messageId = accepted.data?.id ?? '';
    await simulator.client.deliver(PHONE, { from: CUSTOMER, body: 'Came while the browser was dead' });
    await until('another browser runs', 30_000, async () => {
      const { status, browser } = await service.session('shop');
      return status === 'connected' && browser !== null && browser.pid !== before.browser?.pid;
    });
    await until('the message is sent', 20_000, async () => {
      const params = { path: { id: 'shop', messageId } };
      const { data } = await service.api.GET('/api/sessions/{id}/messages/{messageId}', { params });
      return ['sent', 'delivered', 'read'].includes(String(data?.status));
    });
    const copies = (await simulator.client.sent(PHONE)).filter(
      ({ body }) => body === 'Sent while the browser was dead',
    );
    expect(copies.map(({ receivedCount }) => receivedCount)).toEqual([1]);
    await until('the missed message is read', 20_000, async () =>
      (await received()).some(({ body }) => body === 'Came while the browser was dead'),
    );
    const bodies = (await received()).map(({ body }) => body);
    expect(bodies).toEqual(['Hello shop', 'Came while the browser was dead']);
    const view = await service.session('shop');
    expect(view.message).toContain('The browser ended unexpectedly.');
    const qrNotes = service.log.filter(({ event }) => event === 'session.qr_shown').length;
    expect(qrNotes).toBeGreaterThan(0);
    const { data: timeline } = await service.api.GET('/api/sessions/{id}/events', { params: shop });
    const events = (timeline?.items ?? []).map(({ event }) => event);
    const afterLoss = events.slice(events.indexOf('session.lost'));
    expect(afterLoss).toContain('session.connected');
    expect(afterLoss).not.toContain('session.qr_shown');
  }, 90_000);

  test('stopped and started again it is connected without a QR code', async () => {
    const { code, tookMs } = await service.end('SIGTERM');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(25_000);
    expect(browsersUnder(place.authDir)).toEqual([]);

    service = await place.start(simulator.browserWrapper);
    await service.reaches('shop', 'connected');
    expect(service.log.filter(({ event }) => event === 'session.qr_shown')).toEqual([]);
  }, 90_000);

  test('unlinked from the phone it waits for a person and retries nothing', async () => {
    await simulator.client.unlink(PHONE);
    const view = await service.reaches('shop', 'disconnected');
    expect(view).toMatchObject({
      reason: 'logged_out',
      userAction: 'scan_qr',
      nextAttemptAt: null,
      isReconnecting: false,
    });
    await until('the browser is closed', 20_000, () => browsersUnder(place.authDir).length === 0);
    await new Promise((resolve) => setTimeout(resolve, 8000));
    expect(await service.session('shop')).toMatchObject({
      status: 'disconnected',
      reason: 'logged_out',
      browser: null,
    });
    expect(browsersUnder(place.authDir)).toEqual([]);
  }, 60_000);
});
