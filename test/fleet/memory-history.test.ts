import { expect, test } from '@jest/globals';
import { MemoryHistory } from '../../src/fleet/memory-history.js';

const HOUR_MS = 60 * 60_000;

test('the memory of a browser is kept for a day, and nothing of a future that a clock set back has left behind', () => {
  const history = new MemoryHistory();
  const at = (hours: number) => ({ at: hours * HOUR_MS, bytes: hours });
  for (const hours of [1, 2, 26]) history.add('shop', at(hours));
  expect(history.of('shop')).toEqual([at(2), at(26)]);
  history.add('shop', at(3));
  expect(history.of('shop')).toEqual([at(2), at(3)]);
});
