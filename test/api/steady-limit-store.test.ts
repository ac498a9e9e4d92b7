import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { SteadyLimitStore } from '../../src/api/steady-limit-store.js';

function aStore(): SteadyLimitStore {
  const store = new SteadyLimitStore();
  store.init({ windowMs: 1000 });
  return store;
}

describe('the counter behind the rate limits', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  test('counts each key by itself and forgets when its window has passed', () => {
    const store = aStore();
    expect(
      [store.increment('a'), store.increment('a'), store.increment('b')].map(({ totalHits }) => totalHits),
    ).toEqual([1, 2, 1]);
    jest.advanceTimersByTime(999);
    expect(store.get('a')?.totalHits).toBe(2);
    jest.advanceTimersByTime(1);
    expect(store.get('a')).toBeUndefined();
    expect(store.increment('a').totalHits).toBe(1);
  });

  test('takes hits back, never below none', () => {
    const store = aStore();
    store.increment('a');
    store.decrement('a');
    store.decrement('a');
    expect(store.get('a')?.totalHits).toBe(0);
    store.resetKey('a');
    expect(store.get('a')).toBeUndefined();
  });

  test('lets nobody wait for a wall clock that was set back', () => {
    const store = aStore();
    store.increment('a');
    const realNow = Date.now.bind(Date);
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() - 7_200_000);
    jest.advanceTimersByTime(1000);
    expect(store.increment('a').totalHits).toBe(1);
  });
});
