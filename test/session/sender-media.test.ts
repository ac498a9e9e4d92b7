import { describe, expect, test } from '@jest/globals';
import type { MessageContent } from '../../src/domain/message-content.js';
import { settled } from '../support/fake-clock.js';
import { aSender } from './sender-driver.js';

const PICTURE = { type: 'media', mimeType: 'image/png', fileName: null, caption: 'look', urlIsTrusted: false } as const;
const GIVEN: MessageContent = { ...PICTURE, url: null };
const LINKED: MessageContent = { ...PICTURE, url: 'https://files.example/a.png' };

describe('media that came with the message', () => {
  test('is handed over with its bytes, and gone when WhatsApp has it', async () => {
    const { connect, put, house, client, plans, clock } = aSender();
    house.media.kept.set('m1', Uint8Array.of(1, 2));
    put(GIVEN);
    plans.push('works');
    await connect();
    expect(client().sent[0]).toMatchObject({ content: GIVEN, bytes: Uint8Array.of(1, 2) });
    expect(house.media.has('m1')).toBe(true);
    client().ack('look');
    await clock.advance(0);
    expect(house.media.has('m1')).toBe(false);
  });

  test('is still there for the next try after a crash', async () => {
    const { connect, crash, put, house, client, plans, message } = aSender();
    house.media.kept.set('m1', Uint8Array.of(1, 2));
    put(GIVEN);
    plans.push('hangs');
    await connect();
    await crash();
    await connect();
    expect(client().sent[0]?.bytes).toEqual(Uint8Array.of(1, 2));
    expect(message('m1')?.status).toBe('sent');
  });

  test('that was deleted by somebody is reported', async () => {
    const { connect, put, message } = aSender();
    put(GIVEN);
    await connect();
    expect(message('m1')).toMatchObject({ status: 'failed', failureCode: 'media_lost' });
  });

  test('goes when its message is cancelled', async () => {
    const { put, house, sender } = aSender();
    house.media.kept.set('m1', Uint8Array.of(1, 2));
    put(GIVEN);
    sender.cancel('m1');
    await settled();
    expect(house.media.has('m1')).toBe(false);
  });
});

describe('media behind a URL', () => {
  test('is fetched when its turn comes, not before', async () => {
    const { connect, accept, put, plans, house, client, whatsapp } = aSender();
    plans.push('works');
    accept('first');
    put(LINKED);
    await connect();
    expect(house.web.asked).toEqual([]);
    client().ack('first');
    await settled();
    expect(house.web.asked).toEqual(['https://files.example/a.png']);
    expect(whatsapp.texts).toEqual(['first', 'look']);
    expect(client().sent[1]?.bytes).toEqual(Uint8Array.of(1, 2, 3));
    expect(house.media.kept.size).toBe(0);
  });

  test('is asked for a few times, and then reported', async () => {
    const { connect, accept, put, house, clock, message, whatsapp } = aSender();
    const down = { failed: 'media_unreachable', detail: 'status 503', retry: true } as const;
    house.web.plans.push(down, down, down, down);
    put(LINKED);
    accept('second');
    await connect();
    await clock.advance(45_000);
    expect(house.web.asked).toHaveLength(4);
    expect(message('m1')).toMatchObject({ status: 'failed', failureCode: 'media_unreachable', attempts: 0 });
    expect(whatsapp.texts).toEqual(['second']);
  });

  test.each([
    { given: { failed: 'media_too_large', detail: 'large', retry: false }, code: 'media_too_large' },
    { given: { failed: 'media_unreachable', detail: 'status 404', retry: false }, code: 'media_unreachable' },
    { given: { bytes: Uint8Array.of(60), mimeType: 'text/html; charset=utf-8' }, code: 'media_type_mismatch' },
  ] as const)('is not asked for again when that cannot help: $code', async ({ given, code }) => {
    const { connect, put, house, clock, message } = aSender();
    house.web.plans.push(given);
    put(LINKED);
    await connect();
    await clock.advance(60_000);
    expect(house.web.asked).toHaveLength(1);
    expect(message('m1')).toMatchObject({ status: 'failed', failureCode: code });
    expect(house.media.kept.size).toBe(0);
  });

  test('is fetched once, however often the session comes and goes meanwhile', async () => {
    const { connect, crash, put, house, whatsapp } = aSender();
    house.web.plans.push('hangs');
    put(LINKED);
    await connect();
    await crash();
    await connect();
    expect(house.web.asked).toHaveLength(1);
    house.web.letGo();
    await settled();
    expect(whatsapp.texts).toEqual(['look']);
  });

  test('is let go of when its message is cancelled', async () => {
    const { connect, put, house, sender, message } = aSender();
    house.web.plans.push('hangs');
    put(LINKED);
    await connect();
    sender.cancel('m1');
    house.web.letGo();
    await settled();
    expect(message('m1')?.failureCode).toBe('cancelled');
    expect(house.media.kept.size).toBe(0);
  });

  test('that came in the very moment of the cancel is not kept', async () => {
    const { connect, put, house, sender } = aSender();
    house.web.plans.push('hangs');
    const { keep } = house.media;
    house.media.keep = async (id, bytes) => {
      sender.cancel('m1');
      await settled();
      await keep.call(house.media, id, bytes);
    };
    put(LINKED);
    await connect();
    house.web.letGo();
    await settled();
    await settled();
    expect(house.media.kept.size).toBe(0);
  });

  test('of many chats is fetched by two at a time', async () => {
    const { connect, put, house, whatsapp } = aSender();
    house.web.plans.push('hangs', 'hangs');
    for (const n of [1, 2, 3]) put(LINKED, { to: `4915000000${n}0@c.us` });
    await connect();
    expect(house.web.asked).toHaveLength(2);
    house.web.letGo();
    await settled();
    expect(whatsapp.texts).toHaveLength(3);
  });
});
