import type { Machine } from '../support/machine.js';
import { median } from '../support/median.js';
import type { RestoreMeasure } from './restore-measure.js';
import type { Row } from './row.js';

/** Everything a run found out; what `--json` writes. */
export interface Report {
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly seed: number;
  readonly sessions: number;
  readonly sendsPerSecond: number;
  readonly machine: Machine;
  readonly restore: RestoreMeasure | null;
  readonly rows: readonly Row[];
  readonly skipped: readonly { readonly fault: string; readonly why: string }[];
  readonly failures: readonly string[];
}

const COLUMNS: readonly (readonly [title: string, width: number, cell: (row: Row) => string])[] = [
  ['fault', 19, ({ fault }) => fault],
  ['expected', 22, ({ expected }) => expected],
  ['victim', 6, ({ victim }) => victim],
  ['lasted', 7, ({ lastedMs }) => seconds(lastedMs)],
  ['found', 7, ({ foundMs }) => seconds(foundMs)],
  ['healed', 7, ({ healedMs }) => seconds(healedMs)],
  ['rung', 8, ({ rung }) => rung ?? '-'],
  ['reason', 17, ({ reason }) => reason ?? '-'],
  ['others', 6, ({ disturbed, victim }) => (victim === 'all' ? '-' : String(disturbed.length))],
  ['QR', 3, ({ qrNeeded }) => (qrNeeded ? 'yes' : 'no')],
  ['msgs', 5, ({ messages }) => String(messages.accepted + messages.delivered)],
  ['lost', 4, ({ messages }) => String(messages.lost)],
  ['twice', 5, ({ messages }) => String(messages.twice)],
  ['refused', 7, ({ messages }) => String(messages.refused)],
  ['unsure', 6, ({ messages }) => String(messages.uncertain)],
  ['orphans', 7, ({ orphans, tmpLeft }) => String(orphans.length + tmpLeft)],
  ['', 0, ({ broken }) => (broken.length === 0 ? 'ok' : 'BROKEN')],
];

/** Runs that each played a part, as one. */
export function joined(reports: readonly Report[]): Report {
  const [first] = reports;
  if (first === undefined) throw new Error('there is no run to show');
  return {
    ...first,
    tookSeconds: reports.reduce((sum, { tookSeconds }) => sum + tookSeconds, 0),
    restore: reports.find(({ restore }) => restore !== null)?.restore ?? null,
    rows: reports.flatMap(({ rows }) => rows),
    skipped: reports.flatMap(({ skipped }) => skipped),
    failures: reports.flatMap(({ failures }) => failures),
  };
}

/** The head of the table. */
export function tableHead(): string {
  return COLUMNS.map(([title, width]) => title.padEnd(width))
    .join(' ')
    .trimEnd();
}

/** One line of the table, and below it what was shortened and what broke. */
export function tableRow(row: Row): string {
  const line = COLUMNS.map(([, width, cell]) => cell(row).padEnd(width))
    .join(' ')
    .trimEnd();
  const notes = [
    ...(row.settings === null ? [] : [`settings: ${row.settings}`]),
    ...row.broken,
    ...row.messages.examples,
    ...row.orphans,
  ];
  return [line, ...notes.map((note) => `    ${note}`)].join('\n');
}

/** A time as a person reads it. */
export function seconds(ms: number | null): string {
  if (ms === null) return '-';
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** How far a message after a SIGKILL and a hung page may be from the ideal. */
export interface Limits {
  /** Arrival after a SIGKILL against a bare restore. */
  readonly restoreRatio: number;
  /** Healing of a hung page beyond one bare restore, milliseconds. */
  readonly hungPageMs: number;
}

/** The two ratios in words, and which of them went over its limit. */
export function judgeRatios(
  restore: RestoreMeasure | null,
  rows: readonly Row[],
  { restoreRatio, hungPageMs }: Limits,
): { lines: string[]; failures: string[] } {
  if (restore === null) return { lines: [], failures: [] };
  const [bareMs, afterKillMs] = [median(restore.bareMs), median(restore.afterKillMs)];
  const ratio = afterKillMs / bareMs;
  const lines = [
    `a message after a browser SIGKILL: ${seconds(afterKillMs)} = ${ratio.toFixed(2)} x a bare restore of ${seconds(bareMs)} ` +
      `(medians of ${restore.bareMs.length}; at most ${restoreRatio})`,
  ];
  const failures = ratio > restoreRatio ? [`a message after a SIGKILL took ${ratio.toFixed(2)} x a bare restore`] : [];
  const hung = rows.find(({ fault }) => fault === 'page-hang')?.healedMs ?? null;
  if (hung !== null) {
    const limitMs = hungPageMs + bareMs;
    lines.push(
      `a hung page: healed after ${seconds(hung)} = ${(hung / limitMs).toFixed(2)} x the limit of ${seconds(hungPageMs)} and one bare restore`,
    );
    if (hung > limitMs) failures.push(`a hung page took ${seconds(hung)}, the limit is ${seconds(limitMs)}`);
  }
  return { lines, failures };
}
