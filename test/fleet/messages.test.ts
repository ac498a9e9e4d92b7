import { describe, expect, test } from '@jest/globals';
import { DomainError, type ErrorCode } from '../../src/domain/error-catalogue.js';
import type { MediaContent } from '../../src/domain/message-content.js';
import { settled } from '../support/fake-clock.js';
import { anOutboxInsert } from '../support/outbox-message.js';
import { aFleet, aRequest } from './fleet-driver.js';

const never = () => new AbortController().signal;
const text = (words: string) => ({ content: { type: 'text', text: words } as const });
const PICTURE: MediaContent = {
  ...{ type: 'media', mimeType: 'image/png', fileName: null, caption: 'look', url: null, urlIsTrusted: true },
};

/** The code of the refusal. */
async function refusal(call: () => unknown): Promise<ErrorCode | 'no refusal'> {
  try {
    await call();
    return 'no refusal';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

async function runningFleet() {
  const made = aFleet();
  await made.supervisor.start();
  return made;
}

describe('a message to the fleet', () => {
  test('is accepted while the session is away and sent when it is back', async () => {
    const { fleet, client, house } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    const { message } = await fleet.send('a', aRequest());
    expect(message.status).toBe('queued');
    await settled();
    client('a').nextSend = () => 'acked';
    client('a').ready();
    await settled();
    expect(house.browsers.whatsapp('a').texts).toEqual(['hello']);
    expect(fleet.message('a', message.id).status).toBe('sent');
  });

  test('is one message for one idempotency key, and a conflict with another one', async () => {
    const { fleet, connected } = await runningFleet();
    await connected('a');
    const idempotencyKey = 'k';
    const first = await fleet.send('a', aRequest({ idempotencyKey }));
    const again = await fleet.send('a', aRequest({ idempotencyKey }));
    expect([first.created, again.created]).toEqual([true, false]);
    expect(again.message.id).toBe(first.message.id);
    for (const other of [
      text('bye'),
      { to: '49170@c.us' },
      { quotedMessageId: 'w1' },
      { validForMs: 1000 },
      { content: PICTURE },
    ]) {
      expect(await refusal(() => fleet.send('a', aRequest({ idempotencyKey, ...other })))).toBe('idempotency_conflict');
    }
  });

  test('is one message for one idempotency key also when both come at once, and its bytes are kept once', async () => {
    const { fleet, connected, house } = await runningFleet();
    const client = await connected('a');
    client.nextSend = () => 'hangs';
    const request = aRequest({ idempotencyKey: 'k', content: PICTURE, bytes: Uint8Array.of(1) });
    const both = await Promise.all([fleet.send('a', request), fleet.send('a', request)]);
    expect(both.map(({ created }) => created).sort()).toEqual([false, true]);
    expect(both[0]?.message.id).toBe(both[1]?.message.id);
    expect([...house.media.kept.keys()]).toEqual([both[0]?.message.id]);
    const other = { ...request, bytes: Uint8Array.of(2) };
    expect(await refusal(() => fleet.send('a', other))).toBe('idempotency_conflict');
    // The role of the key that asks is no part of the message.
    const byOperator = { ...request, content: { ...PICTURE, urlIsTrusted: false } };
    expect(await refusal(() => fleet.send('a', byOperator))).toBe('no refusal');
  });

  test('is found again by its key whatever has become of the session', async () => {
    const { fleet, connected } = await runningFleet();
    await connected('a');
    const first = await fleet.send('a', aRequest({ idempotencyKey: 'k' }));
    await fleet.disconnect('a', { force: false });
    expect(await refusal(() => fleet.send('a', aRequest()))).toBe('not_connected');
    const again = await fleet.send('a', aRequest({ idempotencyKey: 'k' }));
    expect(again).toMatchObject({ created: false, message: { id: first.message.id } });
  });

  test('has its bytes on the shelf before it is accepted', async () => {
    const { fleet, connected, house } = await runningFleet();
    await connected('a');
    house.media.keep = () => Promise.reject(new Error('ENOSPC'));
    const request = aRequest({ content: PICTURE, bytes: Uint8Array.of(1) });
    await expect(fleet.send('a', request)).rejects.toThrow('ENOSPC');
    expect(fleet.messages('a', { after: 0, limit: 9 }).items).toEqual([]);
  });

  test('is settled when it is acknowledged', async () => {
    const { fleet, connected } = await runningFleet();
    const client = await connected('a');
    const { message } = await fleet.send('a', aRequest());
    const settledMessage = fleet.settled('a', message.id, 30_000, never());
    await settled();
    client.ack('hello');
    expect((await settledMessage).status).toBe('sent');
    expect((await fleet.settled('a', message.id, 30_000, never())).status).toBe('sent');
  });

  test('is given as it stands when the wait is over', async () => {
    const { fleet, house } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    const { message } = await fleet.send('a', aRequest());
    const waiting = fleet.settled('a', message.id, 5000, never());
    await house.clock.advance(5000);
    expect((await waiting).status).toBe('queued');
  });

  test('is given as it stands when whoever waits goes away, even before he came', async () => {
    const { fleet, house } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    const { message } = await fleet.send('a', aRequest());
    await settled();
    const timers = house.clock.pending;
    const caller = new AbortController();
    const waiting = fleet.settled('a', message.id, 3_600_000, caller.signal);
    caller.abort();
    expect((await waiting).status).toBe('queued');
    expect((await fleet.settled('a', message.id, 3_600_000, AbortSignal.abort())).status).toBe('queued');
    expect(house.clock.pending).toBe(timers);
  });

  test('leaves no listener behind, however its wait ends', async () => {
    const { fleet, house } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    const { message } = await fleet.send('a', aRequest());
    let listeners = 0;
    const { subscribe } = house.bus;
    house.bus.subscribe = (listener) => {
      listeners += 1;
      const unsubscribe = subscribe.call(house.bus, listener);
      return () => {
        listeners -= 1;
        unsubscribe();
      };
    };
    const caller = new AbortController();
    const waits = [1000, 2000].map((waitMs) => fleet.settled('a', message.id, waitMs, never()));
    waits.push(fleet.settled('a', message.id, 9000, caller.signal));
    expect(listeners).toBe(3);
    caller.abort();
    await house.clock.advance(2000);
    await Promise.all(waits);
    expect(listeners).toBe(0);
  });

  test('is cancelled while it is queued, once and for all, and no longer when the page has it', async () => {
    const { fleet, client, house } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    const first = (await fleet.send('a', aRequest(text('one')))).message;
    const second = (await fleet.send('a', aRequest(text('two')))).message;
    expect(fleet.cancelMessage('a', first.id)).toMatchObject({ status: 'failed', failureCode: 'cancelled' });
    expect(fleet.cancelMessage('a', first.id)).toMatchObject({ status: 'failed', failureCode: 'cancelled' });
    await settled();
    client('a').nextSend = () => 'acked';
    client('a').ready();
    await settled();
    expect(house.browsers.whatsapp('a').texts).toEqual(['two']);
    expect(await refusal(() => fleet.cancelMessage('a', second.id))).toBe('not_cancellable');
    expect(await refusal(() => fleet.cancelMessage('a', 'm9'))).toBe('message_not_found');
  });

  test('is not found in another session', async () => {
    const { fleet } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    await fleet.create({ id: 'b' }, true);
    const { message } = await fleet.send('a', aRequest());
    expect(await refusal(() => fleet.message('b', message.id))).toBe('message_not_found');
  });

  test('goes with its session, and its bytes too', async () => {
    const { fleet, house } = await runningFleet();
    for (const id of ['a', 'b']) {
      await fleet.create({ id }, true);
      for (const n of [1, 2, 3]) await fleet.send(id, aRequest({ content: PICTURE, bytes: Uint8Array.of(n) }));
    }
    await fleet.remove('a');
    expect(house.media.kept.size).toBe(3);
    const left = fleet.messages('b', { after: 0, limit: 9 }).items;
    expect([...house.media.kept.keys()]).toEqual(left.map(({ id }) => id));
  });

  test('expires also in a session that rests since the start of the service', async () => {
    const { fleet, house, supervisor, known } = aFleet();
    known('a', { status: 'disconnected', reason: 'stopped_by_operator', desired: 'stopped' } as never);
    house.outbox.accept(anOutboxInsert('m1', { sessionId: 'a', expiresAt: house.clock.now() + 1000 }));
    await supervisor.start();
    await house.clock.advance(60_000);
    expect(fleet.message('a', 'm1')).toMatchObject({ status: 'failed', failureCode: 'expired' });
  });

  test('is listed in pages', async () => {
    const { fleet } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    for (const words of ['1', '2', '3']) await fleet.send('a', aRequest(text(words)));
    const first = fleet.messages('a', { after: 0, limit: 2 });
    expect(first.items.map(({ content }) => content)).toEqual([text('1').content, text('2').content]);
    const rest = fleet.messages('a', { after: Number(first.next), limit: 2 });
    expect(rest.items.map(({ content }) => content)).toEqual([text('3').content]);
    expect(rest.next).toBeUndefined();
  });
});

describe('R11 a message for a session that is not connected', () => {
  test('starts the next attempt now instead of later', async () => {
    const { fleet, connected, launched, client, house } = await runningFleet();
    await connected('a');
    house.browsers.prepare = (one) => {
      one.startPlan = new Error('the browser does not start');
    };
    client('a').tell({ type: 'browser-exited' });
    // Until it rests for long: the last attempt more than a minute ago, the next one far away.
    const since = (at: string | null) => house.clock.now() - Date.parse(at ?? '');
    for (let view = fleet.get('a'); ; view = fleet.get('a')) {
      if (since(view.lastReconnectAttempt) > 60_000 && since(view.nextAttemptAt) < -10_000) break;
      await house.clock.advance(1000);
    }
    house.browsers.prepare = (one) => {
      one.nextSend = () => 'acked';
    };
    const before = launched().length;
    await fleet.send('a', aRequest());
    await settled();
    expect(launched().length).toBe(before + 1);
    client('a').ready();
    await settled();
    expect(house.browsers.whatsapp('a').texts).toEqual(['hello']);
  });

  test('keeps it in mind: while messages wait, a session that gave up is tried once per longest backoff', async () => {
    const { fleet, connected, client, launched, house } = await runningFleet();
    await connected('a');
    house.browsers.prepare = (one) => {
      one.startPlan = new Error('the browser does not start');
    };
    client('a').tell({ type: 'browser-exited' });
    await house.clock.advance(3 * 3_600_000);
    expect(fleet.get('a').status).toBe('error');
    const before = launched().length;
    await house.clock.advance(3_600_000);
    expect(launched().length).toBe(before);
    await fleet.send('a', aRequest());
    await house.clock.advance(3_600_000);
    const tries = launched().length - before;
    expect(tries).toBeGreaterThanOrEqual(10);
    expect(tries).toBeLessThanOrEqual(13);
    house.browsers.prepare = (one) => {
      one.nextSend = () => 'acked';
    };
    await house.clock.advance(301_000);
    client('a').ready();
    await settled();
    expect(house.browsers.whatsapp('a').texts).toEqual(['hello']);
  });

  test.each([
    { words: 'stopped by the operator', lead: ['stop'], code: 'not_connected', says: '/connect' },
    { words: 'logged out', lead: ['logged-out'], code: 'not_linked', says: '/qr' },
  ] as const)('is refused when it was $words, and says what to do', async ({ lead, code, says }) => {
    const { fleet, connected, client } = await runningFleet();
    await connected('a');
    if (lead[0] === 'stop') await fleet.disconnect('a', { force: false });
    else client('a').tell({ type: 'logged-out' });
    await settled();
    expect(await refusal(() => fleet.send('a', aRequest()))).toBe(code);
    await expect(fleet.send('a', aRequest())).rejects.toThrow(/^No active WhatsApp connection found\./);
    await expect(fleet.send('a', aRequest())).rejects.toThrow(says);
    expect(fleet.messages('a', { after: 0, limit: 9 }).items).toEqual([]);
  });

  test('is refused while a QR code waits to be scanned, and when nobody ever linked it', async () => {
    const { fleet, client } = await runningFleet();
    await fleet.create({ id: 'a' }, false);
    expect(await refusal(() => fleet.send('a', aRequest()))).toBe('not_linked');
    fleet.connect('a');
    await settled();
    client('a').tell({ type: 'qr', text: 'one' });
    expect(await refusal(() => fleet.send('a', aRequest()))).toBe('not_linked');
  });
});
