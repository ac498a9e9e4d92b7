import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { play, say } from '../support/command.js';
import { endOnSignal } from '../support/interrupt.js';
import { CATALOGUE } from './catalogue.js';
import { type Flags, readFlags, USAGE } from './flags.js';
import { markdownOf, putIntoPage } from './markdown.js';
import { drawPicture } from './picture.js';
import { joined, type Report } from './report.js';
import { expectationWords } from './row.js';
import { runChaos } from './run.js';

function list(): void {
  for (const fault of CATALOGUE) {
    const { name, words, form } = fault;
    say(`${name.padEnd(20)} ${(form ?? '').padEnd(6)} ${expectationWords(fault).padEnd(24)} ${words}`);
  }
}

/** A report as a run wrote it. */
function read(file: string): Report {
  return JSON.parse(readFileSync(file, 'utf8')) as Report;
}

function writeMarkdown(file: string, report: Report): void {
  const page = existsSync(file) ? readFileSync(file, 'utf8') : undefined;
  writeFileSync(file, putIntoPage(markdownOf(report), page));
}

/** Gives the exit code: 1 when a fault broke its expectation or the run could not be finished. */
async function main(flags: Flags): Promise<number> {
  if (flags.list) {
    list();
    return 0;
  }
  const report = flags.from.length === 0 ? await runChaos(flags, say, endOnSignal(say)) : joined(flags.from.map(read));
  if (flags.json !== null) writeFileSync(flags.json, `${JSON.stringify(report, null, 2)}\n`);
  if (flags.svg !== null) writeFileSync(flags.svg, drawPicture(report.rows));
  if (flags.markdown !== null) writeMarkdown(flags.markdown, report);
  for (const failure of report.failures) say(`FAILED: ${failure}`);
  const held = report.rows.filter(({ broken }) => broken.length === 0).length;
  say(`${held} of ${report.rows.length} faults ended as expected, in ${report.tookSeconds} s.`);
  return report.failures.length === 0 ? 0 : 1;
}

void play({ usage: USAGE, readFlags, main });
