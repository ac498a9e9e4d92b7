import type { Command } from 'commander';
import { CliFailure, EXIT } from '../cli-failure.js';
import { type Frame, parseCount } from '../connection.js';
import type { ProgramName } from '../world.js';

/** `start`, `demo` and `browser`: the service itself, and what it needs. */
export function addServiceCommands(program: Command, { world }: Frame): void {
  program
    .command('start')
    .description('run the service in this terminal until Ctrl-C; its settings are in docs/configuration.md')
    .action(() => world.startService());

  program
    .command('demo')
    .description('three numbers on a simulated WhatsApp, where something breaks now and then')
    .option('--for <seconds>', 'end after this time; without, Ctrl-C ends it', parseCount(86_400))
    .option('--port <port>', 'port of its API', parseCount(65_535))
    .action(async (options: { for?: number; port?: number }) => {
      const args = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
      await run('browser', []);
      await run('demo', args);
    });

  program
    .command('browser')
    .description('find a Chromium or Chrome that starts, or install one')
    .option('--check', 'only look')
    .action(({ check = false }: { check?: boolean }) => run('browser', check ? ['--check'] : []));

  async function run(name: ProgramName, args: readonly string[]): Promise<void> {
    const code = await world.runProgram(name, args);
    if (code !== 0) throw new CliFailure(EXIT.refused, `wakeful ${name} ended with ${code}.`);
  }
}
