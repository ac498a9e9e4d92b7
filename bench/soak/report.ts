import type { Machine } from '../support/machine.js';
import { median } from '../support/median.js';
import type { InsideLook, Look } from './look.js';
import type { Finding } from './measures.js';

/** One series of restarts and what it left. */
export interface PhaseReport {
  readonly words: string;
  readonly restarts: number;
  readonly warmUp: number;
  /** How long each took until the number was connected, milliseconds. */
  readonly tookMs: readonly number[];
  readonly findings: readonly Finding[];
  readonly before: Look;
  readonly after: Look;
  /** Memory after each restart. */
  readonly samples: readonly Pick<InsideLook, 'heapBytes' | 'rssBytes'>[];
}

/** Everything a run found out; what `--json` writes. */
export interface Report {
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly machine: Machine;
  readonly phases: readonly PhaseReport[];
  readonly failures: readonly string[];
}

const COLUMNS: readonly (readonly [title: string, width: number, cell: (finding: Finding) => string])[] = [
  ['measure', 24, ({ measure }) => measure],
  ['before', 10, ({ before }) => String(before)],
  ['after', 10, ({ after }) => String(after)],
  ['allowed', 8, ({ allowed }) => allowed],
  ['', 0, ({ ok, allowed }) => (ok ? (allowed === '-' ? '' : 'ok') : 'GROWN')],
];

/** The table of a series, with what has grown below it. */
export function phaseTable({ words, restarts, tookMs, findings }: PhaseReport): string {
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(COLUMNS[index]?.[1] ?? 0))
      .join(' ')
      .trimEnd();
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  return [
    `${words}, ${restarts} times: ${seconds(median(tookMs))} each (median), ${seconds(Math.max(...tookMs))} at most`,
    line(COLUMNS.map(([title]) => title)),
    ...findings.map((finding) => line(COLUMNS.map(([, , cell]) => cell(finding)))),
    ...findings.flatMap(({ grown }) => grown).map((words) => `    ${words}`),
  ].join('\n');
}
