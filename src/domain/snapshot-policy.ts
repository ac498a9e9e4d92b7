import type { Policy } from './policy.js';
import type { Reason } from './reason.js';
import { isNewBrowser, type SessionState } from './session-state.js';
import type { SnapshotRecord } from './snapshot-record.js';

/** How a launch ends on a profile that is damaged where nobody sees it. */
const SIGNS: readonly Reason[] = ['init_timeout', 'ready_timeout', 'launch_failed', 'browser_crashed'];

/** The record after a fault that was not of the network; faults of a session that was up say nothing of its profile. */
export function snapshotAfterFailure(state: SessionState, reason: Reason): SnapshotRecord {
  const launching =
    state.status === 'connecting' ||
    (state.status === 'reconnecting' && state.step === 'healing' && isNewBrowser(state.rung));
  if (!launching) return state.snapshot;
  return { ...state.snapshot, failures: SIGNS.includes(reason) ? state.snapshot.failures + 1 : 0 };
}

/** There is a login to save and something to save it with. */
export function canRestore({ linked, snapshot }: SessionState): boolean {
  return linked && snapshot.held && !snapshot.tried;
}

/** So many launches failed that the profile is suspected. */
export function isRestoreDue(state: SessionState, policy: Policy): boolean {
  return canRestore(state) && state.snapshot.failures >= policy.credentials.restoreAfterFailures;
}
