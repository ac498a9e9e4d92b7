import { describe, expect, test } from '@jest/globals';
import { bareIdOf } from '../../src/domain/message.js';
import { settled } from '../support/fake-clock.js';
import { aSender } from './sender-driver.js';

describe('the id that a message is given beforehand', () => {
  test('is stored before the page gets the message', async () => {
    const { accept, connect, plans, message, client } = aSender();
    await connect();
    plans.push('hangs');
    accept('one');
    await settled();
    expect(message('m1')).toMatchObject({ status: 'sending', presetId: client().sent[0]?.presetId, waMessageId: null });
    expect(message('m1')?.presetId).toMatch(/^3EB0/);
  });

  test('finds the message again after a crash, whatever else says the same', async () => {
    const { accept, connect, crash, plans, sends, message, client, whatsapp, clock } = aSender();
    await connect();
    plans.push('hangs in chat');
    accept('hello');
    await settled();
    // Somebody writes the very same on the phone.
    whatsapp.sent.unshift({ ...twin(whatsapp.sent[0]), waMessageId: 'true_491511234567@c.us_PHONE' });
    await crash();
    await connect();
    expect(sends()).toBe(1);
    expect(bareIdOf(message('m1')?.waMessageId ?? '')).toBe(message('m1')?.presetId);
    client().ack('hello');
    await clock.advance(0);
    expect(message('m1')?.status).toBe('sent');
  });

  test('is used again for what the chat does not show, so that nothing can arrive twice', async () => {
    const { accept, connect, crash, plans, whatsapp, message, clock } = aSender();
    await connect();
    // WhatsApp has it, but the page died before it wrote it down.
    plans.push('forgotten');
    accept('one');
    await settled();
    const { presetId } = message('m1') ?? {};
    await crash();
    await connect();
    await clock.advance(2000);
    expect(message('m1')).toMatchObject({ status: 'sent', presetId, attempts: 2 });
    expect(whatsapp.texts).toEqual(['one']);
  });

  test('finds it by the time of the first handover, however late the last one was', async () => {
    const { accept, connect, crash, plans, clock, message, whatsapp, client } = aSender();
    await connect();
    plans.push('forgotten', 'lost');
    accept('one');
    const handedOverAt = clock.now();
    await settled();
    await crash();
    await clock.advance(600_000);
    await connect();
    await clock.advance(0);
    expect(message('m1')).toMatchObject({ attempts: 2, attemptStartedAt: handedOverAt });
    // The page remembers after all, under the time at which it was sent.
    for (const sent of whatsapp.sent) sent.forgotten = false;
    await crash();
    await connect();
    expect(message('m1')?.attempts).toBe(2);
    client().ack('one');
    expect(message('m1')?.status).toBe('sent');
  });

  test('lets an acknowledgement be known before the page has told which message it is', async () => {
    const { accept, connect, plans, client, message } = aSender();
    await connect();
    plans.push('hangs in chat');
    accept('one');
    await settled();
    client().ack('one', 2);
    expect(message('m1')?.status).toBe('delivered');
    client().letGo();
    await settled();
    expect(message('m1')?.status).toBe('delivered');
  });

  test.each([{ presetIds: false }, { takesIds: false }])(
    'is done without where it cannot be had: %j',
    async (given) => {
      const { accept, connect, crash, plans, message, whatsapp, house, sends } = aSender(
        'presetIds' in given ? given : {},
      );
      house.browsers.prepare = (client) => {
        client.nextSend = () => plans.shift() ?? 'acked';
        client.takesIds = !('takesIds' in given);
      };
      await connect();
      plans.push('hangs in chat');
      accept('one');
      await settled();
      expect(message('m1')?.presetId).toBeNull();
      await crash();
      await connect();
      expect(sends()).toBe(1);
      expect(whatsapp.texts).toEqual(['one']);
      expect(message('m1')?.waMessageId).toBe(whatsapp.sent[0]?.waMessageId);
    },
  );
});

describe('a message without such an id', () => {
  test('is uncertain when its chat has one message of these words, and two that it may be', async () => {
    const { accept, connect, crash, plans, statuses, message, clock, sends } = aSender({
      presetIds: false,
      maxAttempts: 1,
    });
    await connect();
    plans.push('lost', 'hangs in chat');
    accept('hello');
    await clock.advance(2500);
    // The first is given up; the second is in the chat, and may be the first come late.
    expect(statuses()).toEqual({ m1: 'uncertain' });
    accept('hello');
    await settled();
    await crash();
    await connect();
    await settled();
    expect(message('m2')).toMatchObject({ status: 'uncertain', failureCode: 'ambiguous' });
    expect(sends()).toBe(2);
  });
});

function twin<T>(of: T | undefined): T {
  if (of === undefined) throw new Error('there is nothing to be like');
  return of;
}
