import { park, uncounted } from './attempt.js';
import { note, type Step, stay } from './effect.js';
import type { TransitionContext } from './policy.js';
import { lostNote, restoring, waitFor } from './recovery.js';
import type { SessionState } from './session-state.js';
import { canRestore } from './snapshot-policy.js';

/** The profile is damaged: its last good copy is tried once; without one, a person has to link the number anew. */
export function onCorruptProfile(state: SessionState, detail: string | null, context: TransitionContext): Step {
  if (canRestore(state)) return restoreAtOnce(state, 'profile_corrupt', detail, context);
  const effects = lostNote(state, 'profile_corrupt', detail, context);
  const lost = { linked: false, lost: null, healed: null };
  const parked = park(state, 'disconnected', { reason: 'profile_corrupt', ...lost }, context);
  return { state: parked.state, effects: [...effects, ...parked.effects, { type: 'quarantine' }] };
}

/** Restores the snapshot and launches again, without waiting and without counting: what failed was the profile. */
export function restoreAtOnce(
  state: SessionState,
  reason: 'profile_corrupt' | 'auth_failed',
  detail: string | null,
  context: TransitionContext,
): Step {
  const effects = lostNote(state, reason, detail, context);
  // Also a session that is only starting has lost something: the login that it was started with.
  const lost = state.lost ?? { at: context.now, reason };
  const damaged: SessionState = { ...uncounted(state), lost, errorCount: state.errorCount + 1 };
  const step = restoring(waitFor(damaged, reason, 0, 'kill', context));
  return { state: step.state, effects: [...effects, ...step.effects] };
}

/** The snapshot is in the profile now; what comes up on it was healed by it. */
export function onSnapshotRestored(state: SessionState, context: TransitionContext): Step {
  const { snapshot } = state;
  if (!snapshot.tried || snapshot.restored) return stay(state);
  const words = `${context.sessionId}: the last good login was restored; the damaged one is in quarantine`;
  const restored = { ...state, snapshot: { ...snapshot, restored: true } };
  const relaunching = restored.status === 'reconnecting' && restored.step === 'healing';
  return {
    state: relaunching && restored.rung === 'relaunch' ? { ...restored, rung: 'snapshot' } : restored,
    effects: [note('session.snapshot_restored', words, { reason: state.reason })],
  };
}
