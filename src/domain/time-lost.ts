import type { SessionState } from './session-state.js';

/**
 * The state after a gap in time. What has a deadline keeps the time that it had left, since nobody could look or act;
 * what only waits is not made to wait longer by a stall. A wall clock that was set moves every time with it.
 */
export function afterTimeLost(given: SessionState, stallMs: number, jumpMs: number): SessionState {
  const lost = given.lost && { ...given.lost, at: given.lost.at + jumpMs };
  const state = { ...given, since: given.since + jumpMs, lost } as SessionState;
  const kept = (deadlineAt: number | null) => (deadlineAt === null ? null : deadlineAt + stallMs + jumpMs);
  switch (state.status) {
    case 'connecting':
      return { ...state, deadlineAt: kept(state.deadlineAt) };
    case 'qr_pending': {
      const qr = { ...state.qr, shownAt: state.qr.shownAt + jumpMs };
      return { ...state, qr, hideAt: state.hideAt + stallMs + jumpMs };
    }
    case 'connected':
      return state.stable ? state : { ...state, stableAt: state.stableAt + stallMs + jumpMs };
    case 'reconnecting':
      if (state.step === 'waiting') return { ...state, dueAt: state.dueAt + jumpMs };
      return { ...state, deadlineAt: kept(state.deadlineAt) };
    case 'suspended':
      return { ...state, until: state.until === null ? null : state.until + jumpMs };
    case 'idle':
      return { ...state, wakeAt: state.wakeAt === null ? null : state.wakeAt + jumpMs };
    case 'disconnected':
    case 'error':
      return state;
    default:
      return state satisfies never;
  }
}
