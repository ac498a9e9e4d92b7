import { describe, expect, test } from '@jest/globals';
import type { ApiKey, KeyStore } from '../../../../src/domain/store-ports.js';

const KEY: ApiKey = { id: 'key_1', name: 'first', role: 'admin', createdAt: 1_000 };

/** What every KeyStore promises; `make` gives an empty one. */
export function keyStoreContract(make: () => KeyStore): void {
  describe('as a key store', () => {
    test('finds a key by its hash alone', () => {
      const store = make();
      store.insert(KEY, 'aa');
      expect(store.byHash('aa')).toEqual(KEY);
      expect(store.byHash('bb')).toBeNull();
    });

    test('counts keys and forgets removed ones', () => {
      const store = make();
      expect(store.count()).toBe(0);
      store.insert(KEY, 'aa');
      expect(store.count()).toBe(1);
      store.remove('key_1');
      store.remove('never-there');
      expect(store.count()).toBe(0);
      expect(store.byHash('aa')).toBeNull();
    });

    test('does not take the same secret twice', () => {
      const store = make();
      store.insert(KEY, 'aa');
      expect(() => store.insert({ ...KEY, id: 'key_2' }, 'aa')).toThrow();
    });
  });
}
