import { describe, expect, test } from '@jest/globals';
import type { ApiKey, KeyStore } from '../../../../src/domain/access-ports.js';

const KEY: ApiKey = {
  id: 'key_1',
  name: 'first',
  role: 'admin',
  sessionIds: null,
  createdAt: 1_000,
  expiresAt: null,
  lastUsedAt: null,
};

/** What every KeyStore promises; `make` gives an empty one. */
export function keyStoreContract(make: () => KeyStore): void {
  describe('as a key store', () => {
    test('finds a key by its hash alone', () => {
      const store = make();
      store.insert(KEY, 'aa');
      expect(store.byHash('aa')).toEqual(KEY);
      expect(store.byHash('bb')).toBeNull();
    });

    test('keeps limits, the end and the last use', () => {
      const store = make();
      store.insert({ ...KEY, role: 'viewer', sessionIds: ['sales', 'shop'], expiresAt: 9_000 }, 'aa');
      store.used('key_1', 5_000);
      store.used('never-there', 5_000);
      const limited = { ...KEY, role: 'viewer', sessionIds: ['sales', 'shop'], expiresAt: 9_000, lastUsedAt: 5_000 };
      expect(store.byHash('aa')).toEqual(limited);
      expect(store.list()).toEqual([limited]);
    });

    test('lists keys oldest first and forgets removed ones', () => {
      const store = make();
      expect(store.list()).toEqual([]);
      store.insert({ ...KEY, id: 'key_2', createdAt: 2_000 }, 'bb');
      store.insert(KEY, 'aa');
      expect(store.list().map(({ id }) => id)).toEqual(['key_1', 'key_2']);
      store.remove('key_1');
      store.remove('never-there');
      expect(store.list().map(({ id }) => id)).toEqual(['key_2']);
      expect(store.byHash('aa')).toBeNull();
    });

    test('does not take the same secret twice', () => {
      const store = make();
      store.insert(KEY, 'aa');
      expect(() => store.insert({ ...KEY, id: 'key_2' }, 'aa')).toThrow();
    });
  });
}
