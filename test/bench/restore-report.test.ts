import { describe, expect, test } from '@jest/globals';
import { readFlags } from '../../bench/restore/flags.js';
import { missedGoals, type Restored, ratiosOf, restoreTable } from '../../bench/restore/report.js';

const took = (atOnce: Restored['atOnce'], ...seconds: number[]): Restored => ({
  atOnce,
  allMs: seconds.map((each) => each * 1000),
  halfMs: seconds.map((each) => each * 500),
  workMs: seconds.map(() => 18_000),
});

const CORES = 2;
const COPIED = took('copied', 22, 22, 40);
const MEASURED = [took('auto', 11, 10, 30), COPIED, took(1, 20, 20, 20), took(2, 10, 10, 10), took(12, 14, 15, 16)];

describe('starts at once', () => {
  test('are compared by their medians: with the best number, and with all at once', () => {
    const ratios = { best: 2, ofBest: 1.1, ofAllAtOnce: 11 / 15, ofCopied: 0.5, leastOfAllAtOnce: 9 / 15 };
    expect(ratiosOf(MEASURED, CORES)).toEqual(ratios);
    expect(missedGoals(MEASURED, CORES)).toEqual([]);
    const table = restoreTable(MEASURED, CORES);
    expect(table).toContain('auto: 1.10 x the best (2 at once; at most 1.15), 0.73 x all at once');
    expect(table).toContain('auto: 0.50 x all at once with the flags that other programs copy');
  });

  test('are chosen badly when a number that somebody could have set is much faster', () => {
    const [, ...others] = MEASURED;
    expect(missedGoals([took('auto', 11.6), ...others], CORES)).toEqual(['auto took 1.16 x the best, more than 1.15']);
  });

  test('need no choosing when all at once is about as fast', () => {
    expect(missedGoals([took('auto', 10), took(2, 10), took(12, 12)], CORES)).toEqual([
      'auto took 0.83 x all at once, more than 0.8',
    ]);
  });

  test('cannot be faster than the cores are, which is said where it is the reason', () => {
    expect(missedGoals([took('auto', 10), took(2, 10), took(12, 10)], CORES)).toEqual([
      'auto took 1.00 x all at once, more than 0.8; on these cores no way can take less than 0.90 x',
    ]);
  });

  test('cannot be compared when the run ended early', () => {
    expect(missedGoals([took('auto'), took(2), took(12)], CORES)).toHaveLength(2);
    expect(missedGoals([], CORES)).toEqual(['not everything was measured']);
  });
});

describe('what is measured', () => {
  test('is auto and copied flags first and all at once last, with what was asked for in between', () => {
    expect(readFlags([]).concurrencies).toEqual(['auto', 'copied', 1, 2, 3, 4, 6, 12]);
    expect(readFlags(['--sessions', '4', '--at-once', '2,4,8']).concurrencies).toEqual(['auto', 'copied', 2, 4]);
    expect(() => readFlags(['--at-once', '0'])).toThrow('--at-once takes whole numbers from 1 on');
  });
});
