import { describe, expect, test } from '@jest/globals';
import { settled } from '../support/fake-clock.js';
import { aSender } from './sender-driver.js';

const ANN = '491511111111@c.us';
const BOB = '491522222222@c.us';

describe('the order in which the sender works', () => {
  test('is that of acceptance within a chat, and chats do not wait for each other', async () => {
    const { connect, plans, acceptFor, whatsapp, client } = aSender();
    await connect();
    plans.push('works', 'works');
    acceptFor(ANN, 'a1');
    acceptFor(BOB, 'b1');
    acceptFor(ANN, 'a2');
    acceptFor(BOB, 'b2');
    await settled();
    expect(whatsapp.texts).toEqual(['a1', 'b1']);
    client().ack('b1');
    await settled();
    expect(whatsapp.texts).toEqual(['a1', 'b1', 'b2']);
    client().ack('a1');
    await settled();
    expect(whatsapp.texts).toEqual(['a1', 'b1', 'b2', 'a2']);
  });

  test('lets a message of unknown fate hold up its own chat only', async () => {
    const { connect, plans, acceptFor, whatsapp, clock, client } = aSender();
    await connect();
    plans.push('lost');
    client().searchPlan = new Error('the chat cannot be read');
    acceptFor(ANN, 'a1');
    acceptFor(ANN, 'a2');
    acceptFor(BOB, 'b1');
    acceptFor(BOB, 'b2');
    await clock.advance(60_000);
    expect(whatsapp.texts).toEqual(['b1', 'b2']);
    client().searchPlan = 'works';
    await clock.advance(60_000);
    expect(whatsapp.textsTo(ANN)).toEqual(['a1', 'a2']);
  });

  test('is held up by no clock that is set back: neither a pace, nor a rest, nor what is to be tried again', async () => {
    const { connect, plans, acceptFor, whatsapp, clock } = aSender({
      pacing: { perMinute: null, minGapMs: 5000, jitterMs: 0 },
    });
    await connect();
    plans.push('refused', 'works');
    acceptFor(ANN, 'a1');
    await settled();
    acceptFor(BOB, 'b1');
    await clock.advance(5000);
    clock.set(-7_200_000);
    acceptFor(BOB, 'b2');
    await clock.advance(60_000);
    expect(whatsapp.texts).toEqual(['b1', 'a1', 'b2']);
  });

  test('goes on in a chat whose message waits in the page for its acknowledgement', async () => {
    const { connect, plans, acceptFor, whatsapp, clock } = aSender();
    await connect();
    plans.push('works');
    acceptFor(ANN, 'a1');
    acceptFor(ANN, 'a2');
    await clock.advance(29_000);
    expect(whatsapp.texts).toEqual(['a1']);
    // The chat shows it: the page has it, and sends in order.
    await clock.advance(2000);
    expect(whatsapp.texts).toEqual(['a1', 'a2']);
  });

  test('gives the page messages to several chats at the same time, but a file alone', async () => {
    const { connect, plans, put, acceptFor, client, whatsapp, house } = aSender();
    plans.push('hangs', 'hangs');
    acceptFor(ANN, 'a1');
    acceptFor(BOB, 'b1');
    const file = { type: 'media', mimeType: 'image/png', fileName: null, url: null, urlIsTrusted: false } as const;
    const id = put({ ...file, caption: 'c1' }, { to: '491533333333@c.us' });
    await house.media.keep(id, new Uint8Array([1]));
    acceptFor('491544444444@c.us', 'd1');
    await connect();
    expect(client().calls).toEqual(['start', 'send a1', 'send b1']);
    client().letGo();
    await settled();
    expect(whatsapp.texts).toEqual(['a1', 'b1', 'c1', 'd1']);
    expect(house.browsers.breaches).toEqual([]);
  });

  test('does not wait with a chat for one that the page cannot send to', async () => {
    const { connect, plans, acceptFor, whatsapp, statuses } = aSender();
    plans.push('lost', 'acked');
    acceptFor(ANN, 'a1');
    acceptFor(BOB, 'b1');
    await connect();
    expect(whatsapp.texts).toContain('b1');
    expect(statuses().m2).toBe('sent');
  });

  test('keeps the slow fetch of one chat out of the way of the others', async () => {
    const { connect, put, acceptFor, house, whatsapp } = aSender();
    await connect();
    house.web.plans.push('hangs');
    const media = { type: 'media', mimeType: 'image/png', fileName: null, caption: 'a1', urlIsTrusted: true } as const;
    put({ ...media, url: 'https://slow.example/a.png' }, { to: ANN });
    acceptFor(ANN, 'a2');
    acceptFor(BOB, 'b1');
    await settled();
    expect(whatsapp.texts).toEqual(['b1']);
    house.web.letGo();
    await settled();
    expect(whatsapp.texts).toEqual(['b1', 'a1', 'a2']);
  });
});

describe('a message that is handed over', () => {
  test('is on the disk as such before the page gets it', async () => {
    const { connect, accept, whatsapp, outbox, message } = aSender();
    await connect();
    let reach: () => void = () => {};
    outbox.onDisk = () => new Promise((resolve) => (reach = resolve));
    accept('one');
    await settled();
    expect([message('m1')?.status, whatsapp.texts]).toEqual(['sending', []]);
    reach();
    await settled();
    expect(whatsapp.texts).toEqual(['one']);
  });
});

describe('the pace of the sender', () => {
  const pacing = { perMinute: null, minGapMs: 0, jitterMs: 0 };

  test('keeps the gap between two messages', async () => {
    const { connect, accept, whatsapp, clock } = aSender({ pacing: { ...pacing, minGapMs: 5000 } });
    accept('one', 'two', 'three');
    await connect();
    expect(whatsapp.texts).toEqual(['one']);
    await clock.advance(4999);
    expect(whatsapp.texts).toEqual(['one']);
    await clock.advance(1);
    expect(whatsapp.texts).toEqual(['one', 'two']);
    await clock.advance(5000);
    expect(whatsapp.texts).toEqual(['one', 'two', 'three']);
  });

  test('sends no more in a minute than it may, to whichever chats', async () => {
    const { connect, acceptFor, whatsapp, clock } = aSender({ pacing: { ...pacing, perMinute: 2 } });
    for (const n of [1, 2, 3, 4, 5]) acceptFor(`4915000000${n}0@c.us`, `m${n}`);
    await connect();
    expect(whatsapp.texts).toHaveLength(2);
    await clock.advance(59_999);
    expect(whatsapp.texts).toHaveLength(2);
    await clock.advance(1);
    expect(whatsapp.texts).toHaveLength(4);
    await clock.advance(60_000);
    expect(whatsapp.texts).toHaveLength(5);
  });
});

describe('a message that may be sent only until a time', () => {
  test('is reported as expired when that time has passed, also while the session is away', async () => {
    const { acceptFor, clock, sender, message, house } = aSender();
    acceptFor(ANN, 'one', { expiresAt: clock.now() + 60_000 });
    acceptFor(ANN, 'two');
    sender.kick();
    await clock.advance(59_999);
    expect(message('m1')?.status).toBe('queued');
    await clock.advance(1);
    expect(message('m1')).toMatchObject({ status: 'failed', failureCode: 'expired' });
    expect(message('m2')?.status).toBe('queued');
    const told = house.events.flatMap((event) => (event.type === 'outbox' ? [event.message.failureCode] : []));
    expect(told).toEqual(['expired']);
  });

  test('is not sent late by a connection that comes at that very moment', async () => {
    const { acceptFor, clock, connect, whatsapp } = aSender();
    acceptFor(ANN, 'one', { expiresAt: clock.now() + 60_000 });
    acceptFor(ANN, 'two');
    await clock.advance(60_000);
    await connect();
    expect(whatsapp.texts).toEqual(['two']);
  });

  test('is not sent late by a page that takes its time to give an id', async () => {
    const { acceptFor, clock, connect, whatsapp, client, statuses } = aSender();
    await connect();
    const { newMessageId } = client();
    client().newMessageId = async () => {
      await clock.advance(60_000);
      return newMessageId.call(client());
    };
    acceptFor(ANN, 'one', { expiresAt: clock.now() + 1000 });
    await clock.advance(0);
    expect(whatsapp.texts).toEqual([]);
    expect(statuses()).toEqual({ m1: 'failed' });
  });

  test('is not handed over again after that time, when the chat shows that it never arrived', async () => {
    const { acceptFor, clock, connect, crash, plans, whatsapp, message } = aSender();
    await connect();
    plans.push('hangs');
    acceptFor(ANN, 'one', { expiresAt: clock.now() + 60_000 });
    await settled();
    await crash();
    await clock.advance(60_000);
    expect(message('m1')?.status).toBe('sending');
    await connect();
    expect(whatsapp.texts).toEqual([]);
    expect(message('m1')).toMatchObject({ status: 'failed', failureCode: 'expired' });
  });
});

describe('a message that is cancelled', () => {
  test('is not sent, and those behind it are', async () => {
    const { accept, connect, sender, whatsapp, message } = aSender();
    accept('one', 'two');
    expect(sender.cancel('m1')).toMatchObject({ status: 'failed', failureCode: 'cancelled' });
    await connect();
    expect(whatsapp.texts).toEqual(['two']);
    expect(message('m1')?.failureCode).toBe('cancelled');
  });

  test('is let alone once the page has it', async () => {
    const { accept, connect, sender, plans } = aSender();
    await connect();
    plans.push('hangs');
    accept('one');
    await settled();
    expect(sender.cancel('m1')?.status).toBe('sending');
    expect(sender.cancel('m9')).toBeNull();
  });

  test('is not sent by a page that was just being asked for an id', async () => {
    const { accept, connect, sender, whatsapp, client } = aSender();
    await connect();
    client().newMessageId = async () => {
      sender.cancel('m1');
      return '3EB0X';
    };
    accept('one', 'two');
    await settled();
    expect(whatsapp.texts).toEqual(['two']);
  });
});
