import type { LogEvent } from './log-event.js';
import type { SessionState } from './session-state.js';

/** What the shell does after a transition, in this order, one after the other in the session's lane. */
export type Effect =
  | { type: 'launch'; epoch: number }
  | { type: 'close'; mode: 'graceful' | 'kill' }
  | { type: 'reconnect-socket'; epoch: number }
  | { type: 'take-over'; epoch: number }
  /** Asks from within the page whether WhatsApp can be reached; the answer comes as `network-checked`. */
  | { type: 'check-network'; epoch: number }
  | { type: 'reload'; epoch: number }
  | { type: 'logout'; epoch: number }
  | { type: 'quarantine' }
  /** Keeps the login of the profile, which works, for the day when it is damaged. */
  | { type: 'snapshot' }
  /** Puts the kept login into the profile; `snapshot-restored` comes when that was done. */
  | { type: 'restore-snapshot' }
  | { type: 'discard-snapshot' }
  /** A line for timeline and log: what happened, why, and what comes next. */
  | {
      type: 'note';
      event: LogEvent;
      message: string;
      data: Readonly<Record<string, string | number | boolean | null>>;
    };

/** Result of a transition. */
export interface Step {
  state: SessionState;
  effects: Effect[];
}

/** A step that changes nothing. */
export function stay(state: SessionState): Step {
  return { state, effects: [] };
}

/** Shorthand for the note effect. */
export function note(
  event: LogEvent,
  message: string,
  data: Readonly<Record<string, string | number | boolean | null>> = {},
): Effect {
  return { type: 'note', event, message, data };
}
