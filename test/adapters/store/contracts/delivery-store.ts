import { describe, expect, test } from '@jest/globals';
import type { DeliveryInsert, DeliveryStore } from '../../../../src/domain/store-ports.js';

const aDelivery = (id: string, change: Partial<DeliveryInsert> = {}): DeliveryInsert => ({
  id,
  eventId: `evt_${id}`,
  sessionId: 'sales',
  endpoint: 'session:sales',
  event: 'message',
  body: `{"id":"evt_${id}"}`,
  createdAt: 1_000,
  ...change,
});

const LANE = { endpoint: 'session:sales', sessionId: 'sales' };
const DELIVERED = { status: 'delivered', attempts: 1, refusals: 0, nextAttemptAt: 1_000 } as const;

/** What every DeliveryStore promises; `make` gives an empty one. */
export function deliveryStoreContract(make: () => DeliveryStore): void {
  describe('as a delivery store', () => {
    function with3() {
      const store = make();
      for (const id of ['a', 'b', 'c']) store.enqueue(aDelivery(id));
      return store;
    }
    const statuses = (store: DeliveryStore) =>
      store.list({ after: 0, limit: 99 }).map(({ id, status }) => `${id} ${status}`);

    test('queues a delivery, due at once', () => {
      const store = make();
      expect(store.enqueue(aDelivery('a'))).toBe(true);
      expect(store.get('a')).toEqual({
        ...aDelivery('a'),
        seq: 1,
        status: 'queued',
        attempts: 0,
        refusals: 0,
        nextAttemptAt: 1_000,
        lastStatus: null,
        lastError: null,
        updatedAt: 1_000,
      });
      expect(store.get('b')).toBeNull();
    });

    test('takes an event once for each endpoint', () => {
      const store = make();
      store.enqueue(aDelivery('a'));
      expect(store.enqueue(aDelivery('b', { eventId: 'evt_a' }))).toBe(false);
      expect(store.enqueue(aDelivery('c', { eventId: 'evt_a', endpoint: 'global:1' }))).toBe(true);
      expect(statuses(store)).toEqual(['a queued', 'c queued']);
    });

    test('has the oldest that is queued at the head of its lane', () => {
      const store = make();
      store.enqueue(aDelivery('other', { sessionId: 'support', endpoint: 'session:support' }));
      store.enqueue(aDelivery('nobody', { sessionId: null, endpoint: 'session:sales' }));
      for (const id of ['a', 'b']) store.enqueue(aDelivery(id));
      expect(store.head(LANE)?.id).toBe('a');
      store.update('a', DELIVERED, 2_000);
      expect(store.head(LANE)?.id).toBe('b');
      store.update('b', { ...DELIVERED, status: 'dead' }, 2_000);
      expect(store.head(LANE)).toBeNull();
      expect(store.head({ ...LANE, sessionId: null })?.id).toBe('nobody');
      store.update('a', { ...DELIVERED, status: 'queued' }, 3_000);
      expect(store.head(LANE)?.id).toBe('a');
    });

    test('names the lanes in which something waits', () => {
      const store = with3();
      store.enqueue(aDelivery('d', { endpoint: 'global:1' }));
      store.enqueue(aDelivery('e', { endpoint: 'global:1', sessionId: null }));
      store.enqueue(aDelivery('f', { endpoint: 'global:2' }));
      store.update('f', DELIVERED, 2_000);
      const lanes = [LANE, { endpoint: 'global:1', sessionId: 'sales' }, { endpoint: 'global:1', sessionId: null }];
      expect(store.waitingLanes()).toHaveLength(3);
      expect(store.waitingLanes()).toEqual(expect.arrayContaining(lanes));
    });

    test('changes what a change names and nothing else', () => {
      const store = with3();
      const change = { status: 'queued', attempts: 2, refusals: 1, nextAttemptAt: 9_000 } as const;
      store.update('a', { ...change, lastStatus: 500, lastError: 'no' }, 2_000);
      expect(store.get('a')).toMatchObject({ ...change, lastStatus: 500, lastError: 'no', updatedAt: 2_000 });
      store.update('a', change, 3_000);
      expect(store.get('a')).toMatchObject({ lastStatus: 500, lastError: 'no', createdAt: 1_000 });
      expect(store.get('b')).toMatchObject({ attempts: 0, updatedAt: 1_000 });
      expect(() => store.update('gone', change, 3_000)).not.toThrow();
    });

    test('buries what is queued in a lane', () => {
      const store = with3();
      store.enqueue(aDelivery('d', { endpoint: 'global:1' }));
      store.update('a', DELIVERED, 2_000);
      expect(store.buryLane(LANE, 'nobody is there', 2_000)).toBe(2);
      expect(statuses(store)).toEqual(['a delivered', 'b dead', 'c dead', 'd queued']);
      expect(store.get('b')).toMatchObject({ lastError: 'nobody is there', updatedAt: 2_000 });
    });

    test('lists by status and session, in pages, without bodies', () => {
      const store = with3();
      store.enqueue(aDelivery('d', { sessionId: 'support' }));
      store.update('b', DELIVERED, 2_000);
      const ids = (options: Partial<Parameters<DeliveryStore['list']>[0]>) =>
        store.list({ after: 0, limit: 99, ...options }).map(({ id }) => id);
      expect(ids({ status: 'queued' })).toEqual(['a', 'c', 'd']);
      expect(ids({ sessionId: 'support' })).toEqual(['d']);
      expect(ids({ status: 'queued', sessionId: 'sales', after: 1, limit: 1 })).toEqual(['c']);
      expect(store.list({ after: 0, limit: 1 })[0]).not.toHaveProperty('body');
    });

    test('forgets with a session what is only its own, and lets go out what others were promised', () => {
      const store = with3();
      store.enqueue(aDelivery('d', { endpoint: 'global:1' }));
      store.enqueue(aDelivery('e', { endpoint: 'global:1' }));
      store.enqueue(aDelivery('f', { sessionId: 'support', endpoint: 'session:support' }));
      store.update('e', DELIVERED, 2_000);
      store.forgetSession('sales');
      expect(statuses(store)).toEqual(['d queued', 'f queued']);
    });

    test('forgets what was over long ago, and gives up what waited too long', () => {
      const store = with3();
      store.update('a', DELIVERED, 2_000);
      store.update('b', { ...DELIVERED, status: 'dead' }, 2_000);
      store.enqueue(aDelivery('d', { createdAt: 3_000 }));
      store.prune({ deliveredBefore: 2_000, deadBefore: 1_000 }, 4_000);
      expect(statuses(store)).toEqual(['a delivered', 'b dead', 'c queued', 'd queued']);
      store.prune({ deliveredBefore: 2_001, deadBefore: 2_000 }, 4_000);
      expect(statuses(store)).toEqual(['b dead', 'c dead', 'd queued']);
      expect(store.get('c')).toMatchObject({ lastError: 'It waited too long', updatedAt: 4_000 });
      store.prune({ deliveredBefore: 2_001, deadBefore: 2_001 }, 4_000);
      expect(statuses(store)).toEqual(['c dead', 'd queued']);
    });

    test('knows which endpoints are paused, and since when', () => {
      const store = make();
      store.pause('session:sales', 1_000);
      store.pause('session:sales', 2_000);
      store.pause('global:1', 3_000);
      expect(store.pausedSince('session:sales')).toBe(1_000);
      store.resume('session:sales');
      store.resume('session:sales');
      expect([store.pausedSince('session:sales'), store.pausedSince('global:1')]).toEqual([null, 3_000]);
    });

    test('forgets with a session that its webhook was paused', () => {
      const store = make();
      store.pause('session:sales', 1_000);
      store.forgetSession('sales');
      expect(store.pausedSince('session:sales')).toBeNull();
    });

    test('gives no position twice', () => {
      const store = with3();
      store.forgetSession('sales');
      store.enqueue(aDelivery('d'));
      expect(store.get('d')?.seq).toBe(4);
    });
  });
}
