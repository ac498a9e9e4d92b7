import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { tickWords } from '../model/time-words.js';
import { useDarkness } from './use-darkness.js';

const HEIGHT = 160;
/** Of the width of the chart, left free at both ends, so that no bar is cut. */
const ROOM = 0.04;
/** What a single bar stands in. */
const LEAST_SPAN_S = 60 * 60;

export interface ChartPoint {
  atMs: number;
  /** Null leaves a gap. */
  value: number | null;
}

interface Props {
  /** Oldest first. */
  points: readonly ChartPoint[];
  as: 'bars' | 'area';
  /** What stands at the marks of the upright axis. */
  words(value: number): string;
  /** The top of the upright axis when nothing is higher. */
  least: number;
}

function options({ points, as, words, least }: Props, width: number, styles: CSSStyleDeclaration): uPlot.Options {
  const ink = styles.getPropertyValue('--quiet');
  const accent = styles.getPropertyValue('--accent');
  const { fontFamily } = styles;
  const axis = {
    stroke: ink,
    font: `12px ${fontFamily}`,
    grid: { stroke: styles.getPropertyValue('--line'), width: 1 },
    ticks: { show: false },
  };
  const bars = as === 'bars' ? uPlot.paths.bars?.({ size: [0.1, 6, 2] }) : undefined;
  const spanMs = (points.at(-1)?.atMs ?? 0) - (points[0]?.atMs ?? 0);
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: {
        range: (_chart, first, last) => {
          const room = Math.max((last - first) * ROOM, last - first < LEAST_SPAN_S ? LEAST_SPAN_S / 2 : 0);
          return as === 'bars' ? [first - room, last + room] : [first, last];
        },
      },
      y: { range: (_chart, _lowest, highest) => [0, Math.max(least, highest * 1.1)] },
    },
    axes: [
      { ...axis, size: 28, space: 70, values: (_chart, marks) => marks.map((atS) => tickWords(atS * 1000, spanMs)) },
      { ...axis, size: 64, values: (_chart, marks) => marks.map(words) },
    ],
    series: [
      {},
      {
        stroke: accent,
        width: 2,
        fill: as === 'bars' ? accent : styles.getPropertyValue('--accent-soft'),
        ...(bars && { paths: bars }),
        points: { show: as === 'bars', size: 7, fill: accent },
      },
    ],
  };
}

/** Values over time, painted; what they come to stands beside it in words. */
export function TimeChart(props: Props) {
  const { points, as, words, least } = props;
  const place = useRef<HTMLDivElement>(null);
  const isDark = useDarkness();
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const data: uPlot.AlignedData = [points.map(({ atMs }) => atMs / 1000), points.map(({ value }) => value)];
    const given = { points, as, words, least };
    const chart = new uPlot(options(given, element.clientWidth, getComputedStyle(element)), data, element);
    const resized = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    resized.observe(element);
    return () => {
      resized.disconnect();
      chart.destroy();
    };
    // Colours are read when it is drawn.
  }, [points, as, words, least, isDark]);
  return <div class="chart" ref={place} aria-hidden="true" />;
}
