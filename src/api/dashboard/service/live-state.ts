import type { IncidentView, QrView, SessionView } from '../contract.js';
import type { TimelineItem } from '../model/timeline-item.js';

/** What the page knows of the fleet at this moment. */
export interface LiveState {
  connection: 'connecting' | 'live' | 'lost';
  /** Null until the first list has come. */
  sessions: ReadonlyMap<string, SessionView> | null;
  /** Those that are open, oldest first. */
  incidents: readonly IncidentView[];
  /** The last lines of all timelines, oldest first. */
  log: readonly TimelineItem[];
  /** The code on show, by session. */
  qrs: ReadonlyMap<string, QrView>;
}

const LOG_KEPT = 500;

export const NOTHING_YET: LiveState = {
  connection: 'connecting',
  sessions: null,
  incidents: [],
  log: [],
  qrs: new Map(),
};

/** One session is new or changed; its QR code is gone once it is no longer waited for. */
export function withSession(state: LiveState, session: SessionView): LiveState {
  const sessions = new Map(state.sessions ?? []).set(session.id, session);
  if (session.status === 'qr_pending' || !state.qrs.has(session.id)) return { ...state, sessions };
  return { ...state, sessions, qrs: without(state.qrs, session.id) };
}

export function withoutSession(state: LiveState, id: string): LiveState {
  return { ...state, sessions: without(state.sessions ?? new Map(), id), qrs: without(state.qrs, id) };
}

export function withQr(state: LiveState, id: string, qr: QrView): LiveState {
  return { ...state, qrs: new Map(state.qrs).set(id, qr) };
}

export function withLine(state: LiveState, line: TimelineItem): LiveState {
  return { ...state, log: [...state.log, line].slice(-LOG_KEPT) };
}

export function withIncident(state: LiveState, incident: IncidentView): LiveState {
  const others = state.incidents.filter(({ id }) => id !== incident.id);
  return { ...state, incidents: incident.closedAt === null ? [...others, incident] : others };
}

function without<T>(map: ReadonlyMap<string, T>, id: string): Map<string, T> {
  const left = new Map(map);
  left.delete(id);
  return left;
}
