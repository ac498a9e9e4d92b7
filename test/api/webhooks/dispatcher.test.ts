import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { settled } from '../../support/fake-clock.js';
import { aWebhook, driveWebhooks } from './webhook-driver.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

describe('R19 B07 a webhook', () => {
  test('is told of a message, signed and with the token', async () => {
    const webhook = aWebhook('http://crm/hook?key=1', { token: 'the-token', hmacKey: 'the-key' });
    const house = driveWebhooks({ sales: webhook });
    house.receive('sales', 'm1');
    await settled();
    const [request] = house.receivers.requests;
    expect(request?.url).toBe('http://crm/hook?key=1');
    expect(request?.timeoutMs).toBe(10_000);
    expect(JSON.parse(request?.body ?? '')).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/),
      event: 'message',
      timestamp: house.clock.now(),
      sessionId: 'sales',
      phoneNumber: '4915100000001',
      payload: expect.objectContaining({ id: 'm1' }),
    });
    expect(request?.headers).toEqual({
      'Content-Type': 'application/json',
      'User-Agent': 'Wakeful/1.2.3',
      'X-Webhook-Request-Id': expect.stringMatching(/^dlv_/),
      'X-Webhook-Timestamp': String(house.clock.now()),
      'X-Webhook-Hmac': createHmac('sha512', 'the-key')
        .update(request?.body ?? '')
        .digest('hex'),
      'X-Webhook-Hmac-Algorithm': 'sha512',
      Authorization: 'Bearer the-token',
    });
    expect(house.statuses()).toEqual(['delivered']);
  });

  test('without secrets has neither signature nor token', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    house.receive('sales', 'm1');
    await settled();
    const names = Object.keys(house.receivers.requests[0]?.headers ?? {});
    expect(names.filter((name) => /hmac|authorization/i.test(name))).toEqual([]);
  });

  test('hears only of its session and of the events that it asked for', async () => {
    const house = driveWebhooks({
      sales: aWebhook('http://sales/', { events: ['message.ack'] }),
      support: aWebhook('http://support/'),
    });
    house.receive('sales', 'm1');
    house.receive('support', 'm2');
    house.receive('nobody', 'm3');
    await settled();
    expect(house.taken()).toEqual(['support m2']);
    expect(house.statuses()).toEqual(['delivered']);
  });

  test('of the configuration hears of every session; the event has one id for all, each delivery its own', async () => {
    const endpoints = [{ url: 'http://all/', token: null, hmacKey: null, events: null }];
    const house = driveWebhooks({ sales: aWebhook('http://sales/') }, { endpoints });
    house.receive('sales', 'm1');
    house.receive('nobody', 'm2');
    await settled();
    expect(house.taken().toSorted()).toEqual(['all m1', 'all m2', 'sales m1']);
    const listed = house.store.list({ after: 0, limit: 9 });
    expect(new Set(listed.map(({ eventId }) => eventId)).size).toBe(2);
    expect(new Set(listed.map(({ id }) => id)).size).toBe(3);
  });

  test('is told of the same message once, however often it is recorded', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    for (let i = 0; i < 3; i += 1) house.receive('sales', 'm1');
    await settled();
    house.receive('sales', 'm1');
    await settled();
    expect(house.taken()).toEqual(['crm m1']);
  });

  test('that fails is tried again after 10 s, 1 min and so on, with the same request id and a new time', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    house.receivers.behave = () => 500;
    house.receive('sales', 'm1');
    const startedAt = house.clock.now();
    await house.clock.advance(12 * HOUR_MS);
    const { requests } = house.receivers;
    const seconds = requests.map(({ headers }) => (Number(headers['X-Webhook-Timestamp']) - startedAt) / SECOND_MS);
    expect(seconds).toEqual([0, 10, 70, 370, 2_170, 9_370, 30_970]);
    expect(new Set(requests.map(({ headers }) => headers['X-Webhook-Request-Id'])).size).toBe(1);
    expect(new Set(requests.map(({ body }) => body)).size).toBe(1);
    expect(house.statuses()).toEqual(['dead']);
    expect(house.logger.count('webhook.retry')).toBe(6);
    expect(house.logger.count('webhook.dead')).toBe(1);
  });
});

describe('a clock that is set back', () => {
  test('holds up neither what had just been queued nor what was to be tried again', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    house.receivers.behave = () => 500;
    house.receive('sales', 'm1');
    house.receive('sales', 'm2');
    await settled();
    house.clock.set(-HOUR_MS);
    house.receivers.behave = () => 200;
    await house.clock.advance(10 * SECOND_MS);
    expect(house.taken()).toEqual(['crm m1', 'crm m2']);
  });
});

describe('B07 the order of deliveries', () => {
  test('a delivery that fails holds back what comes after it in its session, and nobody else', async () => {
    const endpoints = [{ url: 'http://all/', token: null, hmacKey: null, events: null }];
    const house = driveWebhooks({ sales: aWebhook('http://sales/') }, { endpoints });
    let isDown = true;
    house.receivers.behave = (host, id) => (isDown && host === 'all' && id.startsWith('s') ? 503 : 200);
    for (const id of ['s1', 's2', 's3']) house.receive('sales', id);
    for (const id of ['t1', 't2']) house.receive('support', id);
    await settled();
    expect(house.taken().filter((taken) => taken.startsWith('all'))).toEqual(['all t1', 'all t2']);
    expect(house.taken().filter((taken) => taken.startsWith('sales'))).toEqual(['sales s1', 'sales s2', 'sales s3']);
    isDown = false;
    await house.clock.advance(10 * SECOND_MS);
    expect(house.taken().slice(-3)).toEqual(['all s1', 'all s2', 'all s3']);
  });

  test('goes on behind one that is dead', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    house.receivers.behave = (_host, id) => (id === 'm1' ? 422 : 200);
    for (const id of ['m1', 'm2', 'm3']) house.receive('sales', id);
    await house.clock.advance(20 * SECOND_MS - 1);
    expect(house.taken()).toEqual([]);
    await house.clock.advance(1);
    expect(house.taken()).toEqual(['crm m2', 'crm m3']);
    expect(house.statuses()).toEqual(['dead', 'delivered', 'delivered']);
  });

  test('a receiver has so many calls at the same time and no more, one of each session', async () => {
    const endpoints = [{ url: 'http://all/', token: null, hmacKey: null, events: null }];
    const house = driveWebhooks({}, { endpoints, concurrency: 2 });
    house.receivers.behave = () => 'hang';
    for (const session of ['a', 'b', 'c']) for (const n of [1, 2]) house.receive(session, `${session}${n}`);
    await settled();
    expect(house.receivers.requests).toHaveLength(2);
    for (let i = 0; i < 6; i += 1) await house.receivers.release();
    expect(house.taken()).toHaveLength(6);
    for (const session of ['a', 'b', 'c']) {
      const own = house.taken().filter((taken) => taken.startsWith(`all ${session}`));
      expect(own).toEqual([`all ${session}1`, `all ${session}2`]);
    }
  });

  test('a receiver that never answers stops nobody else', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://slow/'), support: aWebhook('http://quick/') });
    house.receivers.behave = (host) => (host === 'slow' ? 'hang' : 200);
    house.receive('sales', 'm1');
    for (const id of ['m2', 'm3']) house.receive('support', id);
    await settled();
    expect(house.taken()).toEqual(['quick m2', 'quick m3']);
  });
});

describe('a receiver that asks to be left alone', () => {
  const endpoints = [{ url: 'http://all/', token: null, hmacKey: null, events: null }];
  const asks = { status: 429, retryAfter: '120' };

  test('is called by no session before that time, and then gets all of it in order', async () => {
    const house = driveWebhooks({}, { endpoints });
    let isBusy = true;
    house.receivers.behave = () => (isBusy ? asks : 200);
    house.receive('a', 'a1');
    await settled();
    isBusy = false;
    for (const id of ['a2', 'a3']) house.receive('a', id);
    house.receive('b', 'b1');
    await house.clock.advance(119 * SECOND_MS);
    expect(house.receivers.requests).toHaveLength(1);
    await house.clock.advance(SECOND_MS);
    expect(house.taken().toSorted()).toEqual(['all a1', 'all a2', 'all a3', 'all b1']);
    expect(house.taken().filter((told) => told.startsWith('all a'))).toEqual(['all a1', 'all a2', 'all a3']);
  });

  test('holds up no other receiver', async () => {
    const house = driveWebhooks({ a: aWebhook('http://busy/'), b: aWebhook('http://free/') });
    house.receivers.behave = (host) => (host === 'busy' ? asks : 200);
    house.receive('a', 'a1');
    await settled();
    house.receive('b', 'b1');
    await settled();
    expect(house.taken()).toEqual(['free b1']);
  });

  test('is left alone also by calls that waited for a free place', async () => {
    const house = driveWebhooks({}, { endpoints, concurrency: 1 });
    house.receivers.behave = () => asks;
    for (const session of ['a', 'b', 'c']) house.receive(session, `${session}1`);
    await settled();
    expect(house.receivers.requests).toHaveLength(1);
  });
});

describe('B07 a receiver that was down', () => {
  const endpoints = [{ url: 'http://all/', token: null, hmacKey: null, events: null }];

  test('gets at once all that waits when it takes something again', async () => {
    const house = driveWebhooks({}, { endpoints });
    let isDown = true;
    house.receivers.behave = () => (isDown ? 'down' : 200);
    for (const session of ['a', 'b', 'c', 'd']) house.receive(session, `${session}1`);
    await house.clock.advance(2 * HOUR_MS);
    expect(house.taken()).toEqual([]);
    isDown = false;
    // The others would be due in more than half an hour.
    house.receive('e', 'e1');
    await settled();
    expect(house.taken().toSorted()).toEqual(['all a1', 'all b1', 'all c1', 'all d1', 'all e1']);
  });

  test('is called failing once, and recovered once', async () => {
    const house = driveWebhooks({}, { endpoints });
    house.receivers.behave = () => 'down';
    for (const session of ['a', 'b', 'c']) house.receive(session, `${session}1`);
    await house.clock.advance(HOUR_MS);
    expect(house.logger.count('webhook.failing')).toBe(1);
    expect(house.logger.count('webhook.recovered')).toBe(0);
    house.receivers.behave = () => 200;
    await house.clock.advance(2 * HOUR_MS);
    expect(house.logger.count('webhook.failing')).toBe(1);
    expect(house.logger.count('webhook.recovered')).toBe(1);
    expect(house.logger.lines.find(({ event }) => event === 'webhook.recovered')?.fields.downMs).toBeGreaterThan(
      HOUR_MS,
    );
  });

  test('never has what is secret of it in the log', async () => {
    const webhook = aWebhook('http://crm/path-secret?key=query-secret', {
      token: 'token-secret',
      hmacKey: 'hmac-secret',
    });
    const house = driveWebhooks({ sales: webhook });
    house.receivers.behave = (_host, id) => (id === 'm1' ? 'down' : id === 'm2' ? 422 : 200);
    for (const id of ['m1', 'm2', 'm3']) house.receive('sales', id);
    await house.clock.advance(24 * HOUR_MS);
    expect(house.logger.lines.map(({ event }) => event)).toEqual(
      expect.arrayContaining(['webhook.retry', 'webhook.dead', 'webhook.failing', 'webhook.delivered']),
    );
    expect(JSON.stringify(house.logger.lines)).not.toContain('secret');
  });
});
