import { writeFileSync } from 'node:fs';
import { endOnSignal } from '../support/interrupt.js';
import { type Flags, readFlags } from './flags.js';
import { runSoak } from './run.js';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

/** Gives the exit code: 1 when something grew beyond its allowance or the run could not be finished. */
async function main(flags: Flags): Promise<number> {
  const report = await runSoak(flags, say, endOnSignal(say));
  if (flags.json !== null) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  for (const failure of report.failures) say(`FAILED: ${failure}`);
  if (report.failures.length > 0) return 1;
  say(`Nothing grew beyond its allowance, in ${report.tookSeconds} s.`);
  return 0;
}

main(readFlags(process.argv.slice(2))).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
