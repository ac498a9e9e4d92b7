import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { scan } from '../support/link.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000042';
const CUSTOMER = '4917600000099';
/** Whether this number is on WhatsApp must still be asked before something is sent to it. */
const OTHER_CUSTOMER = '4917600000098';

const shop = { path: { id: 'shop' } };

describe('R17 the life of a number, by the API, in a real browser', () => {
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

  const sentTo = async (customer: string) =>
    (await simulator.client.sent(PHONE)).filter(({ to }) => to === customer).map(({ body }) => body);

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

  test('B10 a browser that is killed comes back without a QR code, and what was sent or came meanwhile arrives once', async () => {
    const before = await service.session('shop');
    const killedAt = Date.now();
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
    const downMs = Date.now() - killedAt;
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
    const entries = timeline?.items ?? [];
    const afterLoss = entries.slice(entries.findIndex(({ event }) => event === 'session.lost'));
    expect(afterLoss.map(({ event }) => event)).not.toContain('session.qr_shown');
    const back = afterLoss.find(({ event }) => event === 'session.connected');
    expect(back?.data).toEqual({ reason: 'browser_crashed', rung: 'relaunch', tookMs: expect.any(Number) });
    // From the moment that the loss was noticed, which is a little after the kill.
    expect(Number(back?.data.tookMs)).toBeGreaterThan(downMs / 3);
    expect(Number(back?.data.tookMs)).toBeLessThanOrEqual(downMs);
  }, 90_000);

  test('R25 ended in the middle of a send it takes no more work, lets the send finish and closes the profile cleanly', async () => {
    await simulator.client.fault(PHONE, { kind: 'slow', latencyMs: 500 });
    const send = (text: string) =>
      service.call<{ id: string; code: string }>('POST', '/api/sessions/shop/messages', { to: OTHER_CUSTOMER, text });
    const stateOf = async (id: string) =>
      (await service.call<{ status: string }>('GET', `/api/sessions/shop/messages/${id}`)).body.status;
    const accepted = await send('On its way at the end');
    await until('it is being sent', 5000, async () => (await stateOf(accepted.body.id)) === 'sending');
    const ended = service.end('SIGTERM');
    const ready = () => service.call('GET', '/ready').catch(() => null);
    await until('the service drains', 5000, async () => (await ready())?.status === 503);
    expect(await send('Too late')).toMatchObject({ status: 503, body: { code: 'not_ready' } });
    const { code, tookMs } = await ended;
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(25_000);
    expect(service.log.at(-1)?.event).toBe('service.stopped');
    const acknowledged = service.log.filter(({ event }) => event === 'message.sent');
    expect(acknowledged.at(-1)).toMatchObject({ messageId: accepted.body.id });
    expect(browsersUnder(place.authDir)).toEqual([]);
    expect(
      service.log.filter(({ message }) => /^shop: Closing the browser failed: .*took/.test(String(message))),
    ).toEqual([]);
    // The headless shell keeps no such note.
    const preferences = join(place.authDir, 'session-shop', 'Default', 'Preferences');
    const isFull = process.env.WAKEFUL_TEST_PROFILE === 'full';
    if (isFull) expect(readFileSync(preferences, 'utf8')).toContain('"exit_type":"Normal"');
    await until('what was handed over has arrived', 10_000, async () => (await sentTo(OTHER_CUSTOMER)).length > 0);
    await simulator.client.clearFaults(PHONE);
  }, 60_000);

  test('B08 without the free disk space that it needs no browser starts, and a person is told', async () => {
    service = await place.start(simulator.browserWrapper, { fleet: { minFreeDiskMb: 1_000_000_000 } });
    const view = await service.reaches('shop', 'error');
    expect(view).toMatchObject({ reason: 'disk_full', userAction: 'free_disk', browser: null, desired: 'running' });
    expect(view.message).toContain('There is not enough free disk space to run safely.');
    expect(service.log.filter(({ event }) => event === 'client.launched')).toEqual([]);
    expect(browsersUnder(place.authDir)).toEqual([]);
    await service.end('SIGTERM');
  }, 60_000);

  test('R25 B08 started again it is connected without a QR code, and what was under way has been sent once', async () => {
    service = await place.start(simulator.browserWrapper);
    await service.reaches('shop', 'connected');
    expect(service.log.filter(({ event }) => event === 'session.qr_shown')).toEqual([]);
    await until('it is known to be sent', 20_000, async () => {
      const path = '/api/sessions/shop/messages?direction=sent';
      const { items } = (await service.call<{ items: { status: string }[] }>('GET', path)).body;
      return items.length === 3 && items.every(({ status }) => ['sent', 'delivered', 'read'].includes(status));
    });
    expect(await sentTo(OTHER_CUSTOMER)).toEqual(['On its way at the end']);
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
