/** Stops attempts after repeated failures; after a pause exactly one trial decides. `openedAt` exists only when open. */
export type Breaker =
  | { readonly state: 'closed'; readonly failures: number }
  | { readonly state: 'open'; readonly failures: number; readonly until: number | null }
  | { readonly state: 'half_open'; readonly failures: number };

export interface BreakerPolicy {
  failureThreshold: number;
  openMs: number;
  /** `halt` stays open until a person resets it. */
  whenOpen: 'trial' | 'halt';
}

export const CLOSED_BREAKER: Breaker = { state: 'closed', failures: 0 };

/** One more failed attempt: opens at the threshold, and again when the trial of a half-open breaker failed. */
export function breakerAfterFailure(breaker: Breaker, now: number, policy: BreakerPolicy): Breaker {
  const failures = breaker.failures + 1;
  const opens = breaker.state === 'half_open' || failures >= policy.failureThreshold;
  if (!opens) return { state: 'closed', failures };
  return { state: 'open', failures, until: policy.whenOpen === 'halt' ? null : now + policy.openMs };
}

/** An attempt begins: an open breaker lets it pass as its one trial. */
export function breakerOnAttempt(breaker: Breaker): Breaker {
  return breaker.state === 'open' ? { state: 'half_open', failures: breaker.failures } : breaker;
}

/** It has not been open for as long as it should. */
export function pauses(breaker: Breaker, now: number): boolean {
  return breaker.state === 'open' && (breaker.until === null || now < breaker.until);
}
