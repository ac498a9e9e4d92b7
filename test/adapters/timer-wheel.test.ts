import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { LONGEST_WAIT_MS, TimerWheel } from '../../src/adapters/timer-wheel.js';

describe('a timer wheel', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('calls each once, never early and at most a quarter of a second late', () => {
    const wheel = new TimerWheel();
    const lateByMs: number[] = [];
    const startedAt = performance.now();
    const delays = Array.from({ length: 200 }, (_, index) => 10_000 + index * 37);
    for (const delay of delays) wheel.wait(delay, () => lateByMs.push(performance.now() - startedAt - delay));
    jest.advanceTimersByTime(30_000);
    expect(lateByMs).toHaveLength(200);
    expect(Math.min(...lateByMs)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...lateByMs)).toBeLessThanOrEqual(251);
  });

  test('a thousand waits of fifteen seconds need four timers a second', () => {
    const wheel = new TimerWheel();
    for (let index = 0; index < 1000; index += 1) wheel.wait(15_000 + index * 15, () => {});
    expect(jest.getTimerCount()).toBeLessThanOrEqual(61);
  });

  test('what is cancelled is not called, and leaves no timer when it was the last of its slot', () => {
    const wheel = new TimerWheel();
    const [first, second] = [jest.fn(), jest.fn()];
    const cancelFirst = wheel.wait(15_000, first);
    const cancelSecond = wheel.wait(15_000, second);
    cancelFirst();
    expect(jest.getTimerCount()).toBe(1);
    cancelSecond();
    cancelSecond();
    expect(jest.getTimerCount()).toBe(0);
    jest.advanceTimersByTime(60_000);
    expect(first).not.toHaveBeenCalled();
    expect(second).not.toHaveBeenCalled();
  });

  test('a slot that was emptied takes new waits, which an old cancel does not touch', () => {
    const wheel = new TimerWheel();
    const cancelOld = wheel.wait(15_000, () => {});
    cancelOld();
    const run = jest.fn();
    wheel.wait(15_000, run);
    cancelOld();
    jest.advanceTimersByTime(15_251);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('who is cancelled by another of its slot, while that runs, is not called', () => {
    const wheel = new TimerWheel();
    const second = jest.fn();
    let cancelSecond = () => {};
    wheel.wait(15_000, () => cancelSecond());
    cancelSecond = wheel.wait(15_000, second);
    jest.advanceTimersByTime(60_000);
    expect(second).not.toHaveBeenCalled();
  });

  test('one that throws is told, and holds up none of the others', () => {
    const wheel = new TimerWheel();
    const second = jest.fn();
    wheel.wait(15_000, () => {
      throw new Error('one of many');
    });
    wheel.wait(15_000, second);
    expect(() => jest.advanceTimersByTime(15_251)).toThrow('one of many');
    expect(second).toHaveBeenCalledTimes(1);
  });

  test('takes the longest wait that Node can', () => {
    const wheel = new TimerWheel();
    const run = jest.fn();
    wheel.wait(LONGEST_WAIT_MS, run);
    jest.advanceTimersByTime(LONGEST_WAIT_MS - 1);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(252);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
