import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { medianMs, type Recovery } from '../model/recoveries.js';
import { durationWords } from '../model/time-words.js';
import { useDarkness } from './use-darkness.js';

const HEIGHT = 180;
const MOST_SHOWN = 200;

function options(width: number, styles: CSSStyleDeclaration): uPlot.Options {
  const ink = styles.getPropertyValue('--quiet');
  const accent = styles.getPropertyValue('--accent');
  const axis = { stroke: ink, grid: { stroke: styles.getPropertyValue('--line'), width: 1 }, ticks: { show: false } };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: { y: { range: (_chart, _least, most) => [0, Math.max(1, most * 1.1)] } },
    axes: [axis, { ...axis, size: 56, values: (_chart, values) => values.map((value) => `${value} s`) }],
    series: [
      {},
      {
        stroke: accent,
        fill: accent,
        ...(uPlot.paths.bars && { paths: uPlot.paths.bars({ size: [0.1, 6, 2] }) }),
        points: { show: true, size: 7, fill: accent },
      },
    ],
  };
}

/** How long each fault took to heal. */
export function RecoveryChart({ recoveries }: { recoveries: Recovery[] }) {
  const place = useRef<HTMLDivElement>(null);
  const isDark = useDarkness();
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const shown = recoveries.slice(-MOST_SHOWN);
    const data: uPlot.AlignedData = [shown.map(({ atMs }) => atMs / 1000), shown.map(({ tookMs }) => tookMs / 1000)];
    const chart = new uPlot(options(element.clientWidth, getComputedStyle(element)), data, element);
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
    // Colours are read when it is drawn.
  }, [recoveries, isDark]);

  const last = recoveries.at(-1);
  const longest = Math.max(...recoveries.map(({ tookMs }) => tookMs));
  return (
    <section class="card" aria-labelledby="recovery-title">
      <h2 id="recovery-title">Time to recover</h2>
      <div class="chart" ref={place} aria-hidden="true" />
      <p>
        {recoveries.length === 1 ? 'Healed once' : `Healed ${recoveries.length} times`}:{' '}
        {durationWords(medianMs(recoveries) ?? 0)} in the middle, {durationWords(longest)} at most.
        {last && ` The last one, ${last.reason}, was healed by ${last.rung} in ${durationWords(last.tookMs)}.`}
      </p>
    </section>
  );
}
