import { describe, expect, test } from '@jest/globals';
import { endOfWait, NO_WAIT } from '../../src/domain/wait.js';

describe('a wait', () => {
  const wait = { since: 1000, until: 3000 };

  test.each([
    { now: 1000, end: 3000 },
    { now: 2999, end: 3000 },
    { now: 3000, end: 0 },
    { now: 9000, end: 0 },
  ])('from 1000 to 3000 holds until $end at $now', ({ now, end }) => {
    expect(endOfWait(wait, now)).toBe(end);
  });

  test('that would begin only later holds nothing: the clock was set back', () => {
    expect(endOfWait(wait, 999)).toBe(0);
  });

  test('that is none holds nothing', () => {
    expect(endOfWait(NO_WAIT, 0)).toBe(0);
  });
});
