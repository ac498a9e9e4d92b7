import type { Reason } from './reason.js';
import type { Status } from './session-state.js';
import type { TimelineEntry } from './store-ports.js';

/** What of a timeline tells how a session fared. */
export type UptimeEntry = Pick<TimelineEntry, 'at' | 'event' | 'data'>;

/**
 * `down`: it should have been connected and was not. `off`: nobody wanted it, it waited for a person, or it starts after
 * one of these.
 */
export const UPTIME_KINDS = ['up', 'down', 'off', 'unknown'] as const;
export type UptimeKind = (typeof UPTIME_KINDS)[number];

export interface UptimeSegment {
  kind: UptimeKind;
  fromMs: number;
  toMs: number;
}

/** What a session is from an entry of its timeline on; others change nothing. */
const KIND_AFTER: Readonly<Record<string, UptimeKind | 'starting'>> = {
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

/** What the session is; `since` is milliseconds since 1970. */
interface Now {
  status: Status;
  reason: Reason;
  since: number;
}

/** The entries that tell how a session fared. */
export const UPTIME_EVENTS = Object.keys(KIND_AFTER);

function kindOf({ status, reason }: Now): UptimeKind | 'starting' {
  if (status === 'connected') return 'up';
  if (status === 'connecting') return 'starting';
  // Between two QR codes it waits for a person as well.
  if (reason === 'qr_timeout') return 'off';
  return status === 'idle' || status === 'disconnected' || status === 'qr_pending' ? 'off' : 'down';
}

/**
 * How a session fared from `fromMs` to `nowMs`, out of its timeline (oldest first) and what it is now. Before its first
 * entry nothing is known.
 */
export function uptimeOf(
  timeline: readonly UptimeEntry[],
  now: Now,
  span: { fromMs: number; nowMs: number },
): UptimeSegment[] {
  const segments: UptimeSegment[] = [];
  let kind = 'unknown' as UptimeKind;
  let since = span.fromMs;
  const turn = (to: UptimeKind | 'starting', at: number) => {
    const next = to === 'starting' ? (kind === 'up' ? 'down' : kind) : to;
    const until = Math.min(Math.max(at, span.fromMs), span.nowMs);
    if (next === kind) return;
    if (until > since) segments.push({ kind, fromMs: since, toMs: until });
    since = Math.max(since, until);
    kind = next;
  };
  for (const { event, at, data } of timeline) {
    const next = KIND_AFTER[event];
    // The service was not there to note a loss: what it saw last is the last that is known to have been.
    if (next === 'starting' && kind === 'up' && typeof data.lastSeenAt === 'number') turn('down', data.lastSeenAt);
    if (next !== undefined) turn(next, at);
  }
  turn(kindOf(now), now.since);
  if (span.nowMs > since) segments.push({ kind, fromMs: since, toMs: span.nowMs });
  return segments;
}

/** How long it was so in all, milliseconds. */
export function totalMs(segments: readonly UptimeSegment[], wanted: UptimeKind): number {
  return segments.filter(({ kind }) => kind === wanted).reduce((sum, { fromMs, toMs }) => sum + toMs - fromMs, 0);
}

/** Which share of the time when it should have been connected it was, 0 to 1; null when there was no such time. */
export function upShare(segments: readonly UptimeSegment[]): number | null {
  const [up, down] = [totalMs(segments, 'up'), totalMs(segments, 'down')];
  return up + down === 0 ? null : up / (up + down);
}

/** A fault that was healed: when, and how long it took from the loss on. */
export interface Recovery {
  atMs: number;
  tookMs: number;
}

/** Every fault that was healed, out of a timeline (oldest first). */
export function recoveriesOf(timeline: readonly UptimeEntry[]): Recovery[] {
  return timeline.flatMap(({ event, at, data }) => {
    if (event !== 'session.connected' || typeof data.tookMs !== 'number') return [];
    return [{ atMs: at, tookMs: data.tookMs }];
  });
}

/** How fast faults are healed: half of them, and 95 of 100, took at most so many milliseconds; null when there was none. */
export interface TimeToRecover {
  p50: number | null;
  p95: number | null;
  count: number;
}

export function timeToRecover(tookMs: readonly number[]): TimeToRecover {
  const sorted = tookMs.toSorted((a, b) => a - b);
  const within = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? null;
  return { p50: within(0.5), p95: within(0.95), count: sorted.length };
}

const HOUR_MS = 60 * 60_000;

/** How a session fared during the last hours. */
export interface Uptime {
  fromMs: number;
  toMs: number;
  /** One after the other, without a gap. */
  segments: UptimeSegment[];
  timeToRecoverMs: TimeToRecover;
}

/** Out of its timeline (oldest first) and what it is now. */
export function uptimeDuring(hours: number, timeline: readonly UptimeEntry[], now: Now, nowMs: number): Uptime {
  const fromMs = nowMs - hours * HOUR_MS;
  const healed = recoveriesOf(timeline).filter(({ atMs }) => atMs >= fromMs);
  return {
    ...{ fromMs, toMs: nowMs },
    segments: uptimeOf(timeline, now, { fromMs, nowMs }),
    timeToRecoverMs: timeToRecover(healed.map(({ tookMs }) => tookMs)),
  };
}
