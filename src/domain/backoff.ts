export interface BackoffPolicy {
  baseDelayMs: number;
  factor: number;
  maxDelayMs: number;
  /** Fixed wait while the network is down. */
  networkDelayMs: number;
  /** When the network is back, sessions return spread over this time. */
  returnSpreadMs: number;
  /** Share of the delay that is random, 0 to 1. */
  jitter: number;
  /** null never gives up. */
  maxAttempts: number | null;
}

/**
 * Wait before attempt `attempt` (1 is the first), in milliseconds: exponential, capped, and shortened by up to
 * `jitter` of itself, so that the cap is a promise and sessions that fell together do not come back in step.
 * `random` is in [0, 1).
 */
export function backoffDelayMs(attempt: number, policy: BackoffPolicy, random: number): number {
  // Without a limit of attempts the power overflows one day, and a base of 0 times Infinity is not a number.
  const growth = Math.min(policy.factor ** Math.max(0, attempt - 1), Number.MAX_VALUE);
  const capped = Math.min(policy.baseDelayMs * growth, policy.maxDelayMs);
  return Math.round(capped * (1 - policy.jitter * random));
}

/** True when no further attempt may begin after `attempts`. */
export function attemptsExhausted(attempts: number, policy: BackoffPolicy): boolean {
  return policy.maxAttempts !== null && attempts >= policy.maxAttempts;
}
