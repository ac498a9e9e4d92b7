import { beginAttempt, beginStart, park, uncounted } from './attempt.js';
import { backoffDelayMs } from './backoff.js';
import { CLOSED_BREAKER } from './circuit-breaker.js';
import { type Effect, note, type Step, stay } from './effect.js';
import type { TransitionContext } from './policy.js';
import { releaseQr } from './qr-gate.js';
import { awaitsSocket, heal, lose, nextRung, waitFor } from './recovery.js';
import { isNewBrowser, type SessionState } from './session-state.js';

type QrPending = Extract<SessionState, { status: 'qr_pending' }>;
type Healing = Extract<SessionState, { step: 'healing' }>;

/** When the state wants to be woken, milliseconds since 1970; null when only an event can move it. */
export function nextWakeAt(state: SessionState, debounceMs: number): number | null {
  switch (state.status) {
    case 'connecting':
      return state.deadlineAt;
    case 'qr_pending':
      return state.qr.next === null ? state.hideAt : Math.min(state.hideAt, state.qr.shownAt + debounceMs);
    case 'connected':
      return state.stable ? null : state.stableAt;
    case 'reconnecting':
      return state.step === 'waiting' ? state.dueAt : state.deadlineAt;
    case 'suspended':
      return state.until;
    case 'idle':
      return state.wakeAt;
    case 'disconnected':
    case 'error':
      return null;
    default:
      return state satisfies never;
  }
}

/** The session would now try to reach WhatsApp. One that rests must not be chosen to look for all the others. */
export function isAttemptDue(state: SessionState, debounceMs: number, now: number): boolean {
  if (state.status !== 'reconnecting' && state.status !== 'suspended') return false;
  const wakeAt = nextWakeAt(state, debounceMs);
  return wakeAt !== null && wakeAt <= now;
}

/** Does what is due at `context.now`; waking too early or twice changes nothing. */
export function onWake(state: SessionState, context: TransitionContext): Step {
  const dueAt = nextWakeAt(state, context.policy.qr.debounceMs);
  if (dueAt === null || context.now < dueAt) return stay(state);
  const later = context.gateClosed ? putOff(state, context.now + context.policy.backoff.networkDelayMs) : null;
  if (later !== null) return stay(later);
  switch (state.status) {
    case 'connecting':
      return lose(state, state.stage === 'launching' ? 'init_timeout' : 'ready_timeout', null, context);
    case 'qr_pending':
      return onQrDue(state, context);
    case 'connected':
      return becomeStable(state, context);
    case 'reconnecting':
      return state.step === 'waiting' ? beginAttempt(state, context) : onRungDeadline(state, context);
    case 'suspended':
      return beginAttempt(state, context);
    case 'idle':
      return beginStart(state, 'starting', context);
    case 'disconnected':
    case 'error':
      return stay(state);
    default:
      return state satisfies never;
  }
}

/** What would now try to reach WhatsApp, put off; null for what goes on without the network. */
function putOff(state: SessionState, until: number): SessionState | null {
  if (state.status === 'suspended') return { ...state, until };
  if (state.status === 'idle') return { ...state, wakeAt: until };
  if (state.status !== 'reconnecting') return null;
  if (state.step === 'waiting') return { ...state, dueAt: until };
  return awaitsSocket(state) ? { ...state, rung: 'grace', deadlineAt: until } : null;
}

/** The network is back: whoever waits returns, spread out so that not all come at the same moment. */
export function onGateOpened(state: SessionState, context: TransitionContext): Step {
  if (state.status !== 'reconnecting') return stay(state);
  const at = context.now + Math.round(context.random * context.policy.backoff.returnSpreadMs);
  if (state.step === 'waiting') return stay({ ...state, dueAt: Math.min(state.dueAt, at) });
  const inGrace = state.reason === 'network_down' && state.rung === 'grace';
  return inGrace ? stay({ ...state, deadlineAt: Math.min(state.deadlineAt ?? at, at) }) : stay(state);
}

function becomeStable(state: Extract<SessionState, { status: 'connected' }>, context: TransitionContext): Step {
  return {
    state: { ...state, stable: true, attempt: 0, breaker: CLOSED_BREAKER, errorCount: 0 },
    effects: [
      note('session.stable', `${context.sessionId} is stable, counters are reset`, { attempts: state.attempt }),
    ],
  };
}

function onRungDeadline(state: Healing, context: TransitionContext): Step {
  const next = nextRung(state.rung, state.reason);
  if (next !== null) return heal(state, next, state.reason, context);
  if (isNewBrowser(state.rung)) {
    return lose(state, state.stage === 'launching' ? 'init_timeout' : 'ready_timeout', null, context);
  }
  return lose(state, state.reason, `rung ${state.rung} did not help in time`, context);
}

/** The note that a code has come on show, at once or after its time was held back. */
export function qrShown(sessionId: string): Effect {
  return note('session.qr_shown', `${sessionId}: a new QR code is on show`);
}

function onQrDue(state: QrPending, context: TransitionContext): Step {
  const { now, policy, random, sessionId } = context;
  if (now < state.hideAt) {
    return { state: { ...state, qr: releaseQr(state.qr, now, policy.qr.debounceMs) }, effects: [qrShown(sessionId)] };
  }
  const qrRounds = state.qrRounds + 1;
  const hidden = note('session.qr_hidden', `${sessionId}: the QR code was not scanned in time`, { round: qrRounds });
  const next =
    qrRounds >= policy.qr.maxRounds
      ? park(state, 'disconnected', { reason: 'qr_timeout', qrRounds, attempt: 0, lost: null }, context)
      : waitFor(
          uncounted({ ...state, qrRounds }),
          'qr_timeout',
          backoffDelayMs(qrRounds, policy.backoff, random),
          'graceful',
          context,
        );
  return { state: next.state, effects: [hidden, ...next.effects] };
}
