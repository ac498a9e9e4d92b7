import { describe, expect, test } from '@jest/globals';
import type { IncomingMessage } from '../../../../src/domain/message.js';
import type { InboxStore } from '../../../../src/domain/store-ports.js';

const DAY_MS = 86_400_000;

const aMessage = (id: string, timestamp = 1_000): IncomingMessage => ({
  id,
  from: '491511234567@c.us',
  fromLid: null,
  to: '491600000000@c.us',
  chatId: '491511234567@c.us',
  body: `body of ${id}`,
  type: 'chat',
  timestamp,
  fromMe: false,
  ack: 1,
  quotedMessageId: null,
});

/** What every InboxStore promises; `make` gives an empty one that knows the sessions `sales` and `support`. */
export function inboxStoreContract(make: () => InboxStore): void {
  describe('as an inbox store', () => {
    test('stores a message once per session', () => {
      const store = make();
      expect(store.insert('sales', aMessage('a'), 2_000)).toBe(true);
      expect(store.insert('sales', aMessage('a'), 3_000)).toBe(false);
      expect(store.insert('support', aMessage('a'), 3_000)).toBe(true);
      expect(store.list('sales', { after: 0, limit: 9 })).toEqual([{ seq: 1, message: aMessage('a') }]);
    });

    test('lists in order of arrival behind a position', () => {
      const store = make();
      for (const id of ['a', 'b', 'c']) store.insert('sales', aMessage(id), 2_000);
      expect(store.list('sales', { after: 1, limit: 1 }).map(({ message }) => message.id)).toEqual(['b']);
    });

    test('knows the newest timestamp, also when an older message comes late', () => {
      const store = make();
      expect(store.newestTimestamp('sales')).toBeNull();
      store.insert('sales', aMessage('new', 9_000), 9_500);
      store.insert('sales', aMessage('late', 4_000), 9_600);
      expect(store.newestTimestamp('sales')).toBe(9_000);
      expect(store.newestTimestamp('support')).toBeNull();
    });

    test('prunes what was stored before a time, and never gives a position twice', () => {
      const store = make();
      store.insert('sales', aMessage('old', 0), 1);
      store.insert('sales', aMessage('recent', 3 * DAY_MS), 3 * DAY_MS);
      expect(store.prune(3 * DAY_MS)).toBe(1);
      expect(store.list('sales', { after: 0, limit: 9 }).map(({ message }) => message.id)).toEqual(['recent']);
      store.prune(9 * DAY_MS);
      expect(store.list('sales', { after: 0, limit: 9 })).toEqual([]);
      store.insert('sales', aMessage('next', 9 * DAY_MS), 9 * DAY_MS);
      expect(store.list('sales', { after: 2, limit: 9 }).map(({ seq }) => seq)).toEqual([3]);
    });

    test('does not take the newest message anew after it was pruned', () => {
      const store = make();
      store.insert('sales', aMessage('last', 1_000), 1_000);
      store.prune(DAY_MS);
      expect(store.list('sales', { after: 0, limit: 9 })).toEqual([]);
      expect(store.newestTimestamp('sales')).toBe(1_000);
      expect(store.insert('sales', aMessage('last', 1_000), 2 * DAY_MS)).toBe(false);
    });
  });
}
