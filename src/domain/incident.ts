import { userActionOf } from './description.js';
import type { Reason } from './reason.js';
import type { SessionState } from './session-state.js';

/** `outage` is what several sessions suffer for the same reason while nobody knows of a cause behind it. */
export const INCIDENT_KINDS = ['network_down', 'web_version', 'outage'] as const;
export type IncidentKind = (typeof INCIDENT_KINDS)[number];
/** The kinds whose cause somebody knows and reports. */
export type KnownKind = Exclude<IncidentKind, 'outage'>;

/** One trouble of many sessions, told once. Times are milliseconds since 1970. */
export interface Incident {
  readonly id: string;
  readonly kind: IncidentKind;
  /** Tells those of a kind apart: the way out, the version, the reason. Of each only one is open; not for people. */
  readonly key: string;
  readonly reason: Reason;
  readonly openedAt: number;
  readonly closedAt: number | null;
  /** Everybody who was ever affected, in order of joining. */
  readonly sessionIds: readonly string[];
  /** What happened, for a person; once it is closed also how long it lasted and what became of the sessions. */
  readonly message: string;
}

/** `joined`: more sessions, or the cause of it is known by now. One that was closed may be opened again. */
export type IncidentChange = 'opened' | 'joined' | 'closed';

/** What is told of an incident when it is opened. No secret may be in it: a proxy's address can hold one. */
export interface IncidentOpening {
  readonly key: string;
  readonly reason: Reason;
  readonly message: string;
  readonly sessionIds: readonly string[];
}

/** Where those who know a cause that many sessions share report it. Everything may be said twice; nothing throws. */
export interface IncidentDesk {
  /**
   * Opens the incident, or joins the sessions to the one that is open. Whoever opened or joined it closes it. One that an
   * earlier run of the service left open, and of which nobody speaks any more, ends when one of its sessions is connected.
   */
  open(kind: KnownKind, opening: IncidentOpening): void;
  /** Joins sessions, or nobody, to an open one; without one nothing happens. */
  join(kind: KnownKind, key: string, sessionIds: readonly string[]): void;
  /** `words`: one sentence on how it ended. */
  close(kind: KnownKind, key: string, words: string): void;
}

/** Where a session stands in an incident: `at_rest` was stopped or removed, and nobody waits for it. */
export type Standing = 'back' | 'out' | 'needs_person' | 'at_rest';

/** The standing of a session in this state; of one that was removed without a state. */
export function standingOf(state: SessionState | undefined): Standing {
  if (state === undefined) return 'at_rest';
  if (state.status === 'connected') return 'back';
  if (userActionOf(state) !== 'none') return 'needs_person';
  return state.status === 'idle' || state.status === 'disconnected' ? 'at_rest' : 'out';
}

/** Why this step lost a session that was connected; null when it did not, or when somebody wanted it so. */
export function lossOf(before: SessionState, after: SessionState): Reason | null {
  if (before.status !== 'connected' || after.status === 'connected') return null;
  return after.lost?.reason ?? null;
}

/** The names of some sessions for a sentence: all of 10, of more the first. */
function named(sessionIds: readonly string[]): string {
  const more = sessionIds.length - 10;
  return more > 0 ? `${sessionIds.slice(0, 10).join(', ')} and ${more} more` : sessionIds.join(', ');
}

function duration(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 100) / 10} s`;
  return ms < 2 * 60 * 60_000 ? `${Math.round(ms / 60_000)} min` : `${Math.round(ms / (60 * 60_000))} h`;
}

/** How an incident ended: how long it lasted, who is back, and who is not. */
export function describeEnd(
  { openedAt, sessionIds }: Incident,
  now: number,
  standing: (sessionId: string) => Standing,
): string {
  const lasted = `It lasted ${duration(Math.max(0, now - openedAt))}`;
  const those = (wanted: Standing) => sessionIds.filter((id) => standing(id) === wanted);
  const back = those('back').length;
  if (back === sessionIds.length) return `${lasted}; all are back.`;
  const rest = [
    [those('needs_person'), 'waits for a person', 'wait for a person'],
    [those('out'), 'is on its way', 'are on their way'],
    [those('at_rest'), 'was stopped or removed', 'were stopped or removed'],
  ] as const;
  const groups = rest.flatMap(([ids, one, many]) =>
    ids.length === 0 ? [] : [`${ids.length} ${ids.length === 1 ? one : many}: ${named(ids)}`],
  );
  const share = `${back} of ${sessionIds.length} ${back === 1 ? 'is' : 'are'} back`;
  return `${[`${lasted}; ${share}`, ...groups].join('; ')}.`;
}
