import { describe, expect, test } from '@jest/globals';
import {
  type Breaker,
  breakerAfterFailure,
  breakerOnAttempt,
  CLOSED_BREAKER,
} from '../../src/domain/circuit-breaker.js';
import { policyOf } from '../support/policy.js';

const { breaker: standard } = policyOf('standard');
const { breaker: halting } = policyOf('brisk');

function afterFailures(count: number, policy = standard): Breaker {
  let breaker = CLOSED_BREAKER;
  for (let failure = 1; failure <= count; failure += 1) breaker = breakerAfterFailure(breaker, failure, policy);
  return breaker;
}

describe('R03 the circuit breaker', () => {
  test('stays closed below the threshold and counts', () => {
    expect(afterFailures(4)).toEqual({ state: 'closed', failures: 4 });
  });

  test('opens at the fifth failure in a row, for 60 s', () => {
    expect(afterFailures(5)).toEqual({ state: 'open', failures: 5, until: 5 + 60_000 });
  });

  test('lets one trial pass and is half-open meanwhile', () => {
    expect(breakerOnAttempt(afterFailures(5))).toEqual({ state: 'half_open', failures: 5 });
  });

  test('opens again when the trial fails, however high the threshold', () => {
    const trial: Breaker = { state: 'half_open', failures: 1 };
    expect(breakerAfterFailure(trial, 100, standard)).toEqual({ state: 'open', failures: 2, until: 60_100 });
  });

  test('does not change when an attempt begins while it is closed or half-open', () => {
    const closed = afterFailures(3);
    const halfOpen = breakerOnAttempt(afterFailures(5));
    expect(breakerOnAttempt(closed)).toBe(closed);
    expect(breakerOnAttempt(halfOpen)).toBe(halfOpen);
  });

  test('waits for a person when it is told to halt', () => {
    expect(afterFailures(5, halting)).toEqual({ state: 'open', failures: 5, until: null });
  });

  test('opens at once with a threshold of one', () => {
    expect(afterFailures(1, { ...standard, failureThreshold: 1 }).state).toBe('open');
  });
});
