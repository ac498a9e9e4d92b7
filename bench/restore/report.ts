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
  /** What all cores of the machine together worked meanwhile, milliseconds. */
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
  /** The same against all at once with the flags that other programs copy; NaN when that was not measured. */
  readonly ofCopied: number;
  /** Of all at once: what it would take if every core worked all the time. Nothing on this machine can be below it. */
  readonly leastOfAllAtOnce: number;
}

/**
 * The ratios by the medians; null when `auto` or a fixed number was not measured. The last one is all at once; `cores`
 * are those that all of them shared.
 */
export function ratiosOf(restored: readonly Restored[], cores: number): Ratios | null {
  const [auto, copied] = (['auto', 'copied'] as const).map((way) => restored.find(({ atOnce }) => atOnce === way));
  const fixed = restored
    .filter(({ atOnce }) => typeof atOnce === 'number')
    .toSorted((a, b) => median(a.allMs) - median(b.allMs));
  const [best, all] = [fixed[0], restored.at(-1)];
  if (auto === undefined || best === undefined || all === undefined) return null;
  const [autoMs, allMs] = [median(auto.allMs), median(all.allMs)];
  return {
    best: best.atOnce,
    ofBest: autoMs / median(best.allMs),
    ofAllAtOnce: autoMs / allMs,
    ofCopied: copied === undefined ? Number.NaN : autoMs / median(copied.allMs),
    leastOfAllAtOnce: Math.min(...restored.filter(isOurs).map(({ workMs }) => median(workMs))) / cores / allMs,
  };
}

const isOurs = ({ atOnce }: Restored) => atOnce !== 'copied';

/** What was missed, in words. */
export function missedGoals(restored: readonly Restored[], cores: number): string[] {
  const ratios = ratiosOf(restored, cores);
  if (ratios === null) return ['not everything was measured'];
  const missed: string[] = [];
  const { ofBest, ofAllAtOnce, leastOfAllAtOnce } = ratios;
  if (!(ofBest <= GOALS.ofBest)) missed.push(`auto took ${ofBest.toFixed(2)} x the best, more than ${GOALS.ofBest}`);
  if (!(ofAllAtOnce <= GOALS.ofAllAtOnce)) {
    const least = leastOfAllAtOnce.toFixed(2);
    const bound = leastOfAllAtOnce > GOALS.ofAllAtOnce ? `; on these cores no way can take less than ${least} x` : '';
    missed.push(`auto took ${ofAllAtOnce.toFixed(2)} x all at once, more than ${GOALS.ofAllAtOnce}${bound}`);
  }
  return missed;
}

/** How long each way took, and against the others. */
export function restoreTable(restored: readonly Restored[], cores: number): string {
  const seconds = (values: readonly number[]) => `${(median(values) / 1000).toFixed(1)} s`;
  const all = restored.at(-1);
  const rows = restored.map(({ atOnce, allMs, halfMs, workMs }) => [
    String(atOnce),
    seconds(allMs),
    seconds(halfMs),
    allMs.map((ms) => (ms / 1000).toFixed(1)).join(' '),
    seconds(workMs),
    `${((median(workMs) / cores / median(allMs)) * 100).toFixed(0)} %`,
    all === undefined ? '-' : (median(allMs) / median(all.allMs)).toFixed(2),
  ]);
  const ratios = ratiosOf(restored, cores);
  const line =
    ratios === null
      ? []
      : [
          `auto: ${ratios.ofBest.toFixed(2)} x the best (${ratios.best} at once; at most ${GOALS.ofBest}), ` +
            `${ratios.ofAllAtOnce.toFixed(2)} x all at once (at most ${GOALS.ofAllAtOnce})`,
          `auto: ${ratios.ofCopied.toFixed(2)} x all at once with the flags that other programs copy, full Chromium`,
          `every core busy all the time: ${ratios.leastOfAllAtOnce.toFixed(2)} x all at once`,
        ];
  const titles = ['at once', 'all connected', 'half', 'each round', 'work', 'cores busy', 'of all at once'];
  return [tableOf(titles, rows), ...line].join('\n');
}
