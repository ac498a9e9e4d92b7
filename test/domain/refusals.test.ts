import { describe, expect, test } from '@jest/globals';
import { afterRefusal, isNumberRefused, NO_REFUSALS, refusalDelayMs } from '../../src/domain/refusals.js';

describe('refusals by WhatsApp', () => {
  test('of one chat say nothing of the number, however many there are', () => {
    const often = afterRefusal(afterRefusal(afterRefusal(NO_REFUSALS, 'ann'), 'ann'), 'ann');
    expect(isNumberRefused(often)).toBe(false);
    expect(often.count).toBe(3);
  });

  test('of two chats are refusals of the number', () => {
    expect(isNumberRefused(afterRefusal(afterRefusal(NO_REFUSALS, 'ann'), 'bob'))).toBe(true);
  });

  test('are waited for longer each time, up to five minutes, and not all in step', () => {
    expect([1, 2, 3, 4, 5, 6, 99].map((count) => refusalDelayMs(count, 0))).toEqual([
      15_000, 30_000, 60_000, 120_000, 240_000, 300_000, 300_000,
    ]);
    expect(refusalDelayMs(1, 0.999)).toBeGreaterThanOrEqual(12_000);
    expect(refusalDelayMs(1, 0.5)).toBe(13_500);
  });
});
