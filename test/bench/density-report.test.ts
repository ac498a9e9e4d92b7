import { describe, expect, test } from '@jest/globals';
import { CONFIGURATIONS, type Configuration, LEAN_FLAGS, leavingOneOut } from '../../bench/density/configurations.js';
import { type Cost, costOf, costTable, missedGoals, type Round, slope } from '../../bench/density/report.js';
import { launchFlags } from '../../src/adapters/chromium/launch-flags.js';

const MB = 2 ** 20;

function named(name: string): Configuration {
  const found = CONFIGURATIONS.find((one) => one.name === name);
  if (found === undefined) throw new Error(name);
  return found;
}

function round(firstMb: number, marginalMb: number, cpuSeconds = 1): Round {
  const totalBytes = [0, 1, 2].map((index) => (firstMb + index * marginalMb) * MB);
  return { totalBytes, cpuSeconds: totalBytes.map(() => cpuSeconds), processes: 4 };
}

const costs = (shell: Round, chromium = round(300, 100)): Cost[] => [
  costOf(named('copied'), [round(500, 200, 3)]),
  costOf(named('lean-chromium'), [chromium]),
  costOf(named('lean-shell'), [shell]),
];

describe('what one more session costs', () => {
  test('is the slope, which one odd value moves only a little', () => {
    expect(slope([10, 12, 14, 16])).toBe(2);
    expect(slope([10, 12, 15, 16])).toBeCloseTo(2.1);
  });

  test('is the median of the rounds', () => {
    const cost = costOf(named('lean-shell'), [round(250, 100), round(250, 900), round(250, 110)]);
    expect(cost.marginalBytes / MB).toBeCloseTo(110);
    expect(cost.oneBytes / MB).toBe(250);
    expect(cost.eachBytes / MB).toBeCloseTo(470 / 3);
  });
});

describe('the goals', () => {
  test('are met at their very limit', () => {
    expect(missedGoals(costs(round(200, 90, 1.65), round(300, 120)))).toEqual([]);
  });

  test('are told one by one when they are missed', () => {
    expect(missedGoals(costs(round(200, 100, 1.8), round(300, 130)))).toEqual([
      'lean, headless shell: memory of one more session is 0.50 × the copied flags, more than 0.45 ×',
      'lean, headless shell: processor time to start is 0.60 × the copied flags, more than 0.55 ×',
      'lean, full Chromium: memory of one more session is 0.65 × the copied flags, more than 0.60 ×',
    ]);
  });

  test('are no goals without something to hold them against', () => {
    expect(missedGoals([costOf(named('lean-shell'), [round(200, 500)])])).toEqual([]);
  });
});

test.each(['headless-shell', 'chromium'] as const)('each lean flag of %s is left out once', (engine) => {
  expect(LEAN_FLAGS[engine]).toEqual(launchFlags('lean', engine));
  const [all, ...others] = leavingOneOut(engine);
  expect(all?.extraArgs).toEqual(LEAN_FLAGS[engine]);
  expect(others.map(({ extraArgs }) => extraArgs.length)).toEqual(
    LEAN_FLAGS[engine].map((_flag, _at, { length }) => length - 1),
  );
});

test('the table says each share of what the copied flags cost', () => {
  const [, , shell] = costTable(costs(round(200, 90)))
    .split('\n')
    .slice(1);
  expect(shell).toMatch(/^lean, headless shell +4 +200 MiB +127 MiB +90 MiB +0\.45 × +1\.00 s +0\.33 ×$/);
});
