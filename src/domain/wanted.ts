import { beginAttempt, beginStart, uncounted } from './attempt.js';
import { pauses } from './circuit-breaker.js';
import { type Step, stay } from './effect.js';
import type { TransitionContext } from './policy.js';
import { sendabilityOf } from './sendability.js';
import type { SessionState } from './session-state.js';

/** However many messages wait, they bring attempts forward no more often than this. */
const WAKE_GAP_MS = 60_000;

/**
 * A message waits to be sent: a session that rests, and may come back, tries now instead of later. Such a try is not
 * counted as one more attempt, so that traffic brings no session nearer to giving up; after giving up it is made once
 * per longest backoff. While the network is down nothing is brought forward, and an open circuit keeps its pause.
 */
export function onWanted(state: SessionState, context: TransitionContext): Step {
  const sendability = sendabilityOf(state);
  if (context.gateClosed || !sendability.takes || !sendability.wakes) return stay(state);
  if (state.status === 'idle') return beginStart(state, 'starting', context);
  const gapMs = state.status === 'error' ? context.policy.backoff.maxDelayMs : WAKE_GAP_MS;
  const isTooSoon = state.lastAttemptAt !== null && context.now - state.lastAttemptAt < gapMs;
  const rests = state.status === 'suspended' && pauses(state.breaker, context.now);
  return isTooSoon || rests ? stay(state) : beginAttempt(uncounted(state), context);
}
