import { Command, CommanderError } from 'commander';
import { CliFailure, EXIT, EXIT_MEANINGS } from './cli-failure.js';
import { addBackupCommands } from './commands/backup-commands.js';
import { addCompletionCommand } from './commands/completion-command.js';
import { addDoctorCommand } from './commands/doctor-command.js';
import { addEventCommands } from './commands/event-commands.js';
import { addFleetCommands } from './commands/fleet-commands.js';
import { addImportCommand } from './commands/import-command.js';
import { addKeyCommands } from './commands/key-commands.js';
import { addLinkCommands } from './commands/link-commands.js';
import { addMessageCommands } from './commands/message-commands.js';
import { addPageCommands } from './commands/page-commands.js';
import { addServiceCommands } from './commands/service-commands.js';
import { addSessionCommands } from './commands/session-commands.js';
import { addGlobalOptions, createFrame } from './connection.js';
import { visible } from './printer.js';
import type { World } from './world.js';

/** Every command of the command line. Nothing runs before it is given arguments. */
export function createProgram(world: World): Command {
  const program = addGlobalOptions(new Command('wakeful'))
    .description(
      'Keeps WhatsApp numbers connected. Every command but start, demo, browser, doctor, import, backup, restore and completion talks to a running service.',
    )
    .version(world.version)
    .configureHelp({ showGlobalOptions: true, sortSubcommands: false })
    .configureOutput({ writeOut: world.out, writeErr: world.err })
    .addHelpText('after', `\nExit codes:\n${exitCodes()}`)
    .exitOverride();
  const frame = createFrame(program, world);
  addServiceCommands(program, frame);
  addDoctorCommand(program, frame);
  addImportCommand(program, frame);
  addBackupCommands(program, frame);
  addSessionCommands(program, frame);
  addLinkCommands(program, frame);
  addMessageCommands(program, frame);
  addEventCommands(program, frame);
  addFleetCommands(program, frame);
  addKeyCommands(program, frame);
  addPageCommands(program, frame);
  addCompletionCommand(program, world);
  return program;
}

/** Runs one command line, without the name of the program; resolves with the exit code. */
export async function runCommandLine(args: readonly string[], world: World): Promise<number> {
  const program = createProgram(world);
  try {
    await program.parseAsync(args, { from: 'user' });
    return EXIT.ok;
  } catch (error) {
    // Commander has told already.
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.usage;
    const isExpected = error instanceof CliFailure;
    const isJson = program.opts<{ json?: boolean }>().json ?? false;
    if (isExpected && isJson && error.problem !== null) world.err(`${JSON.stringify(error.problem)}\n`);
    else world.err(`wakeful: ${visible(error instanceof Error ? error.message : String(error))}\n`);
    return isExpected ? error.exitCode : EXIT.refused;
  }
}

function exitCodes(): string {
  return Object.entries(EXIT_MEANINGS)
    .map(([code, meaning]) => `  ${code}  ${meaning}`)
    .join('\n');
}
