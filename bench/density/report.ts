import type { Machine } from '../support/machine.js';
import { median } from '../support/median.js';
import { COPIED, type Configuration } from './configurations.js';

/** One round of one configuration: sessions started one after the other, each kept. */
export interface Round {
  /** All browsers together after the first, the second … session, bytes of PSS. */
  readonly totalBytes: readonly number[];
  /** Processor time of each session's browser until the number was connected, seconds. */
  readonly cpuSeconds: readonly number[];
  /** Processes of the last browser. */
  readonly processes: number;
}

/** What a configuration costs: the median of its rounds. */
export interface Cost {
  readonly name: string;
  readonly words: string;
  readonly processes: number;
  readonly oneBytes: number;
  /** Share of one session when all run. */
  readonly eachBytes: number;
  /** What one more session costs: the slope over the number of sessions. */
  readonly marginalBytes: number;
  readonly cpuSeconds: number;
}

export interface Report {
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly machine: Machine;
  readonly sessions: number;
  readonly heapMb: number;
  readonly rounds: number;
  readonly costs: readonly Cost[];
  readonly failures: readonly string[];
}

interface Goal {
  readonly name: string;
  readonly figure: 'marginalBytes' | 'cpuSeconds';
  readonly words: string;
  /** Largest share of what the copied flags cost. */
  readonly atMost: number;
}

const GOALS: readonly Goal[] = [
  { name: 'lean-shell', figure: 'marginalBytes', words: 'memory of one more session', atMost: 0.45 },
  { name: 'lean-shell', figure: 'cpuSeconds', words: 'processor time to start', atMost: 0.55 },
  { name: 'lean-chromium', figure: 'marginalBytes', words: 'memory of one more session', atMost: 0.6 },
];

/** Least squares: by how much the values grow from one to the next; of fewer than two NaN. */
export function slope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const across = values.reduce((sum, value, index) => sum + (index - middle) * (value - mean), 0);
  const spread = values.reduce((sum, _value, index) => sum + (index - middle) ** 2, 0);
  return across / spread;
}

export function costOf({ name, words }: Configuration, rounds: readonly Round[]): Cost {
  const middle = (figure: (round: Round) => number) => median(rounds.map(figure));
  return {
    name,
    words,
    processes: middle(({ processes }) => processes),
    oneBytes: middle(({ totalBytes }) => totalBytes[0] ?? Number.NaN),
    eachBytes: middle(({ totalBytes }) => (totalBytes.at(-1) ?? Number.NaN) / totalBytes.length),
    marginalBytes: middle(({ totalBytes }) => slope(totalBytes)),
    cpuSeconds: median(rounds.flatMap(({ cpuSeconds }) => cpuSeconds)),
  };
}

/** Goals that were missed, in words; none where the copied flags were not measured. */
export function missedGoals(costs: readonly Cost[]): string[] {
  const copied = costs.find(({ name }) => name === COPIED.name);
  if (copied === undefined) return [];
  return GOALS.flatMap(({ name, figure, words, atMost }) => {
    const cost = costs.find((one) => one.name === name);
    if (cost === undefined || cost[figure] <= atMost * copied[figure]) return [];
    const share = (cost[figure] / copied[figure]).toFixed(2);
    return [`${cost.words}: ${words} is ${share} × the copied flags, more than ${atMost.toFixed(2)} ×`];
  });
}

const COLUMNS: readonly (readonly [title: string, width: number, cell: (cost: Cost, first: Cost) => string])[] = [
  ['configuration', 36, ({ words }) => words],
  ['processes', 10, ({ processes }) => String(processes)],
  ['1 session', 10, ({ oneBytes }) => mebibytes(oneBytes)],
  ['each of all', 12, ({ eachBytes }) => mebibytes(eachBytes)],
  ['one more', 10, ({ marginalBytes }) => mebibytes(marginalBytes)],
  ['of first', 9, (cost, first) => ratio(cost.marginalBytes, first.marginalBytes)],
  ['CPU to start', 13, ({ cpuSeconds }) => `${cpuSeconds.toFixed(2)} s`],
  ['of first', 8, (cost, first) => ratio(cost.cpuSeconds, first.cpuSeconds)],
];

/** The table of a run; shares are of its first line. */
export function costTable(costs: readonly Cost[]): string {
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, index) => cell.padEnd(COLUMNS[index]?.[1] ?? 0))
      .join(' ')
      .trimEnd();
  return [
    line(COLUMNS.map(([title]) => title)),
    ...costs.map((cost) => line(COLUMNS.map(([, , cell]) => cell(cost, costs[0] ?? cost)))),
  ].join('\n');
}

const mebibytes = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`;
const ratio = (value: number, base: number | undefined) =>
  base === undefined ? '-' : `${(value / base).toFixed(2)} ×`;
