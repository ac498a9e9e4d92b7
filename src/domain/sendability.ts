import { reasonEntry } from './reason.js';
import type { SessionState } from './session-state.js';

/**
 * Whether a message is taken for a session in this state. What comes back by itself takes it, and `wakes` says that a
 * message brings the next try forward; what waits for a person refuses, so that nobody waits in vain.
 */
export type Sendability =
  | { readonly takes: true; readonly wakes: boolean }
  | { readonly takes: false; readonly code: 'not_connected' | 'not_linked' };

const TAKES: Sendability = { takes: true, wakes: false };
const WAKES: Sendability = { takes: true, wakes: true };
const NOT_CONNECTED: Sendability = { takes: false, code: 'not_connected' };
const NOT_LINKED: Sendability = { takes: false, code: 'not_linked' };

export function sendabilityOf(state: SessionState): Sendability {
  switch (state.status) {
    case 'connected':
    // Whether it has a login is known only when the page is there.
    case 'connecting':
      return TAKES;
    case 'qr_pending':
      return NOT_LINKED;
    case 'idle':
      return state.linked ? WAKES : NOT_LINKED;
    case 'reconnecting':
      if (!state.linked) return NOT_LINKED;
      return state.step === 'waiting' ? WAKES : TAKES;
    case 'suspended':
      if (!state.linked) return NOT_LINKED;
      return state.until === null ? NOT_CONNECTED : WAKES;
    case 'disconnected':
      return state.linked ? NOT_CONNECTED : NOT_LINKED;
    case 'error':
      return sendabilityAfterGivingUp(state);
    default:
      return state satisfies never;
  }
}

/** A ban, a login that is used elsewhere and the like: nothing that is tried here would help. */
function sendabilityAfterGivingUp({ reason, linked }: SessionState): Sendability {
  if (!linked || reasonEntry(reason).userAction === 'scan_qr') return NOT_LINKED;
  return ['banned', 'proxy_blocked', 'conflict'].includes(reason) ? NOT_CONNECTED : WAKES;
}
