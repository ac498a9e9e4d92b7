import { describe, expect, test } from '@jest/globals';
import type { TimelineStore } from '../../../../src/domain/store-ports.js';

const entry = (message: string, sessionId = 'sales') => ({
  sessionId,
  at: 1_000,
  event: 'session.connected',
  message,
  data: { tookMs: 5 },
});

/** What every TimelineStore promises; `make` gives an empty one that knows the sessions `sales` and `support`. */
export function timelineStoreContract(make: () => TimelineStore): void {
  describe('as a timeline store', () => {
    test('numbers the entries of each session by themselves, from 1', () => {
      const store = make();
      expect(store.append(entry('a')).seq).toBe(1);
      expect(store.append(entry('b')).seq).toBe(2);
      expect(store.append(entry('c', 'support')).seq).toBe(1);
    });

    test('lists oldest first, behind a position, up to a limit', () => {
      const store = make();
      for (const message of ['a', 'b', 'c', 'd']) store.append(entry(message));
      expect(store.list('sales', { after: 1, limit: 2 })).toEqual([
        { ...entry('b'), seq: 2 },
        { ...entry('c'), seq: 3 },
      ]);
      expect(store.list('support', { after: 0, limit: 10 })).toEqual([]);
    });

    test('picks entries by their names', () => {
      const store = make();
      for (const event of ['session.lost', 'session.healing', 'session.connected'])
        store.append({ ...entry(event), event });
      const events = ['session.connected', 'session.lost'];
      expect(store.list('sales', { after: 0, limit: 9, events }).map(({ message }) => message)).toEqual([
        'session.lost',
        'session.connected',
      ]);
      expect(store.list('sales', { after: 1, limit: 9, events })).toHaveLength(1);
      expect(store.list('sales', { after: 0, limit: 9, events: [] })).toEqual([]);
    });

    test('keeps the newest 2,000 entries of a session and never numbers two alike', () => {
      const store = make();
      for (let i = 1; i <= 2_200; i += 1) store.append(entry(`${i}`));
      const kept = store.list('sales', { after: 0, limit: 5_000 });
      expect(kept.length).toBeGreaterThanOrEqual(2_000);
      expect(kept.length).toBeLessThan(2_100);
      expect(kept.at(-1)?.seq).toBe(2_200);
    });
  });
}
