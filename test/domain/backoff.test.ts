import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { attemptsExhausted, type BackoffPolicy, backoffDelayMs } from '../../src/domain/backoff.js';
import { policyOf, steadyPolicy } from '../support/policy.js';

const delaysInSeconds = (policy: BackoffPolicy, attempts: number) =>
  Array.from({ length: attempts }, (_, index) => backoffDelayMs(index + 1, policy, 0.5) / 1000);

describe('R02 the wait before an attempt', () => {
  test.each([
    ['default', [5, 10, 20, 40, 80, 160, 300, 300, 300, 300], 10],
    ['standard', [5, 10, 20, 40, 80, 160, 300, 300, 300, 300], 10],
    ['short', [5, 10, 20, 40, 80], 5],
    ['patient', [5, 10, 20, 40, 60, 60, 60, 60, 60, 60], null],
    ['brisk', [1, 2, 4, 8, 16, 30, 30, 30, 30, 30], 10],
    ['compat', [5, 10, 20, 40, 80, 160, 300, 300], 10],
  ])('doubles up to the cap of the preset %s', (preset, delays, maxAttempts) => {
    const { backoff } = steadyPolicy(preset);
    expect(delaysInSeconds(backoff, delays.length)).toEqual(delays);
    expect(backoff.maxAttempts).toBe(maxAttempts);
  });

  test('is shortened by the share of the jitter and never lengthened, so that the cap is a promise', () => {
    const { backoff } = policyOf('standard');
    expect(backoff.jitter).toBeGreaterThan(0);
    expect(backoffDelayMs(1, backoff, 0)).toBe(5000);
    expect(backoffDelayMs(1, backoff, 0.5)).toBe(4500);
    expect(backoffDelayMs(1, { ...backoff, jitter: 1 }, 0.999_999)).toBe(0);
    expect(backoffDelayMs(9, backoff, 0.5)).toBe(270_000);
  });

  test('spreads two sessions that fell together', () => {
    const { backoff } = policyOf('standard');
    expect(backoffDelayMs(3, backoff, 0.1)).not.toBe(backoffDelayMs(3, backoff, 0.9));
  });

  test('stays within its bounds for every attempt, policy and random number', () => {
    const anyPolicy = fc.record({
      baseDelayMs: fc.nat(600_000),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      maxDelayMs: fc.nat(3_600_000),
      networkDelayMs: fc.nat(60_000),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
      returnSpreadMs: fc.constant(0),
      maxAttempts: fc.constant(null),
    });
    const anyAttempt = fc.oneof(fc.nat(20), fc.nat(1_000_000));
    const anyRandom = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(anyAttempt, anyPolicy, anyRandom, (attempt, policy, random) => {
        const delayMs = backoffDelayMs(attempt, policy, random);
        const longestMs = backoffDelayMs(attempt, policy, 0);
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(longestMs).toBeLessThanOrEqual(policy.maxDelayMs);
        expect(delayMs).toBeLessThanOrEqual(longestMs);
        expect(delayMs).toBeGreaterThanOrEqual(Math.floor(longestMs * (1 - policy.jitter)));
      }),
    );
  });

  test('is nothing at all with a base of 0, however often it was tried', () => {
    const { backoff } = steadyPolicy('patient');
    expect(backoffDelayMs(5000, { ...backoff, baseDelayMs: 0 }, 0)).toBe(0);
  });
});

describe('R02 the limit of attempts', () => {
  test.each([
    ['standard', 9, false],
    ['standard', 10, true],
    ['standard', 11, true],
    ['short', 4, false],
    ['short', 5, true],
    ['brisk', 10, true],
    ['patient', 1_000_000, false],
  ])('%s after %i attempts: exhausted is %s', (preset, attempts, exhausted) => {
    expect(attemptsExhausted(attempts, policyOf(preset).backoff)).toBe(exhausted);
  });
});
