import { describe, expect, test } from '@jest/globals';
import { progressWords, restoreProgress } from '../../src/domain/restore-progress.js';

describe('the progress of a restore', () => {
  test('is told with the time that is left at the pace so far', () => {
    const progress = restoreProgress({ connected: 12, of: 40, underWay: 28 }, 21_400);
    expect(progress).toEqual({ connected: 12, of: 40, remainingMs: 49_933 });
    expect(progressWords(progress)).toBe('12 of 40 connected, about 50 s');
  });

  test('has no time before there is a pace', () => {
    const progress = restoreProgress({ connected: 1, of: 40, underWay: 39 }, 3000);
    expect(progressWords(progress)).toBe('1 of 40 connected');
  });

  test('counts those who rest or wait for a person as done, though they are not connected', () => {
    expect(restoreProgress({ connected: 2, of: 10, underWay: 5 }, 10_000).remainingMs).toBe(10_000);
  });

  test('is at its end when nobody is under way', () => {
    const progress = restoreProgress({ connected: 38, of: 40, underWay: 0 }, 60_000);
    expect(progress.remainingMs).toBe(0);
    expect(progressWords(progress)).toBe('38 of 40 connected');
  });

  test('gives minutes when it takes long, and never less than can be guessed', () => {
    expect(progressWords({ connected: 3, of: 99, remainingMs: 185_000 })).toBe('3 of 99 connected, about 4 min');
    expect(progressWords({ connected: 98, of: 99, remainingMs: 300 })).toBe('98 of 99 connected, about 5 s');
  });
});
