import { describe, expect, test } from '@jest/globals';
import { type StartContext, startDelayMs } from '../../src/domain/start-admission.js';

const MB = 2 ** 20;
const NOW = 1_000_000;
const delay = (context: Partial<StartContext>, startsPerMinute: number | null = 2) =>
  startDelayMs(
    { startsPerMinute, minFreeMemoryMb: 300 },
    { now: NOW, startedAt: [], availableBytes: null, hasBrowsers: true, ...context },
  );

describe('the start of a browser', () => {
  test('waits until fewer than the limit were started in the minute before it', () => {
    expect(delay({ startedAt: [NOW - 10_000] })).toBe(0);
    expect(delay({ startedAt: [NOW - 10_000, NOW - 4000] })).toBe(50_000);
    expect(delay({ startedAt: [NOW - 60_000, NOW - 4000] })).toBe(0);
    expect(delay({ startedAt: [NOW - 30_000, NOW - 20_000, NOW - 10_000] })).toBe(40_000);
  });

  test('waits for no rate when there is no limit', () => {
    expect(delay({ startedAt: Array(500).fill(NOW) }, null)).toBe(0);
  });

  test('does not wait for starts of a future that a clock set back has left behind', () => {
    expect(delay({ startedAt: [NOW + 3_600_000, NOW + 3_600_001] })).toBe(0);
  });

  test('waits while the machine has less memory than it should', () => {
    expect(delay({ availableBytes: 300 * MB - 1 })).toBe(2000);
    expect(delay({ availableBytes: 300 * MB })).toBe(0);
  });

  test('does not wait for memory when no browser runs, since nothing would ever run, nor when it cannot be told', () => {
    expect(delay({ availableBytes: 0, hasBrowsers: false })).toBe(0);
    expect(delay({ availableBytes: null })).toBe(0);
  });
});
