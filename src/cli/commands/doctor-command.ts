import type { Command } from 'commander';
import type { Finding, Grade } from '../../domain/diagnosis.js';
import { CliFailure, EXIT } from '../cli-failure.js';
import type { Frame } from '../connection.js';
import { examine } from '../examination.js';
import type { Mood } from '../printer.js';

const MOODS: Readonly<Record<Grade, Mood>> = { ok: 'good', warning: 'busy', problem: 'bad' };
const GRADE_WIDTH = 'problem'.length;
const CHECK_WIDTH = 'disk of the data folder'.length;

/** `doctor`: looks at the machine; needs no running service. */
export function addDoctorCommand(program: Command, { world, printer }: Frame): void {
  program
    .command('doctor')
    .description(
      'look whether this machine has what the service needs, and say what to do; starts a browser for a moment',
    )
    .action(async () => {
      const print = printer();
      const findings: Finding[] = [];
      for await (const finding of examine(await world.machine(), world)) {
        findings.push(finding);
        if (print.isJson) continue;
        const { grade, check, message, advice } = finding;
        print.line(`${grade.padEnd(GRADE_WIDTH)}  ${check.padEnd(CHECK_WIDTH)}  ${message}`, MOODS[grade]);
        if (advice !== null && grade !== 'ok') print.line(`${' '.repeat(GRADE_WIDTH)}  ${advice}`);
      }
      print.answer({ items: findings }, () => {});
      const problems = findings.filter(({ grade }) => grade === 'problem').length;
      if (problems > 0) {
        throw new CliFailure(EXIT.refused, problems === 1 ? 'There is a problem.' : `There are ${problems} problems.`);
      }
    });
}
