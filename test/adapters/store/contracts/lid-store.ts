import { describe, expect, test } from '@jest/globals';
import type { LidStore } from '../../../../src/domain/store-ports.js';

/** What every LidStore promises; `make` gives an empty one. */
export function lidStoreContract(make: () => LidStore): void {
  describe('as a map of LIDs', () => {
    test('knows whom it was told of, and nobody else', () => {
      const store = make();
      store.learn('77@lid', '491511@c.us', 1);
      store.learn('77@lid', '491511@c.us', 2);
      expect(store.phoneOf('77@lid')).toBe('491511@c.us');
      expect(store.phoneOf('78@lid')).toBeNull();
    });

    test('believes what it was told last: people change their number and keep their LID', () => {
      const store = make();
      store.learn('77@lid', '491511@c.us', 1);
      store.learn('77@lid', '491522@c.us', 2);
      expect(store.phoneOf('77@lid')).toBe('491522@c.us');
    });
  });
}
