import { endOfWait, NO_WAIT } from './wait.js';

/** How fast one number may send. */
export interface Pacing {
  /** Most messages in any minute, null without limit. */
  perMinute: number | null;
  /** Least time between two messages. */
  minGapMs: number;
  /** Up to so much is added to every gap, by chance. */
  jitterMs: number;
}

/** What was handed over lately. */
export interface PaceRecord {
  /** Times of the handovers of the last minute, oldest first. */
  readonly recent: readonly number[];
  readonly lastAt: number | null;
  /** The gap that was drawn for the next one. */
  readonly gapMs: number;
}

export const NOTHING_SENT: PaceRecord = { recent: [], lastAt: null, gapMs: 0 };

const MINUTE_MS = 60_000;

/** When the next message may be handed over; 0 when nothing holds it. */
export function nextSendAt({ recent, lastAt, gapMs }: PaceRecord, { perMinute }: Pacing, now: number): number {
  const gap = lastAt === null ? NO_WAIT : { since: lastAt, until: lastAt + gapMs };
  const oldest = perMinute === null ? undefined : recent.filter((at) => at <= now).at(-perMinute);
  const minute = oldest === undefined ? NO_WAIT : { since: oldest, until: oldest + MINUTE_MS };
  return Math.max(endOfWait(gap, now), endOfWait(minute, now));
}

/** The record after one more handover; `random` in [0, 1). */
export function afterSend({ recent }: PaceRecord, pacing: Pacing, now: number, random: number): PaceRecord {
  return {
    recent: pacing.perMinute === null ? [] : [...recent.filter((at) => at <= now && now - at < MINUTE_MS), now],
    lastAt: now,
    gapMs: pacing.minGapMs + Math.round(random * pacing.jitterMs),
  };
}
