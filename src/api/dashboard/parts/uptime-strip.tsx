import { useMemo } from 'preact/hooks';
import { type UptimeKind, type UptimeSegment, upShare, uptimeOf } from '../../../domain/uptime.js';
import type { SessionView } from '../contract.js';
import { durationWords } from '../model/time-words.js';
import { entryOf, type TimelineItem } from '../model/timeline-item.js';
import { useTime } from '../service/ticker.js';

const DAY_MS = 24 * 60 * 60_000;
const REDRAW_MS = 15_000;
/** Told apart by height as well as by colour; what is down stands out above the rest. */
const SHAPE: Readonly<Record<UptimeKind, { y: number; height: number }>> = {
  up: { y: 10, height: 22 },
  down: { y: 0, height: 32 },
  off: { y: 28, height: 4 },
  unknown: { y: 31, height: 1 },
};
const WORDS = {
  up: 'Connected',
  down: 'Lost, starting, or not served',
  off: 'Stopped, or waiting for a scan',
  unknown: 'Not known',
};

function told({ kind, fromMs, toMs }: UptimeSegment): string {
  const time = (ms: number) => new Date(ms).toLocaleTimeString();
  return `${WORDS[kind]}: ${time(fromMs)} to ${time(toMs)}, ${durationWords(toMs - fromMs)}`;
}

/** The last 24 hours as a strip. */
export function UptimeStrip({ timeline, session }: { timeline: TimelineItem[]; session: SessionView }) {
  const nowMs = useTime((now) => Math.ceil(now / REDRAW_MS) * REDRAW_MS);
  const { status, reason, since } = session;
  const segments = useMemo(
    () =>
      uptimeOf(timeline.map(entryOf), { status, reason, since: Date.parse(since) }, { fromMs: nowMs - DAY_MS, nowMs }),
    [timeline, status, reason, since, nowMs],
  );
  // What is down is drawn last: it is short, and must not lie under what follows it.
  const drawn = segments.toSorted((a, b) => Number(a.kind === 'down') - Number(b.kind === 'down'));
  const share = upShare(segments);
  const losses = segments.filter(({ kind }) => kind === 'down').length;
  const summary =
    share === null
      ? 'It was not to be connected in the last 24 hours.'
      : `Connected ${(Math.floor(share * 1000) / 10).toFixed(1)} % of the time when it should have been; ${losses === 1 ? 'down once' : `down ${losses} times`}.`;
  return (
    <section class="card" aria-labelledby="uptime-title">
      <h2 id="uptime-title">Last 24 hours</h2>
      <svg class="uptime" viewBox="0 0 1440 32" preserveAspectRatio="none" role="img" aria-label={summary}>
        {drawn.map((segment) => {
          const x = ((segment.fromMs - (nowMs - DAY_MS)) / DAY_MS) * 1440;
          // What lasted seconds is still to be seen.
          const width = Math.max(3, ((segment.toMs - segment.fromMs) / DAY_MS) * 1440);
          return (
            <rect key={segment.fromMs} class={segment.kind} x={x} width={width} {...SHAPE[segment.kind]}>
              <title>{told(segment)}</title>
            </rect>
          );
        })}
      </svg>
      <div class="uptime-scale quiet" aria-hidden="true">
        <span>24 h ago</span>
        <span>12 h</span>
        <span>now</span>
      </div>
      <p>{summary}</p>
      <ul class="legend quiet" aria-hidden="true">
        {(['up', 'down', 'off'] as const).map((kind) => (
          <li key={kind} class={kind}>
            {WORDS[kind]}
          </li>
        ))}
      </ul>
    </section>
  );
}
