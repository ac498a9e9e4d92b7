import type { Verdict } from './delivery.js';

/** How a receiver has been answering lately, over all that it is sent. */
export interface ReceiverHealth {
  /** Failures since the last success. */
  failures: number;
  /** When the first of them was, null when there is none. */
  since: number | null;
  /** It has been called failing, so that it is said once. */
  failing: boolean;
}

export const HEALTHY_RECEIVER: ReceiverHealth = { failures: 0, since: null, failing: false };

/** One failure is nothing, and a restart of the receiver is over sooner. */
const FAILING_AFTER_MS = 60_000;
const DOWN_AFTER_FAILURES = 3;

/** What a verdict changes. `cameBack`: it was down, so that what waits for its own retry can go at once. */
export function healthAfter(
  health: ReceiverHealth,
  verdict: Verdict,
  now: number,
): { health: ReceiverHealth; cameBack: boolean } {
  // A refusal tells of one body; the receiver itself is neither better nor worse.
  if (verdict === 'refused') return { health, cameBack: false };
  if (verdict === 'delivered') {
    return { health: HEALTHY_RECEIVER, cameBack: health.failures >= DOWN_AFTER_FAILURES };
  }
  const failures = health.failures + 1;
  const since = health.since ?? now;
  const failing = health.failing || (failures >= DOWN_AFTER_FAILURES && now - since >= FAILING_AFTER_MS);
  return { health: { failures, since, failing }, cameBack: false };
}
