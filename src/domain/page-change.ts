import { beginAttempt, beginStart } from './attempt.js';
import { CLOSED_BREAKER } from './circuit-breaker.js';
import { type Step, stay } from './effect.js';
import { engineAnew } from './engine-choice.js';
import type { TransitionContext } from './policy.js';
import type { Reason } from './reason.js';
import { isNewBrowser, type SessionState } from './session-state.js';

const NOT_LOADED: readonly Reason[] = ['init_timeout', 'ready_timeout'];

/** The session fails to load WhatsApp Web, or is loading it right now. */
export function needsThePage(state: SessionState): boolean {
  switch (state.status) {
    case 'connecting':
      // One that still waits for its turn will load the right page anyway.
      return state.deadlineAt !== null;
    case 'reconnecting':
      if (state.step === 'waiting') return NOT_LOADED.includes(state.reason);
      if (isNewBrowser(state.rung)) return state.deadlineAt !== null;
      return state.rung === 'reload' || state.reason === 'page_reloaded';
    case 'suspended':
      return NOT_LOADED.includes(state.reason);
    case 'error':
      return NOT_LOADED.includes(state.reason) || state.reason === 'outdated';
    case 'idle':
    case 'qr_pending':
    case 'connected':
    case 'disconnected':
      return false;
    default:
      return state satisfies never;
  }
}

/**
 * Another page of WhatsApp Web is loaded from now on: whoever failed on the last one begins anew at once. What failed
 * was the page, so that nothing of it counts.
 */
export function onPageChanged(state: SessionState, context: TransitionContext): Step {
  if (state.desired !== 'running' || context.gateClosed || !needsThePage(state)) return stay(state);
  if (state.status === 'connecting')
    return beginStart({ ...state, engine: engineAnew(state.engine) }, state.reason, context);
  const blameless = {
    ...state,
    attempt: 0,
    breaker: CLOSED_BREAKER,
    snapshot: { ...state.snapshot, failures: 0 },
    engine: engineAnew(state.engine),
  };
  return beginAttempt(blameless, context);
}
