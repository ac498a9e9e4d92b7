import { type Effect, note } from './effect.js';
import type { EngineRecord } from './engine-record.js';
import type { TransitionContext } from './policy.js';
import type { Reason } from './reason.js';
import { isNewBrowser, type SessionState } from './session-state.js';

interface EngineStep {
  engine: EngineRecord;
  effects: Effect[];
}

/** How a launch ends on a page that turns its browser away. */
const SIGNS: readonly Reason[] = ['init_timeout', 'ready_timeout'];

/** After a launch that failed for another reason than the network. Faults of a session that was up say nothing. */
export function engineAfterFailure(state: SessionState, reason: Reason, context: TransitionContext): EngineStep {
  const { engine } = state;
  const isLaunching =
    state.status === 'connecting' ||
    (state.status === 'reconnecting' && state.step === 'healing' && isNewBrowser(state.rung));
  if (!isLaunching || engine.choice === 'pinned') return { engine, effects: [] };
  const { sessionId, policy } = context;
  if (engine.choice === 'trial') {
    const words = `${sessionId}: full Chromium fails like the headless shell, which is used again`;
    return {
      engine: { ...engine, choice: 'usual', failures: 0, tried: true },
      effects: [note('session.engine_returned', words, { reason })],
    };
  }
  if (engine.used !== 'headless-shell') return { engine, effects: [] };
  const failures = SIGNS.includes(reason) ? engine.failures + 1 : 0;
  const limit = policy.browser.otherEngineAfterFailures;
  if (limit === null || failures < limit || !engine.hasOther || engine.tried) {
    return { engine: { ...engine, failures }, effects: [] };
  }
  const words = `${sessionId}: ${failures} launches of the headless shell failed, full Chromium is tried once`;
  return {
    engine: { ...engine, choice: 'trial', failures: 0 },
    effects: [note('session.engine_tried', words, { failures, reason })],
  };
}

/** The page shows a QR code or is ready: its browser is good enough, and one that was on trial is kept. */
export function engineAfterSuccess({ engine }: SessionState, { sessionId }: TransitionContext): EngineStep {
  const calm = { ...engine, failures: 0, tried: false };
  if (engine.choice !== 'trial') return { engine: calm, effects: [] };
  const words = `${sessionId}: full Chromium works where the headless shell did not, and is used from now on`;
  return { engine: { ...calm, choice: 'pinned' }, effects: [note('session.engine_pinned', words)] };
}

/** What failed so far says nothing any more: another page is loaded, or a person asked for a fresh start. */
export function engineAnew(engine: EngineRecord): EngineRecord {
  return { ...engine, choice: engine.choice === 'pinned' ? 'pinned' : 'usual', failures: 0, tried: false };
}
