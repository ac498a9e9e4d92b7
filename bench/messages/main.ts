import { writeFileSync } from 'node:fs';
import { play, say } from '../support/command.js';
import { endOnSignal } from '../support/interrupt.js';
import { type Flags, readFlags, USAGE } from './flags.js';
import { meetsGoal, tableOf } from './report.js';
import { runMessages } from './run.js';

/** Gives the exit code: 1 when the API is slower than it may be, or the run could not be finished. */
async function main(flags: Flags): Promise<number> {
  const report = await runMessages(flags, say, endOnSignal(say));
  if (flags.json !== null) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  say(`\n${tableOf(report)}`);
  return meetsGoal(report) ? 0 : 1;
}

void play({ usage: USAGE, readFlags, main });
