import { describe, expect, test } from '@jest/globals';
import type { InboxStore } from '../../../../src/domain/store-ports.js';
import { anIncoming } from '../../../support/fake-whatsapp.js';

const DAY_MS = 86_400_000;

const aMessage = (id: string, timestamp = 1_000) => anIncoming(id, timestamp);

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

    test('does not believe a message that claims to be from the future: it would hide those before it', () => {
      const store = make();
      store.insert('sales', aMessage('early bird', 90_000), 9_500);
      expect(store.newestTimestamp('sales')).toBe(9_500);
    });

    test('keeps since when messages may be missing, per session', () => {
      const store = make();
      expect(store.gapSince('sales')).toBeNull();
      store.saveGapSince('sales', 4_000);
      expect([store.gapSince('sales'), store.gapSince('support')]).toEqual([4_000, null]);
      store.saveGapSince('sales', null);
      expect(store.gapSince('sales')).toBeNull();
    });

    test('changes a message that is here, once for each change', () => {
      const store = make();
      store.insert('sales', aMessage('a'), 2_000);
      const edited = { ...aMessage('a'), body: 'better words', editedAt: 3_000 };
      const edit = { kind: 'edited', id: 'a', body: 'better words', at: 3_000 } as const;
      expect(store.change('sales', edit)).toEqual({ kind: 'edited', message: edited });
      expect(store.change('sales', edit)).toBeNull();
      expect(store.change('support', edit)).toBeNull();
      expect(store.list('sales', { after: 0, limit: 9 })).toEqual([{ seq: 1, message: edited }]);
      expect(store.change('sales', { kind: 'acked', id: 'a', ack: 3 })).toMatchObject({ message: { ack: 3 } });
    });

    test('empties a message that was deleted, and one that was pruned cannot be changed', () => {
      const store = make();
      store.insert('sales', aMessage('a'), 2_000);
      const emptied = { ...aMessage('a'), body: '', revokedAt: 3_000 };
      const revoke = (id: string) => store.change('sales', { kind: 'revoked', id, at: 3_000 });
      expect(revoke('a')).toEqual({ kind: 'revoked', message: emptied, fileId: null });
      expect(revoke('a')).toBeNull();
      store.insert('sales', aMessage('b'), 2_000);
      store.prune(DAY_MS);
      expect(revoke('b')).toBeNull();
    });

    test('notes the last reaction of each person to each message, of others or of ours', () => {
      const store = make();
      const person = { from: '491511@c.us', fromLid: '77@lid', fromMe: false, chatId: '491511@c.us' };
      const react = (emoji: string, timestamp: number, change = {}) => {
        const reaction = { ...person, messageId: 'true_x', emoji, timestamp, ...change };
        return store.change('sales', { kind: 'reacted', reaction }) !== null;
      };
      expect(react('👍', 1)).toBe(true);
      expect(react('👍', 2)).toBe(false);
      // The same person, though this time nobody knew the number.
      expect(react('👍', 2, { from: '77@lid' })).toBe(false);
      expect(react('👍', 2, { from: '491522@c.us', fromLid: null })).toBe(true);
      expect(react('👍', 2, { messageId: 'true_y' })).toBe(true);
      expect(react('', 3)).toBe(true);
      expect(react('❤️', 2)).toBe(false);
      store.prune(DAY_MS);
      expect(react('👍', 4)).toBe(true);
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
