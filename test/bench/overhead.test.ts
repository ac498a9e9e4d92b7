import { describe, expect, test } from '@jest/globals';
import { FakeBrowsers } from '../../bench/overhead/fake-client.js';
import type { SizeReport } from '../../bench/overhead/figures.js';
import { GOALS, growthOf, missed } from '../../bench/overhead/verdict.js';
import type { CreateClient } from '../../src/domain/ports.js';

const MB = 2 ** 20;

const WHOLE = { written: 80, received: 80, accepted: 80, sent: 80 };

/** A minute in which each session cost the same and nothing was out of order. */
function size(sessions: number, parts: Partial<SizeReport> = {}): SizeReport {
  return {
    sessions,
    lastedMs: 60_000,
    cpuMs: 600 + 2.4 * sessions,
    rssBytes: (100 + 0.1 * sessions) * MB,
    heapBytes: (30 + 0.05 * sessions) * MB,
    delayMs: { p50: 10, p99: 12, max: 90 },
    idleDelayP99Ms: 11,
    connectedMs: 5000,
    probes: 4 * sessions,
    ...{ received: 50, sent: 50, whole: WHOLE },
    ...parts,
  };
}

const SIZES = [size(100), size(300), size(1000)];
const missedWith = (parts: Partial<SizeReport>) => missed([size(100), size(300), size(1000, parts)], GOALS);

describe('what a thousand sessions may cost', () => {
  test('is kept to when every figure is below its goal', () => {
    expect(missed(SIZES, GOALS)).toEqual([]);
  });

  test.each([
    ['CPU', { cpuMs: 0.09 * 60_000 }, /^CPU, % of a core is 9.0 with 1000/],
    ['memory', { rssBytes: 251 * MB }, /^RSS, MB is 251.0/],
    ['delay', { delayMs: { p50: 10, p99: 21, max: 90 } }, /^p99 of the event loop delay, ms is 21.0/],
  ])('is too much %s', (_what, parts, words) => {
    expect(missedWith(parts)).toContainEqual(expect.stringMatching(words));
  });

  test('does not count when messages were left undone', () => {
    expect(missedWith({ whole: { ...WHOLE, received: 79 } })).toEqual([
      '1000 sessions: 79 of 80 messages were received',
    ]);
    expect(missedWith({ whole: { ...WHOLE, sent: 78 } })).toEqual(['1000 sessions: 78 of 80 messages were sent']);
  });

  test('is not measured by nothing', () => {
    expect(missed([], GOALS)).toEqual(['nothing was measured']);
  });
});

describe('growth with the number of sessions', () => {
  const cpu = ({ cpuMs }: SizeReport) => cpuMs;

  test('is 1 on a straight line, whatever stands at its beginning', () => {
    expect(growthOf('CPU', cpu, SIZES).ratio).toBeCloseTo(1);
  });

  test('is above 1 when one more session costs more among many', () => {
    const { perSession, ratio } = growthOf('CPU', cpu, [size(100), size(300), size(1000, { cpuMs: 6360 })]);
    expect(perSession[1]).toBeCloseTo(7.2);
    expect(ratio).toBeCloseTo(3);
    expect(missedWith({ cpuMs: 4700 })[0]).toMatch(/^CPU, % of a core: one more session costs 2.0\d times as much/);
  });

  test('cannot be told of two sizes', () => {
    expect(growthOf('CPU', cpu, SIZES.slice(1)).ratio).toBeNaN();
  });
});

test('a fake browser is a client like any other', () => {
  // The compiler holds this: tools know nothing of the types of the service.
  const create: CreateClient = new FakeBrowsers().create;
  expect(create).toBeInstanceOf(Function);
});
