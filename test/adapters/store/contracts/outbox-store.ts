import { describe, expect, test } from '@jest/globals';
import type { MessageContent } from '../../../../src/domain/message-content.js';
import type { OutboxStore } from '../../../../src/domain/store-ports.js';
import { anOutboxInsert, anOutboxMessage } from '../../../support/outbox-message.js';

const ANN = '491511111111@c.us';
const BOB = '491522222222@c.us';

/** What every OutboxStore promises; `make` gives an empty one that knows the sessions `sales` and `support`. */
export function outboxStoreContract(make: () => OutboxStore): void {
  const ids = (messages: { id: string }[]) => messages.map(({ id }) => id);

  describe('as an outbox store', () => {
    test('accepts a message as queued', () => {
      const store = make();
      const { created, message } = store.accept(anOutboxInsert('m1'));
      expect(created).toBe(true);
      expect(message).toEqual(anOutboxMessage({ ...anOutboxInsert('m1'), updatedAt: 1_000 }));
      expect(store.get('sales', 'm1')).toEqual(message);
      expect(store.byId('m1')).toEqual(message);
    });

    test.each<MessageContent>([
      { type: 'text', text: 'hello 💚' },
      {
        ...{ type: 'media', mimeType: 'image/png', fileName: 'a.png', caption: 'look' },
        ...{ url: 'https://x/a.png', urlIsTrusted: true },
      },
      { type: 'media', mimeType: 'image/png', fileName: null, caption: null, url: null, urlIsTrusted: false },
      { type: 'location', latitude: -1.5, longitude: 2, name: 'Shop', address: null },
    ])('keeps all of %j', (content) => {
      const store = make();
      const whole = anOutboxInsert('m1', { content, quotedMessageId: 'true_1@c.us_A', expiresAt: 9_000 });
      store.accept(whole);
      expect(store.get('sales', 'm1')).toMatchObject(whole);
    });

    test('gives the stored message back for a known idempotency key', () => {
      const store = make();
      const first = store.accept(anOutboxInsert('m1', { idempotencyKey: 'k' }));
      const again = store.accept(anOutboxInsert('m2', { idempotencyKey: 'k', contentHash: 'other' }));
      expect(again).toEqual({ created: false, message: first.message });
      expect(store.get('sales', 'm2')).toBeNull();
      expect(store.byIdempotencyKey('sales', 'k')).toEqual(first.message);
      expect(store.byIdempotencyKey('sales', 'other')).toBeNull();
    });

    test('keeps the idempotency keys of two sessions apart', () => {
      const store = make();
      store.accept(anOutboxInsert('m1', { idempotencyKey: 'k' }));
      expect(store.accept(anOutboxInsert('m2', { idempotencyKey: 'k', sessionId: 'support' })).created).toBe(true);
    });

    test('shows no message to another session', () => {
      const store = make();
      store.accept(anOutboxInsert('m1'));
      expect(store.get('support', 'm1')).toBeNull();
    });

    test('numbers messages per session in order of acceptance', () => {
      const store = make();
      for (const id of ['m1', 'm2', 'm3']) store.accept(anOutboxInsert(id));
      expect(store.accept(anOutboxInsert('s1', { sessionId: 'support' })).message.seq).toBe(1);
      expect(store.list('sales', { after: 1, limit: 1 }).map(({ id, seq }) => [id, seq])).toEqual([['m2', 2]]);
    });

    test('lists by status and by chat', () => {
      const store = make();
      for (const [id, to] of [
        ['m1', ANN],
        ['m2', BOB],
        ['m3', ANN],
      ] as const) {
        store.accept(anOutboxInsert(id, { to }));
      }
      store.update('m2', { status: 'sent' }, 2_000);
      store.update('m3', { status: 'sent' }, 2_000);
      expect(ids(store.list('sales', { status: 'sent', after: 0, limit: 9 }))).toEqual(['m2', 'm3']);
      expect(ids(store.list('sales', { to: ANN, after: 0, limit: 9 }))).toEqual(['m1', 'm3']);
      expect(ids(store.list('sales', { to: ANN, status: 'sent', after: 0, limit: 9 }))).toEqual(['m3']);
    });

    test('names what is being sent, and of each chat the first that is queued, oldest first', () => {
      const store = make();
      for (const id of ['a1', 'a2', 'a3']) store.accept(anOutboxInsert(id, { to: ANN }));
      for (const id of ['b1', 'b2', 'b3']) store.accept(anOutboxInsert(id, { to: BOB }));
      store.accept(anOutboxInsert('s1', { sessionId: 'support' }));
      store.update('a1', { status: 'sending', attemptStartedAt: 1_500, attempts: 1 }, 1_500);
      store.update('b1', { status: 'failed', failureCode: 'unknown_number' }, 1_600);
      store.update('b3', { status: 'sending' }, 1_600);
      expect(ids(store.heads('sales', store.openStates('sales')))).toEqual(['a1', 'a2', 'b2', 'b3']);
      expect(ids(store.heads('sales', { queued: true, sending: false }))).toEqual(['a2', 'b2']);
      expect(ids(store.heads('sales', { queued: false, sending: true }))).toEqual(['a1', 'b3']);
    });

    test('names those that were accepted first when there are more chats than it looks at', () => {
      const store = make();
      for (let n = 0; n < 600; n += 1) store.accept(anOutboxInsert(`m${n}`, { to: `${9_999 - n}@c.us` }));
      const heads = ids(store.heads('sales', store.openStates('sales')));
      expect(heads.length).toBeGreaterThanOrEqual(200);
      expect(heads).toEqual(Array.from(heads, (_, n) => `m${n}`));
    });

    test('tells which states there are of messages whose fate is open', () => {
      const store = make();
      const open = () => store.openStates('sales');
      store.accept(anOutboxInsert('s1', { sessionId: 'support' }));
      expect(open()).toEqual({ queued: false, sending: false });
      store.accept(anOutboxInsert('m1'));
      expect(open()).toEqual({ queued: true, sending: false });
      store.update('m1', { status: 'sending' }, 2_000);
      expect(open()).toEqual({ queued: false, sending: true });
      store.accept(anOutboxInsert('m2'));
      expect(open()).toEqual({ queued: true, sending: true });
      for (const id of ['m1', 'm2']) store.update(id, { status: 'failed', failureCode: 'expired' }, 2_000);
      expect(open()).toEqual({ queued: false, sending: false });
    });

    test('tells whether something is still to be done', () => {
      const store = make();
      expect(store.hasOpen('sales')).toBe(false);
      store.accept(anOutboxInsert('m1'));
      expect(store.hasOpen('sales')).toBe(true);
      expect(store.hasOpen('support')).toBe(false);
      store.update('m1', { status: 'sending' }, 2_000);
      expect([store.hasOpen('sales'), store.isOpen('m1'), store.isOpen('gone')]).toEqual([true, true, false]);
      store.update('m1', { status: 'uncertain' }, 2_000);
      expect([store.hasOpen('sales'), store.isOpen('m1')]).toEqual([false, false]);
    });

    test('names what expires while it is queued', () => {
      const store = make();
      store.accept(anOutboxInsert('m1', { expiresAt: 5_000 }));
      store.accept(anOutboxInsert('m2', { expiresAt: 3_000 }));
      store.accept(anOutboxInsert('m3', { expiresAt: 4_000 }));
      store.accept(anOutboxInsert('m4'));
      store.accept(anOutboxInsert('s1', { sessionId: 'support', expiresAt: 1_000 }));
      store.update('m2', { status: 'sending' }, 2_000);
      expect(store.nextExpiry('sales')).toBe(4_000);
      expect(store.expired('sales', 3_999)).toEqual([]);
      expect(ids(store.expired('sales', 5_000))).toEqual(['m1', 'm3']);
      for (const id of ['m1', 'm3']) store.update(id, { status: 'failed' }, 6_000);
      expect(store.nextExpiry('sales')).toBeNull();
    });

    test('changes only what a change names', () => {
      const store = make();
      store.accept(anOutboxInsert('m1'));
      const attempt = { attemptStartedAt: 1_500, attempts: 1, presetId: '3EB0A', notBefore: 1_700 };
      store.update('m1', { status: 'sending', ...attempt }, 1_500);
      const updated = store.update('m1', { status: 'sent', waMessageId: 'true_x_1', ack: 1 }, 2_000);
      expect(updated).toMatchObject({ ...attempt, status: 'sent', waMessageId: 'true_x_1', ack: 1, updatedAt: 2_000 });
      const cleared = { attemptStartedAt: null, presetId: null, notBefore: null, waMessageId: null };
      expect(store.update('m1', cleared, 3_000)).toMatchObject(cleared);
    });

    test("finds messages by WhatsApp's id, or by the one that was chosen for it", () => {
      const store = make();
      for (const id of ['m1', 'm2']) store.accept(anOutboxInsert(id));
      store.update('m1', { waMessageId: 'true_x_1' }, 2_000);
      store.update('m2', { presetId: '3EB0B' }, 2_000);
      expect(store.byWaMessageId('sales', 'true_x_1')?.id).toBe('m1');
      expect(store.byWaMessageId('sales', 'true_1@c.us_3EB0B')?.id).toBe('m2');
      expect(store.byWaMessageId('sales', 'true_1@g.us_3EB0B_2@lid')?.id).toBe('m2');
      expect(store.byWaMessageId('sales', 'nonsense')).toBeNull();
      expect(store.byWaMessageId('support', 'true_x_1')).toBeNull();
      const asked = ['true_x_1', ...Array.from({ length: 1_200 }, (_, i) => `unknown-${i}`)];
      expect(store.knownWaMessageIds('sales', asked)).toEqual(new Set(['true_x_1']));
      expect(store.knownWaMessageIds('sales', [])).toEqual(new Set());
    });

    test('names what was handed over to a chat under an id that nobody knows', () => {
      const store = make();
      const underWay = { status: 'sending', attemptStartedAt: 5_000 } as const;
      for (const id of ['m1', 'm2', 'm3', 'm4', 'm5']) store.accept(anOutboxInsert(id, { to: ANN }));
      store.accept(anOutboxInsert('b1', { to: BOB }));
      for (const id of ['m1', 'm2', 'm3', 'b1']) store.update(id, underWay, 5_000);
      store.update('m2', { waMessageId: 'true_x_2' }, 5_000);
      store.update('m3', { presetId: '3EB0C' }, 5_000);
      store.update('m4', { status: 'uncertain', attemptStartedAt: 4_000 }, 5_000);
      expect(ids(store.unidentified('sales', ANN, 5_000))).toEqual(['m1']);
      expect(ids(store.unidentified('sales', ANN, 4_000)).sort()).toEqual(['m1', 'm4']);
    });

    test('forgets what ended long ago, but never gives a position twice', () => {
      const store = make();
      for (const id of ['m1', 'm2', 'm3', 'm4']) store.accept(anOutboxInsert(id));
      store.accept(anOutboxInsert('s1', { sessionId: 'support' }));
      store.update('m1', { status: 'read' }, 2_000);
      store.update('m2', { status: 'sending' }, 2_000);
      store.update('m3', { status: 'failed' }, 9_000);
      store.update('m4', { status: 'failed' }, 2_000);
      store.update('s1', { status: 'sent' }, 2_000);
      expect(store.prune(5_000)).toBe(1);
      expect(ids(store.list('sales', { after: 0, limit: 9 }))).toEqual(['m2', 'm3', 'm4']);
      expect(store.accept(anOutboxInsert('s2', { sessionId: 'support' })).message.seq).toBe(2);
    });

    test('refuses to update what is not there', () => {
      expect(() => make().update('gone', { ack: 1 }, 1)).toThrow('gone');
    });
  });
}
