import { describe, expect, test } from '@jest/globals';
import { settled } from '../support/fake-clock.js';
import { aSender } from './sender-driver.js';

const ANN = '491511111111@c.us';
const BOB = '491522222222@c.us';

describe('a message that WhatsApp refuses', () => {
  test('is tried again after a growing wait, each time under another id, until it is taken', async () => {
    const { connect, accept, plans, clock, message, whatsapp, house } = aSender();
    await connect();
    plans.push('refused', 'refused');
    accept('one', 'two');
    await settled();
    expect(message('m1')).toMatchObject({ status: 'queued', attempts: 1, waMessageId: null, presetId: null });
    await clock.advance(15_000);
    expect(message('m1')).toMatchObject({ status: 'queued', attempts: 2 });
    await clock.advance(20_000);
    expect(message('m1')?.attempts).toBe(2);
    await clock.advance(10_000);
    expect(whatsapp.texts).toEqual(['one', 'two']);
    expect(new Set(whatsapp.sent.map(({ waMessageId }) => waMessageId)).size).toBe(4);
    expect(house.logger.count('message.refused')).toBe(2);
  });

  test('is reported after the last try, with the next message not held up for ever', async () => {
    const { connect, accept, plans, clock, message, whatsapp } = aSender();
    await connect();
    plans.push('refused', 'refused', 'refused', 'refused', 'refused');
    accept('one', 'two');
    await clock.advance(600_000);
    expect(message('m1')).toMatchObject({ status: 'failed', failureCode: 'rejected_by_whatsapp', attempts: 5 });
    expect(whatsapp.texts).toEqual(['two']);
  });

  test('is not tried again after its time', async () => {
    const { connect, acceptFor, plans, clock, message, sends } = aSender();
    await connect();
    plans.push('refused');
    acceptFor(ANN, 'one', { expiresAt: clock.now() + 10_000 });
    await clock.advance(60_000);
    expect(message('m1')).toMatchObject({ status: 'failed', failureCode: 'expired' });
    expect(sends()).toBe(1);
  });

  test('is found refused by the look into the chat, when no event told of it', async () => {
    const { connect, accept, plans, whatsapp, clock, message } = aSender();
    await connect();
    plans.push('works');
    accept('one');
    await settled();
    for (const sent of whatsapp.sent) sent.ack = -1;
    await clock.advance(30_000);
    expect(message('m1')).toMatchObject({ status: 'queued', attempts: 1 });
    await clock.advance(15_000);
    expect(message('m1')?.status).toBe('sent');
  });

  test('holds up its own chat only, when the others are taken', async () => {
    const { connect, acceptFor, plans, whatsapp } = aSender();
    await connect();
    plans.push('refused');
    acceptFor(ANN, 'a1');
    acceptFor(BOB, 'b1');
    acceptFor(BOB, 'b2');
    await settled();
    expect(whatsapp.texts).toEqual(['b1', 'b2']);
  });

  test('waits through a restart of the service', async () => {
    const { connect, crash, accept, plans, sends, clock } = aSender();
    await connect();
    plans.push('refused');
    accept('one');
    await settled();
    await crash();
    await connect();
    expect(sends()).toBe(1);
    await clock.advance(15_000);
    expect(sends()).toBe(2);
  });
});

describe('a number that sends too much', () => {
  test('pauses when two chats are refused, and tries with one message before all others follow', async () => {
    const { connect, acceptFor, plans, whatsapp, clock, sends, statuses } = aSender();
    await connect();
    plans.push(...Array.from({ length: 7 }, () => 'refused' as const));
    for (const n of [1, 2, 3, 4, 5, 6]) acceptFor(`4915000000${n}0@c.us`, `m${n}`);
    acceptFor('491500000010@c.us', 'm7');
    await settled();
    // All chats at once; the refusals behind the second are of the same moment, and make the pause no longer.
    expect(sends()).toBe(6);
    // 30 s for two refusals, less a tenth by chance.
    await clock.advance(26_500);
    expect(sends()).toBe(6);
    await clock.advance(1000);
    expect(sends()).toBe(7);
    await clock.advance(53_000);
    expect(sends()).toBe(7);
    await clock.advance(30_000);
    expect([...whatsapp.texts].sort()).toEqual(['m1', 'm2', 'm3', 'm4', 'm5', 'm6', 'm7']);
    expect(new Set(Object.values(statuses()))).toEqual(new Set(['sent']));
    expect(sends()).toBe(14);
  });

  test('is trusted again as soon as WhatsApp takes a message', async () => {
    const { connect, acceptFor, plans, sends, clock } = aSender();
    await connect();
    plans.push('refused', 'acked', 'refused', 'acked', 'acked');
    for (const n of [1, 2, 3, 4, 5]) acceptFor(`4915000000${n}0@c.us`, `m${n}`);
    await clock.advance(0);
    // Two chats were refused, but not in a row: nothing pauses.
    expect(sends()).toBe(5);
  });
});
