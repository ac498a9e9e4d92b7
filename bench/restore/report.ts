import type { Machine } from '../support/machine.js';
import { median } from '../support/median.js';
import { tableOf } from '../support/table.js';
import type { Concurrency } from './flags.js';

/** One way to restore, measured. */
export interface Restored {
  readonly atOnce: Concurrency;
  /** From the first start until all were connected, milliseconds, one per round. */
  readonly allMs: readonly number[];
  /** From the first start until half of them were. */
  readonly halfMs: readonly number[];
  /** What all cores worked from the start of the service until all were seen to be back, everything on the machine included. */
  readonly workMs: readonly number[];
}

/** Everything a run found out; what `--json` writes. */
export interface Report {
  readonly startedAt: string;
  readonly tookSeconds: number;
  readonly machine: Machine;
  readonly sessions: number;
  readonly heapMb: number;
  readonly bootCpuMs: number;
  readonly restored: readonly Restored[];
  readonly failures: readonly string[];
}

/** `auto` against the best number that somebody could have set, and against all at once. */
const GOALS = { ofBest: 1.15, ofAllAtOnce: 0.8 };

export interface Ratios {
  readonly best: Concurrency;
  readonly ofBest: number;
  readonly ofAllAtOnce: number;
  /** The same against all at once with the flags that other programs copy; null when that was not measured. */
  readonly ofCopied: number | null;
}

/** The ratios by the medians; null when `auto` or a fixed number was not measured. The largest number is all at once. */
export function ratiosOf(restored: readonly Restored[]): Ratios | null {
  const measured = restored.filter(({ allMs }) => allMs.length > 0);
  const [auto, copied] = (['auto', 'copied'] as const).map((way) => measured.find(({ atOnce }) => atOnce === way));
  const fixed = measured.filter(({ atOnce }) => typeof atOnce === 'number');
  const [best] = fixed.toSorted((a, b) => median(a.allMs) - median(b.allMs));
  const all = allAtOnce(measured);
  if (auto === undefined || best === undefined || all === undefined) return null;
  const autoMs = median(auto.allMs);
  return {
    best: best.atOnce,
    ofBest: autoMs / median(best.allMs),
    ofAllAtOnce: autoMs / median(all.allMs),
    ofCopied: copied === undefined ? null : autoMs / median(copied.allMs),
  };
}

function allAtOnce(restored: readonly Restored[]): Restored | undefined {
  return restored
    .filter(({ atOnce }) => typeof atOnce === 'number')
    .toSorted((a, b) => Number(a.atOnce) - Number(b.atOnce))
    .at(-1);
}

/** What was missed, in words. */
export function missedGoals(restored: readonly Restored[]): string[] {
  const ratios = ratiosOf(restored);
  if (ratios === null) return ['not everything was measured'];
  const missed: string[] = [];
  const { ofBest, ofAllAtOnce } = ratios;
  if (!(ofBest <= GOALS.ofBest)) missed.push(`auto took ${ofBest.toFixed(2)} x the best, more than ${GOALS.ofBest}`);
  if (!(ofAllAtOnce <= GOALS.ofAllAtOnce)) {
    missed.push(`auto took ${ofAllAtOnce.toFixed(2)} x all at once, more than ${GOALS.ofAllAtOnce}`);
  }
  return missed;
}

/**
 * How long so many cores that never rest would need for the least work that any way with the same browsers took,
 * milliseconds; the start of the service and this run, a second or two, are in it. Null when nothing was measured.
 */
export function leastMs(restored: readonly Restored[], cores: number): number | null {
  const works = restored
    .filter(({ atOnce, workMs }) => atOnce !== 'copied' && workMs.length > 0)
    .map(({ workMs }) => median(workMs));
  return works.length === 0 ? null : Math.min(...works) / cores;
}

/** How long each way took, and against the others. */
export function restoreTable(restored: readonly Restored[], cores: number): string {
  const seconds = (values: readonly number[]) => `${(median(values) / 1000).toFixed(1)} s`;
  const all = allAtOnce(restored);
  const rows = restored.map(({ atOnce, allMs, halfMs, workMs }) => [
    String(atOnce),
    seconds(allMs),
    seconds(halfMs),
    allMs.map((ms) => (ms / 1000).toFixed(1)).join(' '),
    seconds(workMs),
    all === undefined ? '-' : (median(allMs) / median(all.allMs)).toFixed(2),
  ]);
  const ratios = ratiosOf(restored);
  const lines: string[] = [];
  if (ratios !== null) {
    const { best, ofBest, ofAllAtOnce, ofCopied } = ratios;
    lines.push(
      `auto: ${ofBest.toFixed(2)} x the best (${best} at once; at most ${GOALS.ofBest}), ` +
        `${ofAllAtOnce.toFixed(2)} x all at once (at most ${GOALS.ofAllAtOnce})`,
    );
    const least = leastMs(restored, cores);
    if (least !== null && all !== undefined) {
      const share = (least / median(all.allMs)).toFixed(2);
      lines.push(
        `${cores} cores that never rest: about ${seconds([least])} for the least work of all rows, ${share} x all at once`,
      );
    }
    if (ofCopied !== null)
      lines.push(`auto: ${ofCopied.toFixed(2)} x all at once as programs with copied flags start them`);
  }
  const titles = ['at once', 'all connected', 'half', 'each round', 'work', 'of all at once'];
  return [tableOf(titles, rows), ...lines].join('\n');
}
