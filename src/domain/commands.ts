import { beginStart, closing, closingToReturn, commonOf, enter, FRESH_COUNTERS, park } from './attempt.js';
import { TRUSTED_CREDENTIALS } from './credential-policy.js';
import { type Effect, note, type Step, stay } from './effect.js';
import { engineAnew } from './engine-choice.js';
import { USUAL_ENGINE } from './engine-record.js';
import type { TransitionContext } from './policy.js';
import { REASONS } from './reason.js';
import type { SessionCommand } from './session-event.js';
import { ownsBrowser, type SessionState } from './session-state.js';
import { sleepsOn } from './sleep.js';

/** What an operator asked for. */
export function onCommand(state: SessionState, command: SessionCommand, context: TransitionContext): Step {
  switch (command.type) {
    case 'start':
      return start(state, context);
    case 'restore':
      return restore(state, command, context);
    case 'stop':
      return stop(state, command.force, context);
    case 'force-reconnect':
      return beginStart({ ...state, errorCount: 0, engine: engineAnew(state.engine) }, 'forced', context);
    case 'logout':
      return logout(state, context);
    default:
      return command satisfies never;
  }
}

function start(state: SessionState, context: TransitionContext): Step {
  const resting = state.status === 'idle' || state.status === 'disconnected' || state.status === 'error';
  return resting ? beginStart(state, 'starting', context) : stay({ ...state, desired: 'running' });
}

/** After a start of the service no browser is left, whatever the stored status says. */
function restore(
  state: SessionState,
  { hasProfile, lastSeenAt }: Extract<SessionCommand, { type: 'restore' }>,
  context: TransitionContext,
): Step {
  const { now } = context;
  if (state.desired === 'stopped') {
    const resting = state.status === 'idle' || state.status === 'disconnected' || state.status === 'error';
    if (resting) return stay(state);
    return stay(enter(state, { status: 'disconnected' }, { reason: 'stopped_by_operator' }, now));
  }
  if (state.status === 'disconnected') return stay(state);
  const bare = { ...commonOf(state), status: 'idle', wakeAt: null } as const;
  // A QR code without a person in front of it only burns a browser: it is shown when somebody connects the session.
  if (!state.linked || !hasProfile) {
    return park(bare, 'disconnected', { reason: 'not_linked', linked: false, lost: null, healed: null }, context);
  }
  const sleeping = sleepsOn(state, context);
  return sleeping === null ? beginStart(bare, 'starting', context, lastSeenAt ?? state.since) : stay(sleeping);
}

function stop(state: SessionState, force: boolean, context: TransitionContext): Step {
  const effects: Effect[] = force ? closing(state, 'graceful') : closingToReturn(state, 'graceful');
  // Why it is down matters more than that it was also stopped: "scan the QR code" must stay visible.
  const reason = state.status === 'disconnected' && !force ? state.reason : 'stopped_by_operator';
  if (state.status !== 'disconnected' || force) {
    effects.push(note('session.stopped', `${context.sessionId}: ${REASONS.stopped_by_operator.sentence}`, { force }));
  }
  const discarded = force
    ? { linked: false, credentials: TRUSTED_CREDENTIALS, errorCount: 0, engine: USUAL_ENGINE }
    : {};
  if (force) effects.push({ type: 'quarantine' });
  return {
    state: enter(
      state,
      { status: 'disconnected' },
      { ...FRESH_COUNTERS, ...discarded, reason, desired: 'stopped' },
      context.now,
    ),
    effects,
  };
}

function logout(state: SessionState, context: TransitionContext): Step {
  if (!ownsBrowser(state)) return stay(state);
  const parked = park(
    state,
    'disconnected',
    { ...FRESH_COUNTERS, reason: 'logged_out', desired: 'stopped', linked: false },
    context,
  );
  return {
    state: parked.state,
    effects: [{ type: 'logout', epoch: state.epoch }, ...parked.effects, { type: 'discard-snapshot' }],
  };
}
