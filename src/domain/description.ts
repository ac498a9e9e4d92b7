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
      return state.healed ? healedWords(state.healed) : sentence;
    case 'reconnecting':
      if (state.step === 'waiting')
        return `${sentence} Next attempt (${state.attempt + 1}) in ${seconds(state.dueAt, now)} s.`;
      return `${sentence} Being healed now: ${RUNG_WORDS[state.rung].now}.`;
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

function healedWords({ reason, rung, tookMs }: NonNullable<SessionState['healed']>): string {
  const tookSeconds = Math.round(tookMs / 100) / 10;
  return `Connected again after ${tookSeconds} s. ${REASONS[reason].sentence} What helped: ${RUNG_WORDS[rung].helped}.`;
}

const RUNG_WORDS = {
  grace: { now: 'the page is given time to reconnect by itself', helped: 'time to reconnect by itself' },
  socket: { now: 'the page was asked to reconnect', helped: 'the page was asked to reconnect' },
  takeover: { now: 'the login is being taken back in the page', helped: 'the login was taken back in the page' },
  reload: { now: 'the page is being loaded again', helped: 'the page was loaded again' },
  relaunch: { now: 'the browser is being started again', helped: 'the browser was started again' },
  snapshot: {
    now: 'the browser is being started again with the last good copy of the login',
    helped: 'the browser was started again with the last good copy of the login',
  },
} as const;
