import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession, scan } from '../support/link.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000101';
const OTHER_PHONE = '4915100000102';
const CUSTOMER = '4917600000103';
const DEBOUNCE_MS = 1000;
const QR_TIMEOUT_MS = 3000;
const OPEN_MS = 5000;
/** The second round of the QR code comes late enough to look at what lies between. */
const QUICK_QR = {
  qr: { debounceMs: DEBOUNCE_MS, timeoutMs: QR_TIMEOUT_MS, maxRounds: 2 },
  backoff: { baseDelayMs: 2000, jitter: 0 },
};
const QUICK_CIRCUIT = {
  breaker: { failureThreshold: 2, openMs: OPEN_MS },
  backoff: { baseDelayMs: 100 },
  health: { stableAfterMs: 300, monitorIntervalMs: 500 },
  // The copy of the login is another story.
  credentials: { restoreAfterFailures: 100 },
};

interface Refusal {
  code: string;
  detail: string;
}

describe('what an operator asks of a service with real browsers', () => {
  const place = new Workplace();
  /** While this file is there, the browser fails to start. */
  const broken = join(place.folder, 'broken');
  const browser = join(place.folder, 'browser');
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator();
    const script = `#!/bin/sh\n[ ! -e '${broken}' ] || exit 1\nexec '${simulator.browserWrapper}' "$@"\n`;
    writeFileSync(browser, script, { mode: 0o755 });
    service = await place.start(browser, QUICK_QR);
    await linkSession(service, simulator, 'shop', PHONE);
    await linkSession(service, simulator, 'till', OTHER_PHONE);
  }, 120_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  const told = (event: string, sessionId: string) =>
    service.log.filter((line) => line.event === event && line.sessionId === sessionId);
  const timesOf = (lines: readonly Record<string, unknown>[]) =>
    lines.map(({ timestamp }) => Date.parse(String(timestamp)));
  const qrOf = (id: string) => service.call<Refusal>('GET', `/api/sessions/${id}/qr`);
  const orders = (id: string, order: string, body?: unknown) =>
    service.call('POST', `/api/sessions/${id}/${order}`, body);
  const send = (id: string, text: string, headers?: Record<string, string>) =>
    service.call<{ id: string } & Refusal>('POST', `/api/sessions/${id}/messages`, { to: CUSTOMER, text }, headers);
  const profileOf = (id: string) => join(place.authDir, `session-${id}`);
  const browserOf = (id: string) =>
    browsersUnder(place.authDir).filter(({ args }) => args.includes(`--user-data-dir=${profileOf(id)}`));

  test('R21 a QR code that nobody scans changes calmly, is taken off show, and burns no browser for ever', async () => {
    await simulator.client.settings({ qrRotateMs: 300, qrRefs: 100 });
    await service.call('POST', '/api/sessions', { id: 'lobby' });
    const first = await service.reaches('lobby', 'qr_pending');
    expect((await qrOf('lobby')).status).toBe(200);

    const hidden = await service.reaches('lobby', 'reconnecting');
    expect(hidden).toMatchObject({ reason: 'qr_timeout', nextAttemptAt: expect.any(String) });
    expect(await qrOf('lobby')).toMatchObject({ status: 404, body: { code: 'no_qr' } });
    await until('the browser is closed', 10_000, () =>
      browserOf('lobby').every(({ pid }) => pid !== first.browser?.pid),
    );

    const given = await service.reaches('lobby', 'disconnected');
    expect(given).toMatchObject({ reason: 'qr_timeout', userAction: 'scan_qr', nextAttemptAt: null });
    expect(given.message).toContain('The QR code was not scanned in time.');
    expect(await qrOf('lobby')).toMatchObject({ status: 404, body: { code: 'no_qr' } });
    await until('the browser is closed', 10_000, () => browserOf('lobby').length === 0);
    expect(told('session.qr_hidden', 'lobby').map(({ round }) => round)).toEqual([1, 2]);
    expect(told('client.launched', 'lobby')).toHaveLength(2);

    // Of the first round: the page had a new code every 300 ms.
    const [firstHiddenAt = 0] = timesOf(told('session.qr_hidden', 'lobby'));
    const shown = timesOf(told('session.qr_shown', 'lobby')).filter((at) => at < firstHiddenAt);
    expect(shown.length).toBeGreaterThan(1);
    for (const [index, at] of shown.slice(1).entries()) {
      expect(at - (shown[index] ?? 0)).toBeGreaterThanOrEqual(DEBOUNCE_MS - 50);
    }
    await simulator.client.settings({ qrRotateMs: 20_000, qrRefs: 6 });
  }, 90_000);

  test('a changed label is shown, and what does not exist or is not known is refused', async () => {
    const change = (id: string, body: unknown) =>
      service.call<{ label: string } & Refusal>('PATCH', `/api/sessions/${id}`, body);
    expect(await change('shop', { label: 'Corner shop' })).toMatchObject({ status: 200, body: { id: 'shop' } });
    expect((await service.session('shop')).label).toBe('Corner shop');
    expect(await change('nobody', { label: 'x' })).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
    expect(await change('shop', { status: 'error' })).toMatchObject({ status: 400, body: { code: 'bad_request' } });
  }, 30_000);

  test('B06 one idempotency key is one message: another text under it is refused', async () => {
    const key = { 'idempotency-key': 'order-7' };
    const first = await send('shop', 'Your order is ready', key);
    const again = await send('shop', 'Your order is ready', key);
    expect([first.status, again.body.id]).toEqual([202, first.body.id]);
    const other = await send('shop', 'Your order is late', key);
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_conflict' } });
    expect(other.body.detail).toContain(first.body.id);
    const sent = async () => (await simulator.client.sent(PHONE)).map(({ body }) => body);
    await until('it has arrived', 20_000, async () => (await sent()).length > 0);
    expect(await sent()).toEqual(['Your order is ready']);
  }, 30_000);

  test('R26 a reconnect that is forced at the old path brings another browser, without a scan', async () => {
    const before = await service.session('shop');
    const force = (id: string) => service.call('POST', `/api/whatsapp-web/force-reconnect/${id}`);
    expect(await force('shop')).toMatchObject({ status: 202, body: { status: 'connecting', reason: 'forced' } });
    const after = await service.reaches('shop', 'connected');
    expect(after).toMatchObject({ attempt: 0, errorCount: 0, circuit: { state: 'closed' } });
    expect(after.browser?.pid).not.toBe(before.browser?.pid);
    expect(told('session.qr_shown', 'shop')).toHaveLength(1);
    expect(await force('nobody')).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
  }, 60_000);

  test('R10 after a restart who was stopped stays stopped, and who has no login waits for a scan', async () => {
    expect(await orders('shop', 'disconnect')).toMatchObject({ status: 200, body: { status: 'disconnected' } });
    await service.end('SIGTERM');
    rmSync(profileOf('till'), { recursive: true });
    service = await place.start(browser, QUICK_CIRCUIT);
    const [shop, till, lobby] = await Promise.all(['shop', 'till', 'lobby'].map((id) => service.session(id)));
    expect(shop).toMatchObject({ status: 'disconnected', reason: 'stopped_by_operator', desired: 'stopped' });
    expect(shop).toMatchObject({ label: 'Corner shop', userAction: 'none', browser: null });
    expect(till).toMatchObject({ status: 'disconnected', userAction: 'scan_qr', browser: null });
    expect(till?.message).toContain('Connect it and scan the QR code.');
    expect(lobby).toMatchObject({ status: 'disconnected', reason: 'qr_timeout' });
    // R11: nobody waits in vain for a message that cannot go.
    expect(await send('shop', 'x')).toMatchObject({ status: 409, body: { code: 'not_connected' } });
    expect(await send('till', 'x')).toMatchObject({ status: 409, body: { code: 'not_linked' } });
    expect(await send('nobody', 'x')).toMatchObject({ status: 404, body: { code: 'session_not_found' } });
    expect(browsersUnder(place.authDir)).toEqual([]);
  }, 60_000);

  test('R01 R03 R24 R29 failures in a row open the circuit: nothing is tried until it says so, then once, and success closes it', async () => {
    await orders('shop', 'connect');
    const connected = await service.reaches('shop', 'connected');
    const attempts = () => timesOf(told('session.attempt', 'shop'));
    const suspended = (after: string) =>
      until('the circuit is open', 30_000, async () => {
        const view = await service.session('shop');
        return view.status === 'suspended' && String(view.circuit.resumesAt) > after && view;
      });
    writeFileSync(broken, '');
    process.kill(connected.browser?.pid ?? 0, 'SIGKILL');

    const first = await suspended('');
    expect(first).toMatchObject({ reason: 'launch_failed', userAction: 'none', circuit: { state: 'open' } });
    expect(first.nextAttemptAt).toBe(first.circuit.resumesAt);
    const resumesAt = Date.parse(String(first.circuit.resumesAt));
    expect(resumesAt - Date.parse(first.since)).toBe(OPEN_MS);
    expect(first).toMatchObject({ attempt: 2, lastReconnectAttempt: expect.any(String), isReconnecting: false });
    expect(first.errorCount).toBeGreaterThan(0);
    expect(attempts()).toHaveLength(QUICK_CIRCUIT.breaker.failureThreshold);
    // The fault was of this machine, so the first attempt came at once; the next one was said as the log has it for people.
    const [lostAt = 0] = timesOf(told('session.lost', 'shop'));
    expect((attempts()[0] ?? 0) - lostAt).toBeLessThan(500);
    expect(told('session.retry_scheduled', 'shop').map(({ message }) => message)).toEqual([
      expect.stringMatching(/^Attempting to reconnect shop \(attempt 2\) in [\d.]+s with existing credentials$/),
    ]);

    const second = await suspended(String(first.circuit.resumesAt));
    expect(attempts()).toHaveLength(QUICK_CIRCUIT.breaker.failureThreshold + 1);
    expect(attempts().at(-1)).toBeGreaterThanOrEqual(resumesAt - 50);

    rmSync(broken);
    const back = await service.reaches('shop', 'connected');
    expect(attempts()).toHaveLength(QUICK_CIRCUIT.breaker.failureThreshold + 2);
    expect(attempts().at(-1)).toBeGreaterThanOrEqual(Date.parse(String(second.circuit.resumesAt)) - 50);
    expect(back.message).toContain('The browser ended unexpectedly.');
    await until('it is closed', 5000, async () => (await service.session('shop')).circuit.state === 'closed');
    expect(await service.session('shop')).toMatchObject({ attempt: 0, errorCount: 0, circuit: { resumesAt: null } });
    expect(told('session.qr_shown', 'shop')).toEqual([]);
  }, 90_000);

  test('R16 a disconnect with force moves the login away: the number must be scanned again', async () => {
    const quarantine = join(place.dataDir, 'quarantine');
    expect(existsSync(quarantine)).toBe(false);
    const discarded = await orders('shop', 'disconnect', { force: true });
    expect(discarded).toMatchObject({ status: 200, body: { status: 'disconnected', desired: 'stopped' } });
    expect([existsSync(profileOf('shop')), existsSync(join(place.dataDir, 'snapshots', 'shop'))]).toEqual([
      false,
      false,
    ]);
    expect(readdirSync(quarantine)).toEqual([expect.stringMatching(/^shop-/)]);
    await orders('shop', 'connect');
    expect(await service.reaches('shop', 'qr_pending')).toMatchObject({ reason: 'waiting_for_scan' });
  }, 60_000);

  test('R14 R15 R16 a logout is counted and keeps the profile, force resets the counter', async () => {
    await scan(service, simulator, 'shop', PHONE);
    expect(await service.reaches('shop', 'connected')).toMatchObject({ connectionFailureCount: 0 });
    await simulator.client.unlink(PHONE);
    expect(await service.reaches('shop', 'disconnected')).toMatchObject({
      reason: 'logged_out',
      connectionFailureCount: 1,
      lastConnectionFailure: expect.any(String),
    });
    await until('the browser is closed', 10_000, () => browserOf('shop').length === 0);
    expect(existsSync(profileOf('shop'))).toBe(true);
    await orders('shop', 'disconnect', { force: true });
    expect(await service.session('shop')).toMatchObject({ connectionFailureCount: 0, lastConnectionFailure: null });
    expect(existsSync(profileOf('shop'))).toBe(false);
    // R10: many rounds of the monitor later, nobody else has been started.
    expect([...told('session.starting', 'till'), ...told('session.starting', 'lobby')]).toEqual([]);
  }, 60_000);
});
