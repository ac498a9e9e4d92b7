import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { createSystemClock, type TimeGap } from '../../src/adapters/clock.js';

const DAY_MS = 86_400_000;

describe('the system clock', () => {
  beforeEach(() => {
    // Its tick stays real: sixty days of them would take a minute.
    jest.useFakeTimers({ doNotFake: ['setInterval'] });
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('calls once, after the delay', () => {
    const run = jest.fn();
    const systemClock = createSystemClock();
    systemClock.schedule(1_000, run);
    jest.advanceTimersByTime(999);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(5_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('keeps short waits to the millisecond, and ends long ones together', () => {
    const systemClock = createSystemClock();
    const early = jest.fn();
    systemClock.schedule(9_999, early);
    jest.advanceTimersByTime(9_998);
    expect(early).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(early).toHaveBeenCalledTimes(1);
    const timers = jest.getTimerCount();
    const long = Array.from({ length: 100 }, () => jest.fn());
    const cancels = long.map((run, index) => systemClock.schedule(15_000 + index, run));
    expect(jest.getTimerCount() - timers).toBeLessThanOrEqual(2);
    cancels[0]?.();
    jest.advanceTimersByTime(14_999);
    expect(long.some(({ mock }) => mock.calls.length > 0)).toBe(false);
    jest.advanceTimersByTime(352);
    expect(long.map(({ mock }) => mock.calls.length)).toEqual([0, ...Array.from({ length: 99 }, () => 1)]);
  });

  test('waits longer than a timer of Node can', () => {
    const run = jest.fn();
    const systemClock = createSystemClock();
    systemClock.schedule(60 * DAY_MS, run);
    jest.advanceTimersByTime(60 * DAY_MS - 1);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(252);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('can be cancelled, also in the middle of a long wait', () => {
    const run = jest.fn();
    const systemClock = createSystemClock();
    const cancel = systemClock.schedule(60 * DAY_MS, run);
    jest.advanceTimersByTime(30 * DAY_MS);
    cancel();
    jest.advanceTimersByTime(60 * DAY_MS);
    expect(run).not.toHaveBeenCalled();
  });

  test('takes a delay that has passed as none', () => {
    const run = jest.fn();
    const systemClock = createSystemClock();
    systemClock.schedule(-5, run);
    jest.advanceTimersByTime(0);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('follows the wall clock while nothing is wrong', () => {
    const clock = createSystemClock();
    jest.advanceTimersByTime(90_000);
    expect(Math.abs(clock.now() - Date.now())).toBeLessThanOrEqual(1);
  });
});

describe('a gap in time', () => {
  /** A machine whose steady clock and wall clock a test can move on their own. */
  function aMachine() {
    const gaps: TimeGap[] = [];
    let standing = 0;
    let setBy = 0;
    const realNow = Date.now.bind(Date);
    const realSteady = performance.now.bind(performance);
    jest.spyOn(performance, 'now').mockImplementation(() => realSteady() + standing);
    jest.spyOn(Date, 'now').mockImplementation(() => realNow() + standing + setBy);
    return {
      gaps,
      clock: createSystemClock((gap) => gaps.push(gap)),
      standStill: (ms: number) => {
        standing += ms;
      },
      setWallClock: (ms: number) => {
        setBy += ms;
      },
    };
  }
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.restoreAllMocks();
    jest.useRealTimers();
  });

  test('a process that stood still tells how long', () => {
    const { gaps, standStill } = aMachine();
    jest.advanceTimersByTime(5_000);
    standStill(60_000);
    jest.advanceTimersByTime(1_000);
    expect(gaps).toEqual([{ stallMs: 60_000, jumpMs: 0 }]);
  });

  test('tells before a timer runs that the stall made late', () => {
    const { gaps, clock, standStill } = aMachine();
    jest.advanceTimersByTime(1_000);
    const told: number[] = [];
    clock.schedule(500, () => told.push(gaps.length));
    standStill(60_000);
    jest.advanceTimersByTime(500);
    expect(told).toEqual([1]);
    jest.advanceTimersByTime(5_000);
    expect(gaps).toHaveLength(1);
  });

  test.each([3_600_000, -3_600_000])('a wall clock that is set by %d ms moves the time once and tells it', (byMs) => {
    const { gaps, clock, setWallClock } = aMachine();
    const before = clock.now();
    setWallClock(byMs);
    expect(clock.now()).toBe(before);
    jest.advanceTimersByTime(1_000);
    expect(gaps).toEqual([{ stallMs: 0, jumpMs: byMs }]);
    expect(clock.now()).toBe(before + 1_000 + byMs);
    jest.advanceTimersByTime(60_000);
    expect(gaps).toHaveLength(1);
  });

  test('a busy second and a clock that is trimmed are no gaps', () => {
    const { gaps, standStill, setWallClock } = aMachine();
    standStill(1_500);
    setWallClock(400);
    jest.advanceTimersByTime(10_000);
    expect(gaps).toEqual([]);
  });
});
