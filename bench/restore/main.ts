import { writeFileSync } from 'node:fs';
import { play, say } from '../support/command.js';
import { endOnSignal } from '../support/interrupt.js';
import { type Flags, readFlags, USAGE } from './flags.js';
import { runRestore } from './run.js';

/** Gives the exit code: 1 when a goal was missed or the run could not be finished. */
async function main(flags: Flags): Promise<number> {
  const report = await runRestore(flags, say, endOnSignal(say));
  if (flags.json !== null) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  for (const failure of report.failures) say(`FAILED: ${failure}`);
  return report.failures.length === 0 ? 0 : 1;
}

void play({ usage: USAGE, readFlags, main });
