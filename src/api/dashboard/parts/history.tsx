import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import type { SessionView } from '../contract.js';
import { recoveriesOf } from '../model/recoveries.js';
import { RecoveryChart } from './recovery-chart.js';
import { Timeline } from './timeline.js';
import { UptimeStrip } from './uptime-strip.js';
import { useTimeline } from './use-timeline.js';

/** What a number went through: its last day and how fast it came back before the rest, every line of it behind. */
export function History({ session, children }: { session: SessionView; children: ComponentChildren }) {
  const { timeline, trouble } = useTimeline(session.id);
  const recoveries = useMemo(() => recoveriesOf(timeline ?? []), [timeline]);
  return (
    <>
      {timeline !== null && <UptimeStrip timeline={timeline} session={session} />}
      {recoveries.length > 0 && <RecoveryChart recoveries={recoveries} />}
      {children}
      <section class="card" aria-labelledby="timeline-title">
        <h2 id="timeline-title">Timeline</h2>
        {trouble !== null && <p class="trouble">{trouble}</p>}
        {timeline === null ? <p class="quiet">Loading…</p> : <Timeline items={timeline} />}
      </section>
    </>
  );
}
