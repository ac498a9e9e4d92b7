import { median } from '../support/median.js';
import type { InsideLook, Look } from './look.js';

/** How much of something there may be after all restarts. */
export type Allowance =
  /** No more than before. */
  | { readonly kind: 'same' }
  /** So many more than before. */
  | { readonly kind: 'more'; readonly by: number }
  /** No upward trend: in the middle of the last quarter so many per cent more than in the middle of the second one. */
  | { readonly kind: 'trend'; readonly percent: number }
  /** Grows with what happens, and is only told. */
  | { readonly kind: 'told' };

/** One thing that is counted before and after. */
export interface Measure {
  readonly name: string;
  readonly allowance: Allowance;
  /** A moment's work holds some of it, and so do other programs: what is too much is looked at again. */
  readonly mayPass?: boolean;
  count(look: Look): number;
  /** For a trend: the same of a look that was taken after each restart. */
  sample?(look: InsideLook): number;
  /** What it consists of, to name what has grown. */
  parts?(look: Look): Readonly<Record<string, number>>;
}

/** What a measure came to. */
export interface Finding {
  readonly measure: string;
  readonly before: number;
  readonly after: number;
  readonly allowed: string;
  readonly ok: boolean;
  /** May be of the moment only. */
  readonly mayPass: boolean;
  /** What has grown beyond its allowance, in words. */
  readonly grown: readonly string[];
}

const KB = 1024;
const MB = 1024 * KB;
const same = { kind: 'same' } as const;
const told = { kind: 'told' } as const;
/** As Node calls them; an immediate is work of this very turn. */
const TIMERS = ['Timeout', 'Immediate'];

/** Timers by their kind, and everything else that keeps the event loop going. */
const timersOf = ({ resources }: Look) => partOf(resources, (kind) => TIMERS.includes(kind));
const handlesOf = ({ resources }: Look) => partOf(resources, (kind) => !TIMERS.includes(kind));
const partOf = (resources: Look['resources'], isPart: (kind: string) => boolean) =>
  Object.fromEntries(Object.entries(resources).filter(([kind]) => isPart(kind)));
const sum = (counts: Readonly<Record<string, number>>) =>
  Object.values(counts).reduce((total, count) => total + count, 0);
const inKb = (bytes: number) => Math.round(bytes / KB);
const inMb = (bytes: number) => Math.round((bytes / MB) * 10) / 10;

/** Everything that is counted, of so many numbers. `trend` is what memory may differ by between two quarters. */
export function measures(trend: { heapPercent: number; rssPercent: number }, numbers = 1): readonly Measure[] {
  const eachMore = (by: number) => ({ kind: 'more', by: by * numbers }) as const;
  return [
    { name: 'browser processes', allowance: same, count: (look) => look.browserProcesses },
    { name: 'orphans and zombies', allowance: same, count: (look) => look.orphans.length },
    {
      name: 'open files',
      allowance: same,
      mayPass: true,
      count: (look) => sum(look.openFiles),
      parts: (look) => look.openFiles,
    },
    { name: 'threads', allowance: same, count: (look) => look.threads },
    {
      name: 'listeners on process',
      allowance: same,
      count: (look) => sum(look.listeners),
      parts: (look) => look.listeners,
    },
    {
      name: 'timers',
      // Waits that end together are one timer, which differs by chance; a leak is one more with each restart.
      allowance: eachMore(1),
      mayPass: true,
      count: (look) => sum(timersOf(look)),
      parts: timersOf,
    },
    {
      name: 'handles',
      // One that has just been busy may be in the midst of something; of a single number nothing is left.
      allowance: numbers === 1 ? same : eachMore(1),
      mayPass: true,
      count: (look) => sum(handlesOf(look)),
      parts: handlesOf,
    },
    { name: 'listener warnings', allowance: same, count: (look) => look.listenerWarnings },
    { name: 'entries in TMPDIR', allowance: same, mayPass: true, count: (look) => look.tmpEntries },
    { name: 'entries in /dev/shm', allowance: same, mayPass: true, count: (look) => look.shmEntries },
    { name: 'two pages on one login', allowance: same, count: (look) => look.conflicts },
    {
      name: 'heap after gc, MB',
      allowance: { kind: 'trend', percent: trend.heapPercent },
      count: (look) => inMb(look.heapBytes),
      sample: (look) => look.heapBytes / MB,
    },
    {
      name: 'RSS, MB',
      allowance: { kind: 'trend', percent: trend.rssPercent },
      count: (look) => inMb(look.rssBytes),
      sample: (look) => look.rssBytes / MB,
    },
    { name: 'profile, files', allowance: eachMore(20), count: (look) => look.profiles.files },
    { name: 'profile, KB', allowance: eachMore(2048), count: (look) => inKb(look.profiles.bytes) },
    { name: 'snapshots, files', allowance: eachMore(10), count: (look) => look.snapshots.files },
    { name: 'snapshots, KB', allowance: eachMore(1024), count: (look) => inKb(look.snapshots.bytes) },
    { name: 'database, KB', allowance: told, count: (look) => inKb(look.database.bytes) },
    { name: 'its journal, KB', allowance: { kind: 'more', by: 6 * KB }, count: (look) => inKb(look.journal.bytes) },
    { name: 'logs, KB', allowance: told, count: (look) => inKb(look.logs.bytes) },
    { name: 'other data, files', allowance: same, count: (look) => look.otherData.files },
  ];
}

/** Compares a look before with one after; `samples` are those in between, one per restart. */
export function judge(
  measured: readonly Measure[],
  before: Look,
  after: Look,
  samples: readonly InsideLook[],
): Finding[] {
  return measured.map((measure) => {
    const { name, allowance, sample, mayPass = false } = measure;
    if (allowance.kind === 'trend' && sample !== undefined)
      return judgeTrend(name, allowance.percent, samples.map(sample));
    const [from, to] = [measure.count(before), measure.count(after)];
    const ok = isWithin(allowance, from, to);
    const grown = ok ? [] : growthOf(measure, before, after);
    return { measure: name, before: from, after: to, allowed: allowanceWords(allowance), ok, mayPass, grown };
  });
}

/** A trend of a series: the middle of its last quarter against the middle of its second one. */
export function judgeTrend(measure: string, percent: number, series: readonly number[]): Finding {
  const quarter = series.length / 4;
  const before = median(series.slice(Math.floor(quarter), Math.ceil(2 * quarter)));
  const after = median(series.slice(Math.floor(3 * quarter)));
  const grownPercent = (after / before - 1) * 100;
  // A series of nothing shows nothing.
  const ok = series.length > 0 && grownPercent <= percent;
  const grown = ok ? [] : [`${measure}: ${grownPercent.toFixed(1)} % from the second to the last quarter`];
  const round = (value: number) => Math.round(value * 10) / 10;
  return { measure, before: round(before), after: round(after), allowed: `+${percent} %`, ok, mayPass: false, grown };
}

function isWithin(allowance: Allowance, before: number, after: number): boolean {
  switch (allowance.kind) {
    case 'same':
      return after <= before;
    case 'more':
      return after <= before + allowance.by;
    case 'trend':
    case 'told':
      return true;
    default:
      return allowance satisfies never;
  }
}

function allowanceWords(allowance: Allowance): string {
  switch (allowance.kind) {
    case 'same':
      return 'no more';
    case 'more':
      return `+${allowance.by}`;
    case 'trend':
      return `+${allowance.percent} %`;
    case 'told':
      return '-';
    default:
      return allowance satisfies never;
  }
}

function growthOf({ name, count, parts }: Measure, before: Look, after: Look): string[] {
  if (parts === undefined) return [`${name}: ${count(before)} became ${count(after)}`];
  const [had, has] = [parts(before), parts(after)];
  return Object.entries(has)
    .filter(([part, now]) => now > (had[part] ?? 0))
    .map(([part, now]) => `${name}: ${part} ${had[part] ?? 0} became ${now}`);
}
