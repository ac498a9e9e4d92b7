import { writeFileSync } from 'node:fs';
import { play, say } from '../support/command.js';
import { endOnSignal } from '../support/interrupt.js';
import { type Flags, readFlags, USAGE } from './flags.js';
import { runSoak } from './run.js';

/** Gives the exit code: 1 when something grew beyond its allowance or the run could not be finished. */
async function main(flags: Flags): Promise<number> {
  const report = await runSoak(flags, say, endOnSignal(say));
  if (flags.json !== null) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  for (const failure of report.failures) say(`FAILED: ${failure}`);
  if (report.failures.length > 0) return 1;
  say(`Nothing grew beyond its allowance, in ${report.tookSeconds} s.`);
  return 0;
}

void play({ usage: USAGE, readFlags, main });
