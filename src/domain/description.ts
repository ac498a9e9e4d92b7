import { REASONS, reasonEntry, type UserAction } from './reason.js';
import type { SessionState } from './session-state.js';

/** What a person must do now; `none` while the software is still at it. */
export function userActionOf(state: SessionState): UserAction {
  if (state.status === 'qr_pending') return 'scan_qr';
  const action = reasonEntry(state.reason).userAction;
  if (state.status === 'error') return action === 'none' ? 'force_reconnect' : action;
  if (state.status === 'disconnected') return action;
  if (state.status === 'suspended' && state.until === null) return 'force_reconnect';
  // The last good copy of the login is being tried first.
  if (state.snapshot.tried && state.linked) return 'none';
  // A QR code that nobody scanned needs a person even while the next one is awaited.
  if (state.status === 'reconnecting' && (state.reason === 'qr_timeout' || state.reason === 'auth_failed'))
    return action;
  return 'none';
}

const seconds = (untilMs: number, now: number) => Math.max(0, Math.ceil((untilMs - now) / 1000));

/** The state in one or two sentences for a person: what happened, what is being done, what comes next. */
export function describeState(state: SessionState, now: number): string {
  const { sentence } = reasonEntry(state.reason);
  switch (state.status) {
    case 'idle':
      return state.wakeAt === null ? sentence : `${sentence} It looks for messages in ${seconds(state.wakeAt, now)} s.`;
    case 'connecting':
      if (state.deadlineAt === null) return `${sentence} It waits for its turn to start.`;
      return state.stage === 'launching' ? REASONS.starting.sentence : 'WhatsApp Web is loaded and is getting ready.';
    case 'qr_pending':
      return `${sentence} Scan the QR code with the phone within ${seconds(state.hideAt, now)} s.`;
    case 'connected':
      return state.healed
        ? `Connected again: ${state.healed.reason} was healed by ${state.healed.rung} in ${Math.round(state.healed.tookMs / 100) / 10} s.`
        : sentence;
    case 'reconnecting':
      if (state.step === 'waiting')
        return `${sentence} Next attempt (${state.attempt + 1}) in ${seconds(state.dueAt, now)} s.`;
      return `${sentence} Being healed now: ${RUNG_WORDS[state.rung]}.`;
    case 'suspended':
      return state.until === null
        ? `${sentence} Too many failures in a row; waiting for a person to force a reconnect.`
        : `${sentence} Too many failures in a row; one more try in ${seconds(state.until, now)} s.`;
    case 'disconnected':
      return sentence;
    case 'error':
      return `${sentence} Gave up${state.attempt > 0 ? ` after ${state.attempt} attempts` : ''}.`;
    default:
      return state satisfies never;
  }
}

const RUNG_WORDS = {
  grace: 'the page is given time to reconnect by itself',
  socket: 'the page was asked to reconnect',
  takeover: 'the login is being taken back in the page',
  reload: 'the page is being loaded again',
  relaunch: 'the browser is being started again',
  snapshot: 'the browser is being started again with the last good copy of the login',
} as const;
