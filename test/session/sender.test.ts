import { describe, expect, test } from '@jest/globals';
import { settled } from '../support/fake-clock.js';
import { aSender, TO } from './sender-driver.js';

describe('the sender', () => {
  test('sends in the order of acceptance', async () => {
    const { accept, connect, whatsapp, statuses, house } = aSender();
    accept('one', 'two', 'three');
    await connect();
    expect(whatsapp.texts).toEqual(['one', 'two', 'three']);
    expect(statuses()).toEqual({ m1: 'sent', m2: 'sent', m3: 'sent' });
    expect(house.browsers.breaches).toEqual([]);
  });

  test('leads a message from queued over sending to sent, delivered and read', async () => {
    const { accept, connect, plans, statuses, house } = aSender();
    const client = await connect();
    plans.push('works');
    accept('one');
    await settled();
    expect(statuses()).toEqual({ m1: 'sending' });
    for (const [ack, status] of [
      [1, 'sent'],
      [2, 'delivered'],
      [3, 'read'],
      [1, 'read'],
    ] as const) {
      client.ack('one', ack);
      expect(statuses()).toEqual({ m1: status });
    }
    const told = house.events.flatMap((event) => (event.type === 'outbox' ? [event.message.status] : []));
    expect(new Set(told)).toEqual(new Set(['sending', 'sent', 'delivered', 'read']));
    expect(house.logger.count('message.sent')).toBe(1);
  });

  test('knows an acknowledgement that overtakes the return of its send', async () => {
    const { accept, connect, plans, statuses } = aSender();
    const client = await connect();
    plans.push('hangs in chat');
    accept('one');
    await settled();
    client.ack('one', 2);
    client.letGo();
    await settled();
    expect(statuses()).toEqual({ m1: 'delivered' });
  });

  test('reports a refusal as failed with its code, and goes on', async () => {
    const { accept, connect, plans, statuses, outbox, whatsapp } = aSender();
    plans.push({ refused: 'unknown_number' });
    accept('one', 'two');
    await connect();
    expect(statuses()).toEqual({ m1: 'failed', m2: 'sent' });
    expect(outbox.get('sales', 'm1')?.failureCode).toBe('unknown_number');
    expect(whatsapp.texts).toEqual(['two']);
  });

  test('hands nothing over while the session is not connected', async () => {
    const { accept, clock, sends, connect, crash } = aSender();
    await connect();
    await crash();
    accept('one');
    await clock.advance(3_600_000);
    expect(sends()).toBe(0);
  });

  test('does not send again what a crash left in the chat', async () => {
    const { accept, connect, crash, plans, whatsapp, statuses, sends, client } = aSender();
    await connect();
    plans.push('hangs in chat');
    accept('one');
    await settled();
    await crash();
    expect(statuses()).toEqual({ m1: 'sending' });
    await connect();
    expect(sends()).toBe(1);
    client().ack('one');
    expect(whatsapp.texts).toEqual(['one']);
    expect(statuses()).toEqual({ m1: 'sent' });
  });

  test('sends again, once, what a crash lost', async () => {
    const { accept, connect, crash, plans, whatsapp, statuses, outbox } = aSender();
    await connect();
    plans.push('hangs');
    accept('one');
    await settled();
    await crash();
    await connect();
    expect(whatsapp.texts).toEqual(['one']);
    expect(statuses()).toEqual({ m1: 'sent' });
    expect(outbox.get('sales', 'm1')?.attempts).toBe(2);
  });

  test('lets nothing overtake a message that must be sent again', async () => {
    const { accept, connect, crash, plans, whatsapp } = aSender();
    await connect();
    plans.push('hangs');
    accept('one', 'two', 'three');
    await settled();
    await crash();
    await connect();
    expect(whatsapp.texts).toEqual(['one', 'two', 'three']);
  });

  test('does not take a twin for the message that it looks for', async () => {
    const { accept, connect, crash, plans, whatsapp, statuses, outbox } = aSender();
    await connect();
    accept('hello');
    await settled();
    plans.push('hangs');
    accept('hello');
    await settled();
    await crash();
    await connect();
    expect(whatsapp.texts).toEqual(['hello', 'hello']);
    expect(statuses()).toEqual({ m1: 'sent', m2: 'sent' });
    expect(outbox.get('sales', 'm1')?.waMessageId).not.toBe(outbox.get('sales', 'm2')?.waMessageId);
  });

  test('gives each of two lost twins a message of its own', async () => {
    const { accept, connect, crash, plans, whatsapp, sends, statuses } = aSender();
    await connect();
    plans.push('works', 'hangs in chat');
    accept('hello', 'hello');
    await settled();
    await crash();
    await connect();
    expect(whatsapp.texts).toEqual(['hello', 'hello']);
    expect(sends()).toBe(2);
    expect(statuses()).toEqual({ m1: 'sending', m2: 'sending' });
  });

  test.each(['lost', 'interrupted'] as const)(
    'looks up a send that was %s before anything else goes out',
    async (plan) => {
      const { accept, connect, plans, whatsapp, clock, client } = aSender();
      await connect();
      plans.push(plan);
      accept('one', 'two');
      await settled();
      expect(client().calls.filter((call) => call !== 'start')).toEqual(['send one']);
      await clock.advance(2000);
      expect(whatsapp.texts).toEqual(['one', 'two']);
      const again = plan === 'lost' ? ['send one'] : [];
      expect(client().calls.slice(1)).toEqual(['send one', 'search', ...again, 'send two']);
    },
  );

  test('looks up a message that is never acknowledged, time and again, without sending it again', async () => {
    const { accept, connect, plans, clock, searches, sends, client, statuses } = aSender();
    await connect();
    plans.push('works');
    accept('one');
    await clock.advance(29_999);
    expect(searches()).toBe(0);
    await clock.advance(1);
    expect(searches()).toBe(1);
    await clock.advance(60_000);
    expect(searches()).toBe(3);
    expect(sends()).toBe(1);
    client().ack('one');
    await clock.advance(600_000);
    expect(searches()).toBe(3);
    expect(statuses()).toEqual({ m1: 'sent' });
  });

  test('learns of an acknowledgement that only the chat knows', async () => {
    const { accept, connect, plans, clock, whatsapp, statuses } = aSender();
    await connect();
    plans.push('works');
    accept('one');
    await settled();
    for (const message of whatsapp.sent) message.ack = 2;
    await clock.advance(30_000);
    expect(statuses()).toEqual({ m1: 'delivered' });
  });

  test('gives a message up as uncertain when its chat never shows it', async () => {
    const { accept, connect, plans, clock, statuses, sends, message, whatsapp } = aSender();
    await connect();
    plans.push('lost', 'lost', 'lost', 'lost', 'lost');
    accept('one', 'two');
    await clock.advance(120_000);
    expect(statuses()).toEqual({ m1: 'uncertain', m2: 'sent' });
    expect(message('m1')).toMatchObject({ failureCode: 'unconfirmed', attempts: 5 });
    expect(sends()).toBe(6);
    expect(whatsapp.texts).toEqual(['two']);
  });

  test('reports a message that the page cannot take as failed: it is certainly not sent', async () => {
    const { accept, connect, plans, clock, statuses, message, whatsapp } = aSender();
    await connect();
    const notTaken = { refused: 'not_taken', detail: 'media-fault' } as const;
    plans.push(notTaken, notTaken, notTaken, notTaken, notTaken);
    accept('one', 'two');
    await clock.advance(120_000);
    expect(statuses()).toEqual({ m1: 'failed', m2: 'sent' });
    expect(message('m1')).toMatchObject({ failureCode: 'send_failed', attempts: 5 });
    expect(whatsapp.texts).toEqual(['two']);
  });

  test('believes an acknowledgement that comes after it gave up', async () => {
    const { accept, connect, plans, clock, statuses, whatsapp, client, message } = aSender({ maxAttempts: 1 });
    await connect();
    plans.push('forgotten');
    accept('one');
    await clock.advance(10_000);
    expect(statuses()).toEqual({ m1: 'uncertain' });
    client().ack('one');
    expect(message('m1')).toMatchObject({ status: 'sent', failureCode: null });
    expect(message('m1')?.waMessageId).toBe(whatsapp.sent[0]?.waMessageId);
  });

  test('sends what is accepted while it is at work', async () => {
    const { accept, connect, plans, whatsapp, client } = aSender();
    await connect();
    plans.push('hangs');
    accept('one');
    await settled();
    accept('two');
    client().letGo();
    await settled();
    client().ack('one');
    await settled();
    expect(whatsapp.texts).toEqual(['one', 'two']);
  });

  test('sends what is accepted in the very moment in which it comes to rest', async () => {
    for (let ticks = 0; ticks < 40; ticks += 1) {
      const { accept, connect, whatsapp } = aSender();
      await connect();
      accept('one');
      for (let tick = 0; tick < ticks; tick += 1) await Promise.resolve();
      accept('two');
      await settled();
      expect([ticks, ...whatsapp.texts]).toEqual([ticks, 'one', 'two']);
    }
  });

  test('takes nothing new when it is stopped, and lets what runs finish', async () => {
    const { accept, connect, plans, whatsapp, sender, client, clock, statuses } = aSender();
    await connect();
    plans.push('hangs');
    accept('one', 'two');
    await settled();
    sender.stop();
    accept('three');
    client().letGo();
    await clock.advance(600_000);
    expect(whatsapp.texts).toEqual(['one']);
    expect(statuses()).toEqual({ m1: 'sending', m2: 'queued', m3: 'queued' });
    expect(clock.pending).toBe(0);
  });

  test('finds messages of every recipient in their own chat', async () => {
    const { connect, plans, crash, acceptFor, whatsapp } = aSender();
    await connect();
    plans.push('hangs in chat');
    acceptFor('1@c.us', 'hello');
    acceptFor(TO, 'hello');
    await settled();
    await crash();
    await connect();
    expect(whatsapp.sent.map(({ chatId, words }) => [chatId, words])).toEqual([
      ['1@c.us', 'hello'],
      [TO, 'hello'],
    ]);
  });
});
