import { userActionOf } from './description.js';
import type { Gauges, Sample } from './metric.js';
import type { SessionState } from './session-state.js';
import { isAsleep } from './sleep.js';

/** What the gauges of a session are made of; times are milliseconds since 1970. */
export interface SessionFigures {
  id: string;
  state: SessionState;
  lastActivityAt: number | null;
  /** Null while no browser runs. */
  memoryBytes: number | null;
}

type SessionGauges = Pick<
  Gauges,
  | 'wakeful_sessions'
  | 'wakeful_session_up'
  | 'wakeful_session_wanted'
  | 'wakeful_session_needs_person'
  | 'wakeful_session_breaker_open'
  | 'wakeful_session_idle_seconds'
  | 'wakeful_browser_memory_bytes'
>;

/** The gauges that tell of the sessions as they are now. */
export function sessionGauges(sessions: readonly SessionFigures[], now: number): SessionGauges {
  type PerSession = Sample<'wakeful_session_up'>;
  const each = (figureOf: (session: SessionFigures) => number | boolean | null): PerSession[] =>
    sessions.flatMap((session) => {
      const value = figureOf(session);
      return value === null ? [] : [{ labels: { session: session.id }, value: Number(value) }];
    });
  return {
    wakeful_sessions: byStatusAndReason(sessions),
    wakeful_session_up: each(({ state }) => state.status === 'connected'),
    // Who sleeps is where it should be.
    wakeful_session_wanted: each(({ state }) => state.desired === 'running' && !isAsleep(state)),
    wakeful_session_needs_person: each(({ state }) => userActionOf(state) !== 'none'),
    wakeful_session_breaker_open: each(({ state }) => state.breaker.state === 'open'),
    wakeful_session_idle_seconds: each(({ lastActivityAt: at }) => at && Math.max(0, now - at) / 1_000),
    wakeful_browser_memory_bytes: each(({ memoryBytes }) => memoryBytes),
  };
}

function byStatusAndReason(sessions: readonly SessionFigures[]): Sample<'wakeful_sessions'>[] {
  const samples = new Map<string, Sample<'wakeful_sessions'>>();
  for (const { state } of sessions) {
    const { status, reason } = state;
    const key = `${status} ${reason}`;
    samples.set(key, { labels: { status, reason }, value: (samples.get(key)?.value ?? 0) + 1 });
  }
  return [...samples.values()];
}
