import { breakerOnAttempt, CLOSED_BREAKER } from './circuit-breaker.js';
import { type Effect, note, type Step } from './effect.js';
import type { TransitionContext } from './policy.js';
import { type Reason, reasonEntry } from './reason.js';
import { type Common, type GentleRung, ownsBrowser, type Phase, type SessionState } from './session-state.js';
import { NO_SNAPSHOT } from './snapshot-record.js';

/** The part of a state that outlives its status. */
export function commonOf(state: SessionState): Common {
  const { reason, since, desired, epoch, attempt, lastAttemptAt, errorCount, breaker, credentials } = state;
  const { linked, snapshot, engine, qrRounds, conflicts, lost, healed } = state;
  const counters = { desired, epoch, attempt, lastAttemptAt, errorCount, breaker, credentials };
  return { reason, since, ...counters, linked, snapshot, engine, qrRounds, conflicts, lost, healed };
}

/** The only way into another status: keeps what outlives it, and `since` only while status and reason stay the same. */
export function enter(state: SessionState, phase: Phase, change: Partial<Common>, now: number): SessionState {
  const reason = change.reason ?? state.reason;
  const same = state.status === phase.status && state.reason === reason;
  return { ...commonOf(state), ...change, since: same ? state.since : now, ...phase };
}

/** The close effect when a browser may be alive; every launch comes after one. */
export function closing(state: SessionState, mode: 'graceful' | 'kill'): Effect[] {
  return ownsBrowser(state) ? [{ type: 'close', mode }] : [];
}

/** The same for a browser that will run again: what a clean close of a connected session wrote down is a login that works. */
export function closingToReturn(state: SessionState, mode: 'graceful' | 'kill'): Effect[] {
  const isWorthKeeping = mode === 'graceful' && state.status === 'connected' && state.linked;
  return isWorthKeeping ? [...closing(state, mode), { type: 'snapshot' }] : closing(state, mode);
}

/** The counters as after a long quiet time; what a person's own request starts from. */
export const FRESH_COUNTERS = {
  attempt: 0,
  breaker: CLOSED_BREAKER,
  snapshot: NO_SNAPSHOT,
  qrRounds: 0,
  conflicts: [],
  lost: null,
  healed: null,
} as const;

/**
 * A start that a person, the fleet or the service's own start asked for: not counted as an attempt to recover. `lastSeenAt`
 * is for what went on before the service was there.
 */
export function beginStart(
  state: SessionState,
  reason: Reason,
  context: TransitionContext,
  lastSeenAt: number | null = null,
): Step {
  const epoch = state.epoch + 1;
  return {
    state: enter(
      state,
      { status: 'connecting', stage: 'launching', deadlineAt: null },
      { ...FRESH_COUNTERS, reason, epoch, desired: 'running', lastAttemptAt: context.now },
      context.now,
    ),
    effects: [
      ...closingToReturn(state, 'graceful'),
      note('session.starting', `Starting ${context.sessionId}. ${reasonEntry(reason).sentence}`, {
        epoch,
        ...(lastSeenAt === null ? {} : { lastSeenAt }),
      }),
      { type: 'launch', epoch },
    ],
  };
}

/** The next attempt to recover, with a new browser. */
export function beginAttempt(state: SessionState, context: TransitionContext, reason = state.reason): Step {
  const epoch = state.epoch + 1;
  const attempt = state.attempt + 1;
  const rung = state.snapshot.restored ? 'snapshot' : 'relaunch';
  return {
    state: enter(
      state,
      { status: 'reconnecting', step: 'healing', rung, stage: 'launching', deadlineAt: null },
      { reason, epoch, attempt, lastAttemptAt: context.now, breaker: breakerOnAttempt(state.breaker) },
      context.now,
    ),
    effects: [
      ...closing(state, 'kill'),
      ...unlessKnownOutage(
        state,
        reason,
        note(
          'session.attempt',
          `Attempting to reconnect ${context.sessionId} (attempt ${attempt}) now with existing credentials`,
          {
            attempt,
            epoch,
            rung,
          },
        ),
      ),
      { type: 'launch', epoch },
    ],
  };
}

/** An outage may last for hours: what it repeats is told once, so that the timeline keeps what came before. */
export function unlessKnownOutage(state: SessionState, reason: Reason, ...notes: Effect[]): Effect[] {
  return state.reason === 'network_down' && reason === 'network_down' ? [] : notes;
}

/** Takes back the attempt that brought the present browser: what ended it says nothing about the session. */
export function uncounted(state: SessionState): SessionState {
  return { ...state, attempt: Math.max(0, state.attempt - 1) };
}

/** Waiting for a person: nothing more is tried by itself. */
export function park(
  state: SessionState,
  status: 'disconnected' | 'error',
  change: Partial<Common> & { reason: Reason },
  context: TransitionContext,
): Step {
  const entry = reasonEntry(change.reason);
  const resting = status === 'error' ? 'session.gave_up' : 'session.parked';
  const event = change.reason === 'logged_out' ? 'session.logged_out' : resting;
  return {
    state: enter(state, { status }, change, context.now),
    effects: [
      ...closing(state, 'graceful'),
      note(event, `${context.sessionId}: ${entry.sentence}`, { reason: change.reason, userAction: entry.userAction }),
    ],
  };
}

/** How long a rung may take, milliseconds. */
export function rungDeadlineMs(rung: GentleRung, reason: Reason, policy: TransitionContext['policy']): number {
  switch (rung) {
    case 'grace':
      return reason === 'network_down' ? policy.backoff.networkDelayMs : policy.deadlines.socketGraceMs;
    case 'socket':
    case 'takeover':
      return policy.deadlines.socketReconnectMs;
    case 'reload':
      return policy.deadlines.reloadMs;
    default:
      return rung satisfies never;
  }
}
