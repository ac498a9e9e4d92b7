import { seconds } from './report.js';
import type { Row } from './row.js';

const WIDTH = 900;
const LABEL_WIDTH = 330;
const VALUE_WIDTH = 150;
const BAR_HEIGHT = 14;
const LINE_HEIGHT = 22;
const TOP = 64;
const FOOT = 34;
const SHORTEST_MS = 100;
const PLOT_WIDTH = WIDTH - LABEL_WIDTH - VALUE_WIDTH;

/** A bar chart of how long each fault took to heal, on a logarithmic axis; readable on light and on dark ground. */
export function drawPicture(rows: readonly Row[]): string {
  const longest = Math.max(SHORTEST_MS * 10, ...rows.map(({ healedMs }) => healedMs ?? 0));
  const decades = Math.ceil(Math.log10(longest / SHORTEST_MS));
  const x = (ms: number) => LABEL_WIDTH + (Math.log10(Math.max(ms, SHORTEST_MS) / SHORTEST_MS) / decades) * PLOT_WIDTH;
  const height = TOP + rows.length * LINE_HEIGHT + FOOT;
  const ticks = Array.from({ length: decades + 1 }, (_, power) => SHORTEST_MS * 10 ** power);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Time from fault to healed">
<style>
text { font: 12px system-ui, sans-serif; fill: #24292f }
.title { font-size: 15px; font-weight: 600 }
.quiet { fill: #57606a }
.grid { stroke: #d0d7de }
.ok { fill: #2da44e }
.broken { fill: #cf222e }
.lasted { stroke: #24292f; stroke-width: 2 }
@media (prefers-color-scheme: dark) {
text { fill: #e6edf3 }
.quiet { fill: #8b949e }
.grid { stroke: #30363d }
.ok { fill: #3fb950 }
.broken { fill: #f85149 }
.lasted { stroke: #e6edf3 }
}
</style>
<text class="title" x="12" y="24">From fault to healed: connected again and sending</text>
<text class="quiet" x="12" y="42">Logarithmic. A line across a bar: how long the fault itself lasted.</text>
${ticks.map((ms) => tick(x(ms), ms, height)).join('\n')}
${rows.map((row, index) => bar(row, TOP + index * LINE_HEIGHT, x)).join('\n')}
</svg>
`;
}

function tick(at: number, ms: number, height: number): string {
  const place = at.toFixed(1);
  return `<line class="grid" x1="${place}" x2="${place}" y1="${TOP - 6}" y2="${height - FOOT + 4}"/><text class="quiet" x="${place}" y="${height - 14}" text-anchor="middle">${seconds(ms).replace('.0', '')}</text>`;
}

function bar(row: Row, top: number, x: (ms: number) => number): string {
  const baseline = top + BAR_HEIGHT - 3;
  const label = `<text x="12" y="${baseline}">${escaped(row.words)}</text>`;
  const verdict = row.broken.length === 0 ? 'ok' : 'broken';
  if (row.healedMs === null) {
    const words = row.broken.length > 0 ? 'not as expected' : row.expected === 'qr' ? 'waits for a scan' : row.expected;
    return `${label}<text class="${row.broken.length > 0 ? 'broken' : 'quiet'}" x="${LABEL_WIDTH + 6}" y="${baseline}">${escaped(words)}</text>`;
  }
  const width = Math.max(2, x(row.healedMs) - LABEL_WIDTH);
  const means = row.expected === 'untouched' ? 'nothing moved' : row.rung;
  const how = means === null ? '' : ` (${means})`;
  const lasted =
    row.lastedMs === null || row.lastedMs > row.healedMs
      ? ''
      : `<line class="lasted" x1="${x(row.lastedMs).toFixed(1)}" x2="${x(row.lastedMs).toFixed(1)}" y1="${top}" y2="${top + BAR_HEIGHT}"/>`;
  return `${label}<rect class="${verdict}" x="${LABEL_WIDTH}" y="${top}" width="${width.toFixed(1)}" height="${BAR_HEIGHT}" rx="2"/>${lasted}<text x="${(LABEL_WIDTH + width + 6).toFixed(1)}" y="${baseline}">${escaped(seconds(row.healedMs) + how)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
