import { describe, expect, test } from '@jest/globals';
import { readFlags } from '../../bench/restore/flags.js';
import { leastMs, missedGoals, type Restored, ratiosOf, restoreTable } from '../../bench/restore/report.js';

const took = (atOnce: Restored['atOnce'], ...seconds: number[]): Restored => ({
  atOnce,
  allMs: seconds.map((each) => each * 1000),
  halfMs: seconds.map((each) => each * 500),
  workMs: seconds.map(() => 18_000),
});

const COPIED = took('copied', 22, 22, 40);
const FIXED = [took(1, 20, 20, 20), took(2, 10, 10, 10), took(12, 14, 15, 16)];
const MEASURED = [took('auto', 11, 10, 30), ...FIXED, COPIED];

describe('starts at once', () => {
  test('are compared by their medians: with the best number, and with all at once', () => {
    const ratios = { best: 2, ofBest: 1.1, ofAllAtOnce: 11 / 15, ofCopied: 0.5 };
    expect(ratiosOf(MEASURED)).toEqual(ratios);
    expect(missedGoals(MEASURED)).toEqual([]);
    const table = restoreTable(MEASURED, 2);
    expect(table).toContain('auto: 1.10 x the best (2 at once; at most 1.15), 0.73 x all at once');
    expect(table).toContain('2 cores that never rest: about 9.0 s for the least work of all rows, 0.60 x all at once');
    expect(table).toContain('auto: 0.50 x all at once as programs with copied flags start them');
  });

  test('are chosen badly when a number that somebody could have set is much faster', () => {
    const [, ...others] = MEASURED;
    expect(missedGoals([took('auto', 11.6), ...others])).toEqual(['auto took 1.16 x the best, more than 1.15']);
  });

  test('need no choosing when all at once is about as fast', () => {
    expect(missedGoals([took('auto', 10), took(2, 10), took(12, 12)])).toEqual([
      'auto took 0.83 x all at once, more than 0.8',
    ]);
  });

  test('are compared without copied flags when the run ended before those', () => {
    expect(ratiosOf([took('auto', 10), took(2, 10), took(12, 12), took('copied')])).toMatchObject({ ofCopied: null });
  });

  test('cannot be compared when the run ended early', () => {
    for (const early of [[], [took('auto'), took(2), took(12)]]) {
      expect(missedGoals(early)).toEqual(['not everything was measured']);
    }
  });
});

test('cores that never rest need a time that is told, of which full browsers with copied flags know nothing', () => {
  expect(leastMs([...MEASURED, { ...COPIED, workMs: [9000] }], 4)).toBe(4500);
  expect(leastMs([took('auto'), took('copied', 9)], 2)).toBeNull();
});

describe('what is measured', () => {
  test('is auto first, then what was asked for, all at once, and copied flags', () => {
    expect(readFlags([]).concurrencies).toEqual(['auto', 1, 2, 3, 4, 6, 12, 'copied']);
    expect(readFlags(['--sessions', '4', '--at-once', '2,4,8']).concurrencies).toEqual(['auto', 2, 4, 'copied']);
    expect(() => readFlags(['--at-once', '0'])).toThrow('--at-once takes whole numbers from 1 on');
  });
});
