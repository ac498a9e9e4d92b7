import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { BUILD_AFTER, BUILD_BEFORE, type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const CUSTOMER = '4917600000077';

describe.each([
  { name: 'from before July 2026', build: BUILD_BEFORE, phone: '4915100000061' },
  { name: 'as since July 2026, where message keys lost their _serialized', build: BUILD_AFTER, phone: '4915100000062' },
])('B12 R18 with the unmodified library on pages $name', ({ build, phone }) => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator({ settings: { build } });
    service = await place.start(simulator.browserWrapper);
    await linkSession(service, simulator, 'shop', phone);
  }, 120_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  test('a send is reported as sent, with the id that WhatsApp has', async () => {
    const { status, body } = await service.call<{ status: string; waMessageId: string }>(
      'POST',
      '/api/sessions/shop/messages',
      { to: CUSTOMER, text: 'Hello' },
      { prefer: 'wait=20' },
    );
    expect(status).toBe(200);
    const [sent] = await simulator.client.sent(phone);
    expect(['sent', 'delivered', 'read']).toContain(body.status);
    expect(body.waMessageId).toBe(`true_${CUSTOMER}@c.us_${sent?.id}`);
    expect(sent?.receivedCount).toBe(1);
  }, 60_000);

  test('incoming messages carry their ids, from known numbers and from hidden ones', async () => {
    const first = await simulator.client.deliver(phone, { from: CUSTOMER, body: 'By number' });
    const second = await simulator.client.deliver(phone, { from: CUSTOMER, body: 'By hidden id', lid: true });
    const items = await until('both messages are received', 20_000, async () => {
      const { body } = await service.call<{ items: { id: string; from: string; fromLid?: string | null }[] }>(
        'GET',
        '/api/sessions/shop/messages?direction=received',
      );
      return body.items.length === 2 && body.items;
    });
    expect(items[0]?.id).toBe(`false_${CUSTOMER}@c.us_${first.id}`);
    expect(items[1]?.id).toBe(`false_${items[1]?.fromLid}_${second.id}`);
    expect(items.map(({ from }) => from)).toEqual([`${CUSTOMER}@c.us`, `${CUSTOMER}@c.us`]);
    expect(items[1]?.fromLid).toMatch(/@lid$/);
  }, 60_000);

  test('the chats can be listed', async () => {
    const { status, body } = await service.call<{ items: { id: string }[] }>('GET', '/api/sessions/shop/chats');
    expect(status).toBe(200);
    expect(body.items.length).toBeGreaterThan(0);
  }, 60_000);
});
