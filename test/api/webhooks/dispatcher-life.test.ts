import { describe, expect, test } from '@jest/globals';
import { settled } from '../../support/fake-clock.js';
import { aWebhook, driveWebhooks } from './webhook-driver.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

describe('after a restart', () => {
  test('what was queued goes on, in order, each at its time', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    house.receivers.behave = () => 'down';
    for (const id of ['m1', 'm2']) house.receive('sales', id);
    await house.clock.advance(SECOND_MS);
    await house.dispatcher.stop();
    house.receivers.behave = () => 200;
    await house.clock.advance(MINUTE_MS);
    expect(house.taken()).toEqual([]);
    house.process().dispatcher.start();
    await settled();
    expect(house.taken()).toEqual(['crm m1', 'crm m2']);
  });

  test('what was recorded before the start goes out with it', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    const { dispatcher, receive } = house.process();
    receive('sales', 'm1');
    await settled();
    expect(house.taken()).toEqual([]);
    dispatcher.start();
    await settled();
    expect(house.taken()).toEqual(['crm m1']);
  });
});

describe('a shutdown', () => {
  test('lets a call under way end, and begins no other', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    house.receivers.behave = () => 'hang';
    for (const id of ['m1', 'm2']) house.receive('sales', id);
    await settled();
    const stopped = house.dispatcher.stop();
    await house.receivers.release();
    await stopped;
    expect(house.taken()).toEqual(['crm m1']);
    expect(house.statuses()).toEqual(['delivered', 'queued']);
    expect(house.clock.pending).toBe(0);
  });

  test('cuts a call off that takes longer than a moment, which then counts as no attempt', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    house.receivers.behave = () => 'hang';
    house.receive('sales', 'm1');
    await settled();
    const stopped = house.dispatcher.stop();
    await house.clock.advance(3 * SECOND_MS);
    await stopped;
    expect(house.store.list({ after: 0, limit: 9 })).toMatchObject([{ status: 'queued', attempts: 0 }]);
  });
});

describe('the dispatcher', () => {
  test('uses address and secrets as they are set when it calls', async () => {
    const webhooks = { sales: aWebhook('http://old/') };
    const house = driveWebhooks(webhooks);
    house.receivers.behave = (host) => (host === 'old' ? 404 : 200);
    house.receive('sales', 'm1');
    await settled();
    webhooks.sales = aWebhook('http://new/', { token: 'new-token' });
    await house.clock.advance(10 * SECOND_MS);
    expect(house.taken()).toEqual(['new m1']);
    expect(house.receivers.requests.at(-1)?.headers.Authorization).toBe('Bearer new-token');
  });

  test('makes dead letters of what is for a webhook that was taken away', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    house.receivers.behave = () => 'down';
    for (const id of ['m1', 'm2']) house.receive('sales', id);
    await settled();
    house.webhooks.sales = null;
    await house.clock.advance(10 * SECOND_MS);
    expect(house.statuses()).toEqual(['dead', 'dead']);
    expect(house.receivers.requests).toHaveLength(1);
    expect(house.logger.count('webhook.dead')).toBe(1);
  });

  test('asks no receiver again because the disk is full', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    house.receivers.behave = () => 'hang';
    for (const id of ['m1', 'm2']) house.receive('sales', id);
    await settled();
    house.store.broken = true;
    await house.receivers.release();
    await house.clock.advance(MINUTE_MS);
    expect(house.taken()).toEqual(['crm m1']);
    house.store.broken = false;
    house.receivers.behave = () => 200;
    await house.clock.advance(10 * SECOND_MS);
    expect(house.taken()).toEqual(['crm m1', 'crm m2']);
    expect(house.statuses()).toEqual(['delivered', 'delivered']);
  });

  test('keeps nothing in memory of a lane that is empty', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    house.receive('sales', 'm1');
    await house.clock.advance(SECOND_MS);
    // Only the timer of the next pruning is left.
    expect(house.clock.pending).toBe(1);
  });

  test('forgets delivered events after three days and dead letters after thirty', async () => {
    const house = driveWebhooks({ sales: aWebhook('http://crm/') });
    house.receivers.behave = (_host, id) => (id === 'bad' ? 422 : 200);
    for (const id of ['bad', 'good']) house.receive('sales', id);
    await house.clock.advance(2 * DAY_MS);
    expect(house.statuses()).toEqual(['dead', 'delivered']);
    await house.clock.advance(2 * DAY_MS);
    expect(house.statuses()).toEqual(['dead']);
    await house.clock.advance(27 * DAY_MS);
    expect(house.statuses()).toEqual([]);
  });
});

describe('a webhook that is paused', () => {
  /** As the desk does it. */
  function driven() {
    const house = driveWebhooks({ sales: aWebhook('http://crm/'), shop: aWebhook('http://erp/') });
    const pause = () => house.store.pause('session:sales', house.clock.now());
    const resume = (dispatcher = house.dispatcher) => {
      house.store.resume('session:sales');
      dispatcher.endpointChanged('session:sales');
    };
    return { ...house, pause, resume };
  }

  test('is told nothing until it goes on, and then all of it in order; others are told meanwhile', async () => {
    const house = driven();
    house.pause();
    for (const id of ['m1', 'm2', 'm3']) house.receive('sales', id);
    house.receive('shop', 'o1');
    await house.clock.advance(DAY_MS);
    expect(house.taken()).toEqual(['erp o1']);
    house.resume();
    await settled();
    expect(house.taken()).toEqual(['erp o1', 'crm m1', 'crm m2', 'crm m3']);
  });

  test('may end the call under way, and gets no other', async () => {
    const house = driven();
    house.receivers.behave = () => 'hang';
    for (const id of ['m1', 'm2']) house.receive('sales', id);
    await settled();
    house.pause();
    await house.receivers.release();
    await house.clock.advance(DAY_MS);
    expect(house.statuses()).toEqual(['delivered', 'queued']);
  });

  test('is left alone by what waited for its next attempt', async () => {
    const house = driven();
    house.receivers.behave = () => 'down';
    house.receive('sales', 'm1');
    await settled();
    house.pause();
    await house.clock.advance(DAY_MS);
    expect(house.receivers.requests).toHaveLength(1);
    house.receivers.behave = () => 200;
    house.resume();
    await settled();
    expect(house.taken()).toEqual(['crm m1']);
  });

  test('stays so over a restart', async () => {
    const house = driven();
    house.pause();
    house.receive('sales', 'm1');
    await house.dispatcher.stop();
    const { dispatcher } = house.process();
    dispatcher.start();
    await house.clock.advance(DAY_MS);
    expect(house.taken()).toEqual([]);
    house.resume(dispatcher);
    await settled();
    expect(house.taken()).toEqual(['crm m1']);
  });

  test('holds nothing back when it is taken out of the configuration: nobody could let it go on', async () => {
    const house = driven();
    house.pause();
    house.receive('sales', 'm1');
    await house.dispatcher.stop();
    house.webhooks.sales = null;
    house.process().dispatcher.start();
    await settled();
    expect(house.statuses()).toEqual(['dead']);
  });
});
