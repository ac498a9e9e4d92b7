import { writeFileSync } from 'node:fs';
import { endOnSignal } from '../support/interrupt.js';
import { type Flags, readFlags } from './flags.js';
import { runRestore } from './run.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Gives the exit code: 1 when a goal was missed or the run could not be finished. */
async function main(flags: Flags): Promise<number> {
  const report = await runRestore(flags, say, endOnSignal(say));
  if (flags.json !== null) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  for (const failure of report.failures) say(`FAILED: ${failure}`);
  return report.failures.length === 0 ? 0 : 1;
}

main(readFlags(process.argv.slice(2))).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
