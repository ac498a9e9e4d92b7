import type { TimelineItem } from './timeline-item.js';

/** A fault that was healed: when, and how long it took from the loss on. */
export interface Recovery {
  atMs: number;
  tookMs: number;
}

/** Every fault that was healed, out of a timeline (oldest first). */
export function recoveriesOf(timeline: readonly TimelineItem[]): Recovery[] {
  return timeline.flatMap(({ event, at, data }) => {
    if (event !== 'session.connected' || typeof data.tookMs !== 'number') return [];
    return [{ atMs: Date.parse(at), tookMs: data.tookMs }];
  });
}

/** The one in the middle, milliseconds; null when there is none. */
export function medianMs(recoveries: readonly Recovery[]): number | null {
  const sorted = recoveries.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
