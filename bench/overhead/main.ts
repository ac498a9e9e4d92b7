import { writeFileSync } from 'node:fs';
import { endOnSignal } from '../support/interrupt.js';
import { thisMachine } from '../support/machine.js';
import type { SizeReport } from './figures.js';
import { type Flags, readFlags } from './flags.js';
import { overheadTable, type Report } from './report.js';
import { measureSize } from './run.js';
import { GOALS, LOOSE_GOALS, missed } from './verdict.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

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

main(readFlags(process.argv.slice(2))).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
