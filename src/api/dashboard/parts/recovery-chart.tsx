import { useMemo } from 'preact/hooks';
import { type Recovery, timeToRecover } from '../../../domain/uptime.js';
import { durationWords } from '../model/time-words.js';
import { TimeChart } from './time-chart.js';

const MOST_SHOWN = 200;
const inSeconds = (value: number) => durationWords(value * 1000);

/** How long each fault took to heal. */
export function RecoveryChart({ recoveries }: { recoveries: Recovery[] }) {
  const points = useMemo(
    () => recoveries.slice(-MOST_SHOWN).map(({ atMs, tookMs }) => ({ atMs, value: tookMs / 1000 })),
    [recoveries],
  );
  const last = recoveries.at(-1);
  const { p50 } = timeToRecover(recoveries.map(({ tookMs }) => tookMs));
  const longest = Math.max(...recoveries.map(({ tookMs }) => tookMs));
  return (
    <section class="card" aria-labelledby="recovery-title">
      <h2 id="recovery-title">Time to recover</h2>
      <p>
        {recoveries.length === 1 ? 'Healed once' : `Healed ${recoveries.length} times`}:{' '}
        <strong>{durationWords(p50 ?? 0)}</strong> in the middle, {durationWords(longest)} at most.
      </p>
      <TimeChart points={points} as="bars" words={inSeconds} least={1} />
      {last && <p class="quiet">The last one took {durationWords(last.tookMs)}.</p>}
    </section>
  );
}
