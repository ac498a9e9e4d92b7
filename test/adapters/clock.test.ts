import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { systemClock } from '../../src/adapters/clock.js';

const DAY_MS = 86_400_000;

describe('the system clock', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('calls once, after the delay', () => {
    const run = jest.fn();
    systemClock.schedule(1_000, run);
    jest.advanceTimersByTime(999);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(5_000);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('waits longer than a timer of Node can', () => {
    const run = jest.fn();
    systemClock.schedule(60 * DAY_MS, run);
    jest.advanceTimersByTime(60 * DAY_MS - 1);
    expect(run).not.toHaveBeenCalled();
    jest.advanceTimersByTime(1);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('can be cancelled, also in the middle of a long wait', () => {
    const run = jest.fn();
    const cancel = systemClock.schedule(60 * DAY_MS, run);
    jest.advanceTimersByTime(30 * DAY_MS);
    cancel();
    jest.advanceTimersByTime(60 * DAY_MS);
    expect(run).not.toHaveBeenCalled();
  });

  test('takes a delay that has passed as none', () => {
    const run = jest.fn();
    systemClock.schedule(-5, run);
    jest.advanceTimersByTime(0);
    expect(run).toHaveBeenCalledTimes(1);
  });
});
