import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { TestClient } from '../api/support/realtime-harness.js';
import { leftoversOf } from '../support/processes.js';
import { API_KEY, type TestService, Workplace } from '../support/service.js';

const PHONE = '4915100000043';
const CUSTOMER = '4917600000099';
const HEALED_WITHIN_MS = 15_000;

describe('R06 R13 events in real time, of a real browser', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;
  let client: TestClient;

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper);
    client = new TestClient(service.url, { token: API_KEY }, {});
    await client.gets('sessions');
  }, 60_000);
  afterAll(async () => {
    client.socket.disconnect();
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  test('bring the QR code that links a number', async () => {
    await service.call('POST', '/api/sessions', { id: 'shop' });
    await client.gets('session-status', ({ id, status }) => id === 'shop' && status === 'connecting');
    const { qr } = await client.gets('session-qr');
    await simulator.client.scanQr(String(qr), PHONE);
    expect(await client.gets('whatsapp-connected')).toMatchObject({ sessionId: 'shop', phoneNumber: PHONE });
  }, 60_000);

  test('tell of a browser that is killed and of its return, in order and within the healing time', async () => {
    client.received.length = 0;
    const { browser } = await service.session('shop');
    const killedAt = Date.now();
    process.kill(browser?.pid ?? 0, 'SIGKILL');
    const lost = await client.gets('whatsapp-disconnected');
    expect(lost).toMatchObject({ sessionId: 'shop', reason: 'browser_crashed' });
    const back = await client.gets('whatsapp-connected');
    expect(Date.now() - killedAt).toBeLessThan(HEALED_WITHIN_MS);
    expect(back).toMatchObject({ sessionId: 'shop', phoneNumber: PHONE });
    expect(back.seq).toBeGreaterThan(lost.seq);
    await client.gets('session-status', ({ status, seq }) => status === 'connected' && seq > lost.seq);
    const logged = client.named('log').map(({ event }) => event);
    expect(logged).toEqual(expect.arrayContaining(['session.lost', 'session.connected']));
    expect(client.named('session-qr')).toEqual([]);
  }, 60_000);

  test('bring messages and what became of those that were sent', async () => {
    await simulator.client.deliver(PHONE, { from: CUSTOMER, body: 'Hello shop' });
    expect(await client.gets('message')).toMatchObject({
      sessionId: 'shop',
      from: `${CUSTOMER}@c.us`,
      body: 'Hello shop',
    });
    const { body } = await service.call('POST', '/api/sessions/shop/messages', { to: CUSTOMER, text: 'Good morning' });
    const ack = await client.gets('message-ack', ({ id }) => id === body.id);
    expect(ack).toMatchObject({ sessionId: 'shop', body: 'Good morning', to: `${CUSTOMER}@c.us` });
  }, 60_000);

  test('end with the service, and do not hold it up', async () => {
    const end = client.ends();
    const { code, tookMs } = await service.end('SIGTERM');
    expect([code, await end]).toEqual([0, 'transport close']);
    expect(tookMs).toBeLessThan(15_000);
  }, 60_000);
});
