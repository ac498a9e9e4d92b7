import { thisMachine } from '../support/machine.js';
import { World } from '../support/world.js';
import { haveSameSettings, selectFaults } from './catalogue.js';
import type { Fault } from './fault.js';
import type { Flags } from './flags.js';
import { measureRow } from './measure-row.js';
import { MessageCounter } from './message-count.js';
import { judgeRatios, type Limits, type Report, tableHead, tableRow } from './report.js';
import { measureRestore, type RestoreMeasure } from './restore-measure.js';
import type { Row } from './row.js';
import { Traffic } from './traffic.js';

const HUNG_PAGE_MS = 30_000;
/** One round on a machine that others share proves little: the short form only catches what is plainly wrong. */
const LIMITS: Readonly<Record<'short' | 'full', Limits>> = {
  short: { restoreRatio: 2, hungPageMs: HUNG_PAGE_MS },
  full: { restoreRatio: 1.3, hungPageMs: HUNG_PAGE_MS },
};
const ROUNDS = { short: 1, full: 3 };

/** Plays what the flags ask for and says so line by line; aborting ends it after the fault that is being played. */
export async function runChaos(flags: Flags, say: (line: string) => void, signal: AbortSignal): Promise<Report> {
  const startedAt = Date.now();
  const chosen = selectFaults(flags);
  const skipped = chosen.flatMap(({ name, obstacle }) => {
    const why = obstacle?.() ?? null;
    return why === null ? [] : [{ fault: name, why }];
  });
  const faults = chosen.filter(({ name }) => !skipped.some(({ fault }) => fault === name));
  const rows: Row[] = [];
  const failures: string[] = [];
  let restore: RestoreMeasure | null = null;
  const limits = LIMITS[flags.form === 'short' ? 'short' : 'full'];

  say(`Linking ${flags.sessions} numbers; then ${faults.length} faults with seed ${flags.seed}.`);
  const world = await World.open(flags.sessions);
  try {
    const traffic = new Traffic(world, flags.rate);
    const counter = new MessageCounter(world);
    if (flags.only.length === 0 || flags.only.some((name) => name === 'browser-kill' || name === 'page-hang')) {
      restore = await measureFirst(world, traffic, counter, flags.form === 'short' ? ROUNDS.short : ROUNDS.full);
    }
    say(`\n${tableHead()}`);
    let before: Fault | null = null;
    for (const fault of faults) {
      if (signal.aborted) break;
      await prepareSettings(world, before, fault);
      before = fault;
      const row = await measureRow({ world, traffic, counter, seed: flags.seed, sessions: flags.sessions }, fault);
      rows.push(row);
      say(tableRow(row));
    }
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failures.push(`the run ended early: ${words}`);
  } finally {
    await world.close(flags.keep);
    if (flags.keep) say(`\nLogs are in ${world.folder}`);
  }
  const ratios = judgeRatios(restore, rows, limits);
  for (const { fault, why } of skipped) say(`not played: ${fault}, ${why}`);
  say(['', ...ratios.lines].join('\n'));
  failures.push(...rows.filter(({ broken }) => broken.length > 0).map(({ fault }) => `${fault} broke its expectation`));
  failures.push(...ratios.failures);
  return {
    startedAt: new Date(startedAt).toISOString(),
    tookSeconds: Math.round((Date.now() - startedAt) / 1000),
    seed: flags.seed,
    sessions: flags.sessions,
    sendsPerSecond: flags.rate,
    machine: thisMachine(),
    restore,
    rows,
    skipped,
    failures,
  };
}

async function measureFirst(
  world: World,
  traffic: Traffic,
  counter: MessageCounter,
  rounds: number,
): Promise<RestoreMeasure> {
  const [number] = world.numbers;
  if (number === undefined) throw new Error('there is no number to measure');
  const restore = await measureRestore(world, traffic, number, rounds);
  // These messages belong to no fault.
  await counter.count(traffic.collect());
  return restore;
}

async function prepareSettings(world: World, before: Fault | null, fault: Fault): Promise<void> {
  if (before === null ? fault.settings === undefined : haveSameSettings(before, fault)) return;
  await world.service.end('SIGTERM');
  await world.startService(fault.settings ?? {});
}
