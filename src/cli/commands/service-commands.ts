import type { Command } from 'commander';
import { CliFailure, EXIT } from '../cli-failure.js';
import { type Frame, parseCount } from '../connection.js';

/** `start` and `demo`: the service itself. */
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
      const code = await world.runDemo(args);
      if (code !== 0) throw new CliFailure(EXIT.refused, `The demo ended with ${code}.`);
    });
}
