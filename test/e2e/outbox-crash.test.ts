import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const CUSTOMER = '4917600000066';
/** On its way a message takes 500 ms to WhatsApp's server, and the acknowledgement as long back. */
const LATENCY_MS = 500;
/** From before the page has the message until after it was acknowledged. */
const MOMENTS_MS = [0, 60, 300, 530, 800, 1200];
const SENT = ['sent', 'delivered', 'read'];
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe.each([
  { name: 'and the page sends again what it had', presetIds: true, resendAfterReload: true, phone: '4915100000081' },
  { name: 'and the page forgets what it had', presetIds: true, resendAfterReload: false, phone: '4915100000082' },
  { name: 'and no id could be chosen', presetIds: false, resendAfterReload: true, phone: '4915100000083' },
])('B06 killed in the middle of a send, $name,', ({ presetIds, resendAfterReload, phone }) => {
  const place = new Workplace();
  // Deaths in so quick a row would otherwise be waited out.
  const patience = { backoff: { baseDelayMs: 100, factor: 1 }, breaker: { failureThreshold: 100 } };
  const settings = { messages: { presetIds }, ...patience };
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator({ settings: { resendAfterReload, syncDelayMs: 200 } });
    service = await place.start(simulator.browserWrapper, settings);
    await linkSession(service, simulator, 'shop', phone);
    // The number is known from here on, so that a send is nothing but the send.
    await service.call('POST', '/api/sessions/shop/messages', { to: CUSTOMER, text: 'first' }, { prefer: 'wait=20' });
  }, 120_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  const isSent = async (id: string) =>
    SENT.includes((await service.call<{ status: string }>('GET', `/api/sessions/shop/messages/${id}`)).body.status);

  async function sendAndStrike(text: string, afterMs: number, strike: () => Promise<void>): Promise<string> {
    await simulator.client.fault(phone, { kind: 'slow', latencyMs: LATENCY_MS });
    const { body } = await service.call<{ id: string }>('POST', '/api/sessions/shop/messages', { to: CUSTOMER, text });
    await pause(afterMs);
    await strike();
    await simulator.client.clearFaults(phone);
    return body.id;
  }

  async function arrivesOnce(text: string, id: string): Promise<void> {
    await until(`"${text}" is sent`, 30_000, () => isSent(id));
    await service.reaches('shop', 'connected');
    expect((await simulator.client.sent(phone)).filter(({ body }) => body === text)).toHaveLength(1);
  }

  test('by the end of the browser, a message arrives exactly once', async () => {
    for (const moment of MOMENTS_MS) {
      const { browser } = await service.session('shop');
      const text = `browser killed after ${moment} ms`;
      const id = await sendAndStrike(text, moment, async () => void process.kill(browser?.pid ?? 0, 'SIGKILL'));
      await arrivesOnce(text, id);
    }
  }, 240_000);

  test('by a crash of the page, a message arrives exactly once', async () => {
    for (const moment of MOMENTS_MS.slice(1, 4)) {
      const text = `page crashed after ${moment} ms`;
      const id = await sendAndStrike(text, moment, async () => {
        await simulator.client.clearFaults(phone);
        await simulator.client.fault(phone, { kind: 'crash-page' });
      });
      await arrivesOnce(text, id);
    }
  }, 240_000);

  test('by the end of the whole service, a message arrives exactly once', async () => {
    for (const moment of MOMENTS_MS.slice(1, 4)) {
      const text = `service killed after ${moment} ms`;
      const id = await sendAndStrike(text, moment, async () => void (await service.end('SIGKILL')));
      service = await place.start(simulator.browserWrapper, settings);
      await arrivesOnce(text, id);
    }
  }, 240_000);

  test('and in all of this nobody got anything twice', async () => {
    expect((await simulator.client.duplicates(phone)).sameBody).toBe(0);
    expect(
      (await service.call<{ items: unknown[] }>('GET', '/api/sessions/shop/messages?status=uncertain')).body.items,
    ).toEqual([]);
  }, 60_000);
});
