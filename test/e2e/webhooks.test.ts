import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { scan } from '../support/link.js';
import { leftoversOf } from '../support/processes.js';
import { type Call, Receiver } from '../support/receiver.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000061';
const CUSTOMER = '4917600000062';
const HMAC_KEY = 'a key for the test';

interface Message {
  body: string;
  from: string;
  ack: number;
  status?: string;
}

describe('B07 R19 webhooks, with a real browser', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;
  let receiver: Receiver;
  let everything: Receiver;
  const settings = () => ({
    webhooks: {
      endpoints: [{ url: everything.url, events: ['session.qr', 'message'] }],
      retryDelaysMs: [500, 500, 500],
    },
  });

  beforeAll(async () => {
    simulator = await startSimulator();
    receiver = await new Receiver().start();
    everything = await new Receiver().start();
    service = await place.start(simulator.browserWrapper, settings());
    const webhook = { url: `${receiver.url}?key=secret`, token: 'the-token', hmacKey: HMAC_KEY };
    await service.call('POST', '/api/sessions', { id: 'shop', webhook });
    await scan(service, simulator, 'shop', PHONE);
    await service.reaches('shop', 'connected');
  }, 120_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    await receiver.stop();
    await everything.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  const of = (event: string, who = receiver) => who.taken.filter(({ json }) => json.event === event);
  const messageOf = ({ json }: Call) => json.payload as Message;
  const texts = () => of('message').map((call) => messageOf(call).body);

  test('the way to the connection is told, and the QR code only to who named it', async () => {
    await until('connected is told', 10_000, () =>
      of('session.status').some(({ json }) => (json.payload as { status: string }).status === 'connected'),
    );
    const statuses = of('session.status').map(({ json }) => (json.payload as { status: string }).status);
    expect(statuses).toEqual(expect.arrayContaining(['connecting', 'qr_pending', 'connected']));
    expect(of('session.qr')).toEqual([]);
    expect(of('session.qr', everything).length).toBeGreaterThan(0);
  }, 30_000);

  test('a message that comes is told with the right signature, the token and real numbers', async () => {
    await simulator.client.deliver(PHONE, { from: CUSTOMER, body: 'Grüße 👋' });
    const [call] = await until('the message is told', 10_000, () => of('message').length > 0 && of('message'));
    expect(call).toMatchObject({
      path: '/hook?key=secret',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer the-token',
        'x-webhook-request-id': expect.stringMatching(/^dlv_/),
        'x-webhook-timestamp': expect.stringMatching(/^\d{13}$/),
        'x-webhook-hmac': createHmac('sha512', HMAC_KEY)
          .update(call?.body ?? '')
          .digest('hex'),
        'x-webhook-hmac-algorithm': 'sha512',
      },
      json: {
        id: expect.stringMatching(/^evt_/),
        sessionId: 'shop',
        phoneNumber: PHONE,
        payload: { body: 'Grüße 👋', from: `${CUSTOMER}@c.us`, to: `${PHONE}@c.us`, fromMe: false },
      },
    });
    await until('the other one hears of it, too', 5_000, () => of('message', everything).length === 1);
    expect(of('message', everything)[0]?.json.id).toBe(call?.json.id);
  }, 30_000);

  test('a message that is sent is told, with its acks', async () => {
    await service.call('POST', '/api/sessions/shop/messages', { to: CUSTOMER, text: 'Good morning' });
    const [sent] = await until('sent is told', 20_000, () => of('message.sent').length > 0 && of('message.sent'));
    expect(sent && messageOf(sent)).toMatchObject({ body: 'Good morning', from: `${PHONE}@c.us` });
    await until('an ack is told', 10_000, () => of('message.ack').length > 0);
  }, 60_000);

  test('kill -9 of the service while the receiver fails loses nothing and keeps the order', async () => {
    let isDown = true;
    receiver.behave = (_call, res) => void res.writeHead(isDown ? 503 : 200).end();
    const wanted = Array.from({ length: 10 }, (_, n) => `while it failed ${n}`);
    for (const body of wanted) await simulator.client.deliver(PHONE, { from: CUSTOMER, body });
    await until('the first is tried', 10_000, () => receiver.calls.some(({ status }) => status === 503));
    await service.end('SIGKILL');
    isDown = false;
    service = await place.start(simulator.browserWrapper, settings());
    await until('all are told', 60_000, () => texts().length >= 1 + wanted.length);
    expect(texts().slice(1)).toEqual(wanted);
    const { body } = await service.call<{ items: unknown[] }>('GET', '/api/webhooks/deliveries?status=queued');
    expect(body.items).toEqual([]);
    expect(JSON.stringify(service.log)).not.toMatch(/key=secret|the-token|a key for the test/);
  }, 120_000);
});
