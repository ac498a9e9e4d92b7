import {
  beginAttempt,
  closing,
  closingToReturn,
  enter,
  park,
  rungDeadlineMs,
  uncounted,
  unlessKnownOutage,
} from './attempt.js';
import { attemptsExhausted, backoffDelayMs } from './backoff.js';
import { breakerAfterFailure } from './circuit-breaker.js';
import { credentialsAfterFailure } from './credential-policy.js';
import { type Effect, note, type Step, stay } from './effect.js';
import { engineAfterFailure } from './engine-choice.js';
import type { TransitionContext } from './policy.js';
import { type Reason, reasonEntry } from './reason.js';
import { type GentleRung, ownsBrowser, type Rung, type SessionState } from './session-state.js';
import { isRestoreDue, snapshotAfterFailure } from './snapshot-policy.js';
import { NO_SNAPSHOT } from './snapshot-record.js';

function lostNow(state: SessionState, reason: Reason, context: TransitionContext): SessionState['lost'] {
  // A number that was never linked, or that is only starting, has not been lost.
  return state.lost ?? (state.status === 'connected' ? { at: context.now, reason } : null);
}

/** The note that a fault was found. */
export function lostNote(
  state: SessionState,
  reason: Reason,
  detail: string | null,
  context: TransitionContext,
): Effect[] {
  const words = `${context.sessionId}: ${reasonEntry(reason).sentence}${detail ? ` (${detail})` : ''}`;
  return unlessKnownOutage(
    state,
    reason,
    note('session.lost', words, { reason, detail, status: state.status, attempt: state.attempt }),
  );
}

/**
 * One rung in the running browser: nothing is closed, no attempt is counted. Only for a session whose browser runs;
 * the rung that has failed before is not tried again.
 */
export function heal(state: SessionState, rung: GentleRung, reason: Reason, context: TransitionContext): Step {
  const { epoch } = state;
  const deadlineAt = context.now + rungDeadlineMs(rung, reason, context.policy);
  const effects: Effect[] = state.status === 'connected' ? lostNote(state, reason, null, context) : [];
  const trying = note('session.healing', `${context.sessionId}: trying rung ${rung}`, { rung, reason });
  effects.push(...unlessKnownOutage(state, reason, trying));
  if (rung === 'socket') effects.push({ type: 'reconnect-socket', epoch }, { type: 'check-network', epoch });
  if (rung === 'takeover') effects.push({ type: 'take-over', epoch });
  if (rung === 'reload') effects.push({ type: 'reload', epoch });
  return {
    state: enter(
      state,
      { status: 'reconnecting', step: 'healing', rung, stage: 'syncing', deadlineAt },
      { reason, lost: lostNow(state, reason, context) },
      context.now,
    ),
    effects,
  };
}

/** Rungs that leave page and browser as they are. */
export const IN_PAGE: readonly Rung[] = ['grace', 'socket', 'takeover'];

/** The page waits for its socket: what it has is whole, and a socket that is back heals it. */
export function awaitsSocket(state: SessionState): boolean {
  if (state.reason !== 'socket_lost' && state.reason !== 'network_down' && state.reason !== 'conflict') return false;
  return state.status === 'reconnecting' && state.step === 'healing' && IN_PAGE.includes(state.rung);
}

/**
 * WhatsApp Web was opened elsewhere with this login. It is taken back in the page, but only so often: two programs that
 * take it from each other for ever would serve neither.
 */
export function onConflict(state: SessionState, context: TransitionContext): Step {
  const { now, policy } = context;
  const conflicts = state.conflicts.filter((at) => now - at < policy.conflict.windowMs);
  if (policy.conflict.policy === 'yield' || conflicts.length >= policy.conflict.maxTakeovers) {
    return withNotes(lostNote(state, 'conflict', null, context), park(state, 'error', { reason: 'conflict' }, context));
  }
  return heal({ ...state, conflicts: [...conflicts, now] } as SessionState, 'takeover', 'conflict', context);
}

/** The rung after the one that failed; null when only a new browser is left. */
export function nextRung(rung: Rung, reason: Reason): GentleRung | null {
  if (rung === 'grace') return reason === 'socket_lost' || reason === 'network_down' ? 'socket' : 'reload';
  return rung === 'socket' ? 'reload' : null;
}

/**
 * The browser is of no more use: decides between a new one at once, one later, a pause of the circuit and giving up.
 * A first local fault is retried at once; a failed or unstable attempt counts toward breaker and limit; while the
 * network is down nothing is tried and nothing is counted.
 */
export function lose(state: SessionState, reason: Reason, detail: string | null, context: TransitionContext): Step {
  const { now, policy, random, sessionId } = context;
  const { kind } = reasonEntry(reason);
  const effects = lostNote(state, reason, detail, context);
  const lost = lostNow(state, reason, context);
  const after = { ...state, lost, errorCount: state.errorCount + 1 } as SessionState;
  // Locks, zombies and hung processes do not answer a polite close.
  const mode = kind === 'local' ? 'kill' : 'graceful';

  if (kind === 'final') return withNotes(effects, park(after, 'error', { reason }, context));
  if (kind === 'network' || context.gateClosed) {
    return withNotes(
      effects,
      waitFor(
        uncounted(after),
        reason,
        Math.round(policy.backoff.networkDelayMs * (1 - policy.backoff.jitter * random)),
        mode,
        context,
      ),
    );
  }

  const attemptFailed = state.attempt > 0 || state.status === 'connecting';
  const breaker = attemptFailed ? breakerAfterFailure(state.breaker, now, policy.breaker) : state.breaker;
  const judged = engineAfterFailure(state, reason, context);
  effects.push(...judged.effects);
  const known = { snapshot: snapshotAfterFailure(state, reason), engine: judged.engine };
  const counted = { ...after, breaker, ...known } as SessionState;
  if (attemptsExhausted(state.attempt, policy.backoff)) {
    return withNotes(effects, park(counted, 'error', { reason, breaker }, context));
  }
  const delayMs =
    kind === 'local' && state.attempt === 0 && !attemptFailed
      ? 0
      : backoffDelayMs(state.attempt + 1, policy.backoff, random);
  if (breaker.state === 'open') {
    const until = breaker.until === null ? null : Math.max(breaker.until, now + delayMs);
    const wait = until === null ? 'until a person asks for a reconnect' : `for ${Math.round((until - now) / 1000)}s`;
    const suspended: Step = {
      state: enter(counted, { status: 'suspended', until }, { reason }, now),
      effects: [
        ...effects,
        ...closing(state, mode),
        note('session.suspended', `${sessionId}: ${breaker.failures} failures in a row, no attempt ${wait}`, {
          failures: breaker.failures,
          openMs: until === null ? null : until - now,
        }),
      ],
    };
    return isRestoreDue(counted, policy) ? restoring(suspended) : suspended;
  }
  if (delayMs === 0) return withNotes(effects, beginAttempt(counted, context, reason));
  const waiting = withNotes(effects, waitFor(counted, reason, delayMs, mode, context));
  return isRestoreDue(counted, policy) ? restoring(waiting) : waiting;
}

/** The step after which no browser lives, with the snapshot put into the profile before the next launch. */
export function restoring(step: Step): Step {
  return {
    state: { ...step.state, snapshot: { ...step.state.snapshot, tried: true } },
    effects: [...step.effects, { type: 'restore-snapshot' }],
  };
}

/** Closes the browser and waits for the next attempt. */
export function waitFor(
  state: SessionState,
  reason: Reason,
  delayMs: number,
  mode: 'graceful' | 'kill',
  context: TransitionContext,
): Step {
  const { now, sessionId } = context;
  const attempt = state.attempt + 1;
  const seconds = Math.round(delayMs / 100) / 10;
  return {
    state: enter(state, { status: 'reconnecting', step: 'waiting', dueAt: now + delayMs }, { reason }, now),
    effects: [
      ...closingToReturn(state, mode),
      ...unlessKnownOutage(
        state,
        reason,
        note(
          'session.retry_scheduled',
          `Attempting to reconnect ${sessionId} (attempt ${attempt}) in ${seconds}s with existing credentials`,
          { attempt, delayMs, reason },
        ),
      ),
    ],
  };
}

/** The login was taken back, by the phone or by WhatsApp: no retry helps, and the failure is counted. */
export function loggedOut(state: SessionState, reason: 'logged_out' | 'auth_failed', context: TransitionContext): Step {
  if (!ownsBrowser(state)) return stay(state);
  const { counted, effects } = countCredentialFailure(state, context);
  const parked = park(counted, 'disconnected', { reason, lost: null, healed: null }, context);
  // The profile may only move when its browser is closed: close comes first.
  return { state: parked.state, effects: [...parked.effects, ...effects] };
}

/**
 * Counts one auth failure; the effects discard the profile when it was one too many, unless its browser goes on
 * (`isInUse`).
 */
export function countCredentialFailure(
  state: SessionState,
  context: TransitionContext,
  isInUse = false,
): { counted: SessionState; effects: Effect[] } {
  const { discardAfter } = context.policy.credentials;
  const { record, discard: isOneTooMany } = credentialsAfterFailure(state.credentials, context.now, discardAfter);
  const discard = isOneTooMany && !isInUse;
  const failures = state.credentials.failures + 1;
  const effects: Effect[] = [
    note('session.credentials_failed', `${context.sessionId}: connection failure ${failures}/${discardAfter}`, {
      failures,
      discardAfter,
      discard,
    }),
  ];
  // The login was taken back: a copy of it must not come back either.
  effects.push({ type: 'discard-snapshot' });
  if (discard) effects.push({ type: 'quarantine' });
  const counted: SessionState = { ...state, credentials: record, linked: false, snapshot: NO_SNAPSHOT };
  return { counted, effects };
}

function withNotes(before: Effect[], step: Step): Step {
  return { state: step.state, effects: [...before, ...step.effects] };
}
