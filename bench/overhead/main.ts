import { writeFileSync } from 'node:fs';
import { play, say } from '../support/command.js';
import { endOnSignal } from '../support/interrupt.js';
import { thisMachine } from '../support/machine.js';
import type { SizeReport } from './figures.js';
import { type Flags, readFlags, USAGE } from './flags.js';
import { overheadTable, type Report } from './report.js';
import { measureSize } from './run.js';
import { GOALS, LOOSE_GOALS, missed } from './verdict.js';

/** Gives the exit code: 1 when a goal was missed or the run could not be finished. */
async function main(flags: Flags): Promise<number> {
  const startedAt = Date.now();
  const signal = endOnSignal(say);
  const sizes: SizeReport[] = [];
  for (const sessions of flags.sizes) sizes.push(await measureSize({ ...flags, sessions, say, signal }));
  say(`\n${overheadTable(sizes)}\n`);
  const report: Report = {
    startedAt: new Date(startedAt).toISOString(),
    tookSeconds: Math.round((Date.now() - startedAt) / 1000),
    machine: thisMachine(),
    sizes,
    failures: missed(sizes, flags.short ? LOOSE_GOALS : GOALS),
  };
  if (flags.json !== null) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  for (const failure of report.failures) say(`FAILED: ${failure}`);
  if (report.failures.length > 0) return 1;
  say(`Every goal was reached, in ${report.tookSeconds} s.`);
  return 0;
}

void play({ usage: USAGE, readFlags, main });
