import type { Status } from '../../../domain/session-state.js';
import type { TimelineItem } from './timeline-item.js';

/**
 * `down`: it should have been connected and was not. `off`: nobody wanted it, it waited for a person, or it starts after
 * one of these.
 */
export type UptimeKind = 'up' | 'down' | 'off' | 'unknown';

export interface UptimeSegment {
  kind: UptimeKind;
  fromMs: number;
  toMs: number;
}

/** What a session is from an entry of its timeline on; others change nothing. */
const KIND_AFTER: Readonly<Record<string, UptimeKind | 'starting'>> = {
  'session.created': 'off',
  'session.connected': 'up',
  'session.lost': 'down',
  'session.starting': 'starting',
  'session.recycled': 'down',
  'session.suspended': 'down',
  'session.gave_up': 'down',
  'session.qr_shown': 'off',
  'session.parked': 'off',
  'session.asleep': 'off',
  'session.stopped': 'off',
  'session.logged_out': 'off',
};

function kindOf(status: Status): UptimeKind | 'starting' {
  if (status === 'connected') return 'up';
  if (status === 'connecting') return 'starting';
  return status === 'idle' || status === 'disconnected' || status === 'qr_pending' ? 'off' : 'down';
}

/**
 * How a session fared from `fromMs` to `nowMs`, out of its timeline (oldest first) and what it is now. Before its first
 * entry nothing is known.
 */
export function uptimeOf(
  timeline: readonly TimelineItem[],
  now: { status: Status; since: string },
  span: { fromMs: number; nowMs: number },
): UptimeSegment[] {
  const segments: UptimeSegment[] = [];
  let kind: UptimeKind = 'unknown';
  let since = span.fromMs;
  const turn = (to: UptimeKind | 'starting', at: number) => {
    const wasWanted = kind === 'up' || kind === 'down';
    const next = to === 'starting' ? (wasWanted ? 'down' : 'off') : to;
    const until = Math.min(Math.max(at, span.fromMs), span.nowMs);
    if (next === kind) return;
    if (until > since) segments.push({ kind, fromMs: since, toMs: until });
    since = Math.max(since, until);
    kind = next;
  };
  for (const { event, at } of timeline) {
    const next = KIND_AFTER[event];
    if (next !== undefined) turn(next, Date.parse(at));
  }
  turn(kindOf(now.status), Date.parse(now.since));
  if (span.nowMs > since) segments.push({ kind, fromMs: since, toMs: span.nowMs });
  return segments;
}

/** Which share of the time when it should have been connected it was, 0 to 1; null when there was no such time. */
export function upShare(segments: readonly UptimeSegment[]): number | null {
  const total = (wanted: UptimeKind) =>
    segments.filter(({ kind }) => kind === wanted).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
  const [up, down] = [total('up'), total('down')];
  return up + down === 0 ? null : up / (up + down);
}
