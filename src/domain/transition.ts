import { beginAttempt, beginStart, commonOf, enter } from './attempt.js';
import { onCommand } from './commands.js';
import { onGateOpened, onWake, qrShown } from './due.js';
import { type Effect, note, type Step, stay } from './effect.js';
import { engineAfterSuccess } from './engine-choice.js';
import type { ProbeVerdict } from './health.js';
import { onPageChanged } from './page-change.js';
import type { TransitionContext } from './policy.js';
import { admitQr } from './qr-gate.js';
import { type Reason, reasonEntry } from './reason.js';
import { awaitsSocket, countCredentialFailure, heal, IN_PAGE, loggedOut, lose, onConflict } from './recovery.js';
import { onRecycle } from './recycling.js';
import type { SessionEvent, SocketState } from './session-event.js';
import { isNewBrowser, ownsBrowser, type SessionState } from './session-state.js';
import { isAsleep, onSleep } from './sleep.js';
import { canRestore } from './snapshot-policy.js';
import { onCorruptProfile, onSnapshotRestored, restoreAtOnce } from './snapshot-recovery.js';
import { afterTimeLost } from './time-lost.js';
import { onWanted } from './wanted.js';

/**
 * A launch that takes too long ends by itself, with the reason of it. On top of `launchMs` come what is cleaned up before
 * (some 10 s), asking the page (9 s) and a polite close (15 s): only then nobody waits for it any more.
 */
const EXPLAIN_MS = 45_000;

/**
 * The only place where the status of a session changes. Pure: the same state, event and context give the same step.
 * Events of a launch that is no longer the present one change nothing.
 */
export function transition(state: SessionState, event: SessionEvent, context: TransitionContext): Step {
  if ('epoch' in event && (event.epoch !== state.epoch || !ownsBrowser(state))) return stay(state);
  switch (event.type) {
    case 'start':
    case 'restore':
    case 'stop':
    case 'force-reconnect':
    case 'logout':
      return onCommand(state, event, context);
    case 'code-given':
      if (state.status !== 'qr_pending') return stay(state);
      return stay({ ...state, hideAt: context.now + context.policy.qr.timeoutMs });
    case 'network-checked':
      return onNetworkChecked(state, event.reachable, context);
    case 'gate-opened':
      return onGateOpened(state, context);
    case 'page-changed':
      return onPageChanged(state, context);
    case 'time-lost':
      return stay(afterTimeLost(state, event.stallMs, event.jumpMs));
    case 'wanted':
      return onWanted(state, context);
    case 'wake':
      return onWake(state, context);
    case 'monitor':
      return onMonitor(state, context);
    case 'admitted':
      return stay(
        withDeadline(
          holding(state, event.hasSnapshot),
          'launching',
          context.now + context.policy.deadlines.launchMs + EXPLAIN_MS,
        ),
      );
    case 'snapshot-restored':
      return onSnapshotRestored(state, context);
    case 'launched':
      return stay({ ...state, engine: { ...state.engine, used: event.engine, hasOther: event.hasOther } });
    case 'synced':
      return stay(state);
    case 'injected':
    case 'authenticated':
    case 'progress':
      // An accepted login takes the code off show, also when the page never said that its socket is up.
      if (event.type === 'authenticated' && state.status === 'qr_pending') return scanned(state, context);
      return stay(withDeadline(state, 'syncing', context.now + context.policy.deadlines.readyMs));
    case 'qr':
      return onQr(state, event.text, context);
    case 'ready':
      return onReady(state, context);
    case 'socket-state':
      return onSocketState(state, event.socketState, context);
    case 'probed':
      return onProbed(state, event.verdict, context);
    case 'silent':
      return onSilence(state, event.silences, context);
    case 'stale':
      return state.status === 'connected' ? lose(state, 'stale', null, context) : stay(state);
    case 'navigated':
      return onNavigated(state, context);
    case 'page-crashed':
      return state.status === 'connected'
        ? heal(state, 'reload', 'page_crashed', context)
        : lose(state, 'page_crashed', null, context);
    case 'browser-exited':
      return lose(state, 'browser_crashed', null, context);
    case 'logged-out':
      return loggedOut(state, 'logged_out', context);
    case 'auth-failed':
      return loggedOut(state, 'auth_failed', context);
    case 'sleep':
      return onSleep(state, context);
    case 'recycle':
      return onRecycle(state, event, context);
    case 'failed':
      return onFailed(state, event.reason, event.detail, context);
    default:
      return event satisfies never;
  }
}

function holding(state: SessionState, hasSnapshot: boolean | undefined): SessionState {
  return { ...state, snapshot: { ...state.snapshot, held: hasSnapshot ?? state.snapshot.held } };
}

/** Moves the deadline of a launch or reload that makes progress; the other statuses have none to move. */
function withDeadline(state: SessionState, stage: 'launching' | 'syncing', deadlineAt: number): SessionState {
  if (state.status === 'connecting') return { ...state, stage, deadlineAt };
  const loading = state.status === 'reconnecting' && state.step === 'healing' && !IN_PAGE.includes(state.rung);
  return loading ? { ...state, stage, deadlineAt } : state;
}

function onReady(state: SessionState, context: TransitionContext): Step {
  const { now, policy, sessionId } = context;
  if (state.status === 'connected') return stay(state);
  const newBrowser = state.snapshot.restored ? 'snapshot' : 'relaunch';
  const rung = state.status === 'reconnecting' && state.step === 'healing' ? state.rung : newBrowser;
  const healed = state.lost === null ? null : { reason: state.lost.reason, rung, tookMs: now - state.lost.at };
  const words = healed
    ? `WhatsApp Connected: ${sessionId} (back after ${healed.tookMs} ms; ${healed.reason}, healed by ${rung})`
    : `WhatsApp Connected: ${sessionId}`;
  const { engine, effects } = engineAfterSuccess(state, context);
  return {
    state: enter(
      state,
      { status: 'connected', stableAt: now + policy.health.stableAfterMs, stable: false },
      {
        reason: 'ready',
        linked: true,
        snapshot: { ...state.snapshot, failures: 0, tried: false, restored: false },
        engine,
        qrRounds: 0,
        credentials: { ...state.credentials, failures: 0 },
        lost: null,
        healed,
      },
      now,
    ),
    effects: [...effects, note('session.connected', words, healed ? { ...healed } : {})],
  };
}

function onQr(state: SessionState, text: string, context: TransitionContext): Step {
  const { now, policy, sessionId } = context;
  if (state.status === 'qr_pending') {
    const qr = admitQr(state.qr, text, now, policy.qr.debounceMs);
    return { state: { ...state, qr }, effects: qr.text === state.qr.text ? [] : [qrShown(sessionId)] };
  }
  // A connected page that shows a QR code has been unlinked; the page says so itself, in an event of its own.
  if (state.status === 'connected') return stay(state);
  // Nobody unlinked it: the login was lost here, and may be kept here.
  if (canRestore(state)) return restoreAtOnce(state, 'auth_failed', 'a QR code instead of the login', context);
  const judged = engineAfterSuccess(state, context);
  const hadLogin = state.linked;
  // The page asks for a new login, so the old one is gone already: nothing to discard under a running browser.
  const { counted, effects } = hadLogin
    ? countCredentialFailure(state, context, true)
    : { counted: state, effects: [] as Effect[] };
  return {
    state: enter(
      counted,
      { status: 'qr_pending', qr: admitQr(null, text, now, policy.qr.debounceMs), hideAt: now + policy.qr.timeoutMs },
      { reason: hadLogin ? 'auth_failed' : 'waiting_for_scan', lost: null, engine: judged.engine },
      now,
    ),
    effects: [...judged.effects, ...effects, qrShown(sessionId)],
  };
}

function onSocketState(state: SessionState, socketState: SocketState, context: TransitionContext): Step {
  if (state.status === 'qr_pending') return socketState === 'CONNECTED' ? scanned(state, context) : stay(state);
  if (state.status === 'connected') {
    if (socketState === 'CONNECTED') return stay(state);
    if (socketState === 'CONFLICT') return onConflict(state, context);
    return heal(state, 'grace', 'socket_lost', context);
  }
  if (!awaitsSocket(state)) return stay(state);
  if (socketState === 'CONFLICT') return state.reason === 'conflict' ? stay(state) : onConflict(state, context);
  return socketState === 'CONNECTED' ? onReady(state, context) : stay(state);
}

/** The QR code was scanned: from here the page syncs, and nobody must be asked to scan again. */
function scanned(state: SessionState, context: TransitionContext): Step {
  const deadlineAt = context.now + context.policy.deadlines.readyMs;
  return stay(
    enter(state, { status: 'connecting', stage: 'syncing', deadlineAt }, { reason: 'starting' }, context.now),
  );
}

function onProbed(state: SessionState, verdict: ProbeVerdict, context: TransitionContext): Step {
  const mending = state.status === 'reconnecting' && state.step === 'healing' && !isNewBrowser(state.rung);
  if (state.status !== 'connected' && !mending) return stay(state);
  switch (verdict) {
    case 'unknown':
      return stay(state);
    case 'healthy':
      // A socket that is back needs no new `ready`; a page that was loaded anew does.
      return awaitsSocket(state) ? onReady(state, context) : stay(state);
    case 'browser_hung':
      return lose(state, 'browser_hung', null, context);
    case 'page_hung':
      return mending && state.rung === 'reload' ? stay(state) : heal(state, 'reload', 'page_hung', context);
    case 'socket_lost':
      return mending ? stay(state) : heal(state, 'grace', 'socket_lost', context);
    case 'not_injected':
      return mending ? stay(state) : heal(state, 'grace', 'page_reloaded', context);
    default:
      return verdict satisfies never;
  }
}

/** The page believes in a socket that carries nothing: it is made to open a new one, and if that did not help, to load anew. */
function onSilence(state: SessionState, silences: number, context: TransitionContext): Step {
  if (state.status !== 'connected') return stay(state);
  if (silences <= 1) return heal(state, 'socket', 'socket_lost', context);
  return silences === 2 ? heal(state, 'reload', 'socket_lost', context) : lose(state, 'socket_lost', null, context);
}

/** WhatsApp Web reloads itself now and then (a while after linking, for one): it gets time, not violence. */
function onNavigated(state: SessionState, context: TransitionContext): Step {
  if (state.status === 'connected') return heal(state, 'grace', 'page_reloaded', context);
  return awaitsSocket(state) ? heal(state, 'grace', 'page_reloaded', context) : stay(state);
}

/** The page tells whether it reaches WhatsApp at all: while it does not, a new page or browser would not either. */
function onNetworkChecked(state: SessionState, reachable: boolean, context: TransitionContext): Step {
  if (reachable || !awaitsSocket(state)) return stay(state);
  return heal(state, 'grace', 'network_down', context);
}

function onFailed(state: SessionState, reason: Reason, detail: string, context: TransitionContext): Step {
  // The rungs in the running browser have their own next step; only a launch that failed is an attempt that failed.
  if (reasonEntry(reason).kind !== 'final' && state.status === 'connected') return stay(state);
  if (reason === 'profile_corrupt') return onCorruptProfile(state, detail, context);
  return lose(state, reason, detail, context);
}

/** Causes that a person mends without telling us: worth a quiet look now and then. */
const MENDED_OUTSIDE: readonly Reason[] = ['disk_full', 'profile_in_use', 'browser_missing', 'outdated'];

/** The net under everything: whatever should run and has nothing due gets an attempt. */
function onMonitor(state: SessionState, context: TransitionContext): Step {
  if (state.desired !== 'running') return stay(state);
  if (state.status === 'idle' && !isAsleep(state)) return beginStart(state, 'starting', context);
  if (state.status === 'error' && MENDED_OUTSIDE.includes(state.reason)) {
    if (context.now - state.since < context.policy.backoff.maxDelayMs) return stay(state);
    return beginAttempt({ ...commonOf(state), attempt: 0, status: 'idle', wakeAt: null }, context);
  }
  return onWake(state, context);
}
