import type { ComponentChildren } from 'preact';
import { useMemo } from 'preact/hooks';
import { recoveriesOf } from '../../../domain/uptime.js';
import type { SessionView } from '../contract.js';
import { entryOf } from '../model/timeline-item.js';
import { MemoryChart } from './memory-chart.js';
import { RecoveryChart } from './recovery-chart.js';
import { Timeline } from './timeline.js';
import { UptimeStrip } from './uptime-strip.js';
import { useTimeline } from './use-timeline.js';

const LINES_AT_FIRST = 25;

interface Props {
  session: SessionView;
  aside: ComponentChildren;
  children: ComponentChildren;
}

/** What a number went through: its last day, how fast it came back, every line of it; beside that, the rest. */
export function History({ session, aside, children }: Props) {
  const { timeline, trouble } = useTimeline(session.id);
  const recoveries = useMemo(() => recoveriesOf((timeline ?? []).map(entryOf)), [timeline]);
  return (
    <>
      {timeline !== null && <UptimeStrip timeline={timeline} session={session} />}
      <div class="columns">
        <div class="column">
          {recoveries.length > 0 && <RecoveryChart recoveries={recoveries} />}
          <section class="card" aria-labelledby="timeline-title">
            <h2 id="timeline-title">Timeline</h2>
            {trouble !== null && <p class="trouble">{trouble}</p>}
            {timeline === null ? <p class="quiet">Loading…</p> : <Timeline items={timeline} atFirst={LINES_AT_FIRST} />}
          </section>
          {children}
        </div>
        <div class="column">
          <MemoryChart sessionId={session.id} />
          {aside}
        </div>
      </div>
    </>
  );
}
