import { describe, expect, test } from '@jest/globals';
import type { OutboxInsert, OutboxStore } from '../../../../src/domain/store-ports.js';

const aMessage = (id: string, change: Partial<OutboxInsert> = {}): OutboxInsert => ({
  id,
  sessionId: 'sales',
  idempotencyKey: null,
  contentHash: `hash-of-${id}`,
  to: '491511234567@c.us',
  text: 'hello',
  createdAt: 1_000,
  ...change,
});

/** What every OutboxStore promises; `make` gives an empty one that knows the sessions `sales` and `support`. */
export function outboxStoreContract(make: () => OutboxStore): void {
  describe('as an outbox store', () => {
    test('accepts a message as queued', () => {
      const store = make();
      const { created, message } = store.accept(aMessage('m1'));
      expect(created).toBe(true);
      expect(message).toEqual({
        ...aMessage('m1'),
        seq: 1,
        status: 'queued',
        failureCode: null,
        waMessageId: null,
        ack: 0,
        attemptStartedAt: null,
        attempts: 0,
        updatedAt: 1_000,
      });
      expect(store.get('sales', 'm1')).toEqual(message);
    });

    test('gives the stored message back for a known idempotency key', () => {
      const store = make();
      const first = store.accept(aMessage('m1', { idempotencyKey: 'k' }));
      const again = store.accept(aMessage('m2', { idempotencyKey: 'k', contentHash: 'other' }));
      expect(again).toEqual({ created: false, message: first.message });
      expect(store.get('sales', 'm2')).toBeNull();
    });

    test('keeps the idempotency keys of two sessions apart', () => {
      const store = make();
      store.accept(aMessage('m1', { idempotencyKey: 'k' }));
      expect(store.accept(aMessage('m2', { idempotencyKey: 'k', sessionId: 'support' })).created).toBe(true);
    });

    test('shows no message to another session', () => {
      const store = make();
      store.accept(aMessage('m1'));
      expect(store.get('support', 'm1')).toBeNull();
    });

    test('finds a message by its id alone', () => {
      const store = make();
      const { message } = store.accept(aMessage('m1'));
      expect(store.byId('m1')).toEqual(message);
      expect(store.byId('m2')).toBeNull();
    });

    test('numbers messages per session in order of acceptance', () => {
      const store = make();
      for (const id of ['m1', 'm2', 'm3']) store.accept(aMessage(id));
      expect(store.accept(aMessage('s1', { sessionId: 'support' })).message.seq).toBe(1);
      expect(store.list('sales', { after: 1, limit: 1 }).map(({ id, seq }) => [id, seq])).toEqual([['m2', 2]]);
    });

    test('lists by status', () => {
      const store = make();
      for (const id of ['m1', 'm2', 'm3']) store.accept(aMessage(id));
      store.update('m2', { status: 'sent' }, 2_000);
      expect(store.list('sales', { status: 'sent', after: 0, limit: 9 }).map(({ id }) => id)).toEqual(['m2']);
    });

    test('names as pending what is queued or sending, oldest first', () => {
      const store = make();
      for (const id of ['m1', 'm2', 'm3']) store.accept(aMessage(id));
      store.update('m1', { status: 'sending', attemptStartedAt: 1_500, attempts: 1 }, 1_500);
      store.update('m2', { status: 'failed', failureCode: 'unknown_number' }, 1_600);
      expect(store.pending('sales').map(({ id }) => id)).toEqual(['m1', 'm3']);
    });

    test('changes only what a change names', () => {
      const store = make();
      store.accept(aMessage('m1'));
      store.update('m1', { status: 'sending', attemptStartedAt: 1_500, attempts: 1 }, 1_500);
      const updated = store.update('m1', { status: 'sent', waMessageId: 'true_x_1', ack: 1 }, 2_000);
      expect(updated).toMatchObject({ status: 'sent', waMessageId: 'true_x_1', ack: 1, attempts: 1, updatedAt: 2_000 });
      expect(store.update('m1', { attemptStartedAt: null }, 3_000).attemptStartedAt).toBeNull();
    });

    test("finds messages by WhatsApp's id", () => {
      const store = make();
      store.accept(aMessage('m1'));
      store.update('m1', { waMessageId: 'true_x_1' }, 2_000);
      expect(store.byWaMessageId('sales', 'true_x_1')?.id).toBe('m1');
      expect(store.byWaMessageId('support', 'true_x_1')).toBeNull();
      const asked = ['true_x_1', ...Array.from({ length: 1_200 }, (_, i) => `unknown-${i}`)];
      expect(store.knownWaMessageIds('sales', asked)).toEqual(new Set(['true_x_1']));
      expect(store.knownWaMessageIds('sales', [])).toEqual(new Set());
    });

    test('refuses to update what is not there', () => {
      expect(() => make().update('gone', { ack: 1 }, 1)).toThrow('gone');
    });
  });
}
