import type { SizeReport } from './figures.js';

/** What may be used at most. */
export interface Limits {
  /** Of one core. */
  readonly cpuPercent: number;
  readonly rssMb: number;
  readonly delayP99Ms: number;
  /** Cost of one more session among the larger sizes against one more among the smaller: 1 is a straight line. */
  readonly growth: number;
}

/** With 1,000 sessions. */
export const GOALS: Limits = { cpuPercent: 8, rssMb: 250, delayP99Ms: 20, growth: 1.3 };
/** In a short run on a machine that has other things to do, the start is still being digested. */
export const LOOSE_GOALS: Limits = { cpuPercent: 40, rssMb: 350, delayP99Ms: 60, growth: Number.POSITIVE_INFINITY };

const MB = 2 ** 20;

export const cpuPercent = ({ cpuMs, lastedMs }: SizeReport) => (cpuMs / lastedMs) * 100;
export const rssMb = ({ rssBytes }: SizeReport) => rssBytes / MB;
export const heapMb = ({ heapBytes }: SizeReport) => heapBytes / MB;

/** How a figure grows with the number of sessions. */
export interface Growth {
  readonly figure: string;
  /** What one more session costs between each size and the next. */
  readonly perSession: readonly number[];
  /** The last of these against the first. */
  readonly ratio: number;
}

/** Growth over at least three sizes; of fewer nothing can be told. */
export function growthOf(figure: string, value: (size: SizeReport) => number, sizes: readonly SizeReport[]): Growth {
  const perSession = sizes.slice(1).map((size, index) => {
    const smaller = sizes[index] as SizeReport;
    return (value(size) - value(smaller)) / (size.sessions - smaller.sessions);
  });
  const ratio = perSession.length < 2 ? Number.NaN : (perSession.at(-1) as number) / (perSession[0] as number);
  return { figure, perSession, ratio };
}

export function growths(sizes: readonly SizeReport[]): Growth[] {
  return [
    growthOf('CPU, % of a core', cpuPercent, sizes),
    growthOf('RSS, MB', rssMb, sizes),
    growthOf('heap, MB', heapMb, sizes),
  ];
}

/** What was missed, in words. The limits are for the largest size. */
export function missed(sizes: readonly SizeReport[], limits: Limits): string[] {
  const found: string[] = [];
  const largest = sizes.at(-1);
  if (largest === undefined) return ['nothing was measured'];
  const hold = (what: string, value: number, limit: number) => {
    if (!(value < limit))
      found.push(`${what} is ${value.toFixed(1)} with ${largest.sessions} sessions, not below ${limit}`);
  };
  hold('CPU, % of a core', cpuPercent(largest), limits.cpuPercent);
  hold('RSS, MB', rssMb(largest), limits.rssMb);
  hold('p99 of the event loop delay, ms', largest.delayMs.p99, limits.delayP99Ms);
  for (const { figure, ratio } of growths(sizes)) {
    if (ratio > limits.growth)
      found.push(`${figure}: one more session costs ${ratio.toFixed(2)} times as much among many`);
  }
  for (const { sessions, whole } of sizes) {
    const { written, received, accepted, sent } = whole;
    // A service that does nothing needs little.
    if (received !== written) found.push(`${sessions} sessions: ${received} of ${written} messages were received`);
    if (sent !== accepted) found.push(`${sessions} sessions: ${sent} of ${accepted} messages were sent`);
  }
  return found;
}
