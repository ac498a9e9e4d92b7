import { closingToReturn, enter } from './attempt.js';
import { note, type Step, stay } from './effect.js';
import type { ParkingPolicy, TransitionContext } from './policy.js';
import type { SessionState } from './session-state.js';

/** What is known of a session when it is asked whether it may sleep. Times are milliseconds since 1970. */
export interface IdleLook {
  sessionId: string;
  state: SessionState;
  lastActivityAt: number | null;
  /** Messages wait to be sent, or for WhatsApp's acknowledgement. */
  hasPendingMessages: boolean;
}

const mayPark = (sessionId: string, { afterIdleMs, sessions }: ParkingPolicy): boolean =>
  afterIdleMs > 0 && (sessions === null || sessions.includes(sessionId));

/** Its browser is closed, nothing is wrong, and the next message starts it. */
export function isAsleep(state: SessionState): boolean {
  return state.status === 'idle' && state.reason === 'asleep';
}

/** Nothing was sent or received for so long, and nothing is under way. */
export function isSleepDue(
  { sessionId, state, lastActivityAt, hasPendingMessages }: IdleLook,
  policy: ParkingPolicy,
  now: number,
): boolean {
  if (!mayPark(sessionId, policy) || state.status !== 'connected' || !state.stable || hasPendingMessages) return false;
  return now - Math.max(lastActivityAt ?? 0, state.since) >= policy.afterIdleMs;
}

/** Closes the browser of a session that works and keeps its login; nothing is lost, so nothing is counted. */
export function onSleep(state: SessionState, { sessionId, now, policy }: TransitionContext): Step {
  if (state.status !== 'connected' || !state.stable) return stay(state);
  const { wakeEveryMs } = policy.parking;
  const wakeAt = wakeAtOf(policy.parking, now);
  const until = wakeEveryMs === null ? 'until it is needed' : `for ${Math.round(wakeEveryMs / 1000)}s at most`;
  return {
    state: enter(state, { status: 'idle', wakeAt }, { reason: 'asleep', lost: null, healed: null }, now),
    effects: [
      ...closingToReturn(state, 'graceful'),
      note('session.asleep', `${sessionId} sleeps ${until}: nothing was sent or received`, { wakeAt }),
    ],
  };
}

/** The service has started: who slept goes on sleeping, as the settings now say; null when sleep is no longer wanted. */
export function sleepsOn(state: SessionState, { sessionId, now, policy }: TransitionContext): SessionState | null {
  if (state.status !== 'idle' || !isAsleep(state) || !mayPark(sessionId, policy.parking)) return null;
  const latest = wakeAtOf(policy.parking, now);
  // Not later than that: the clock may have been set back while nothing ran.
  return { ...state, wakeAt: latest && Math.min(latest, state.wakeAt ?? latest) };
}

const wakeAtOf = ({ wakeEveryMs }: ParkingPolicy, now: number): number | null =>
  wakeEveryMs === null ? null : now + wakeEveryMs;
