import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { requireSessionId } from '../adapters/chromium/session-folder.js';
import { createPrinter, type Printer } from './printer.js';
import { createServiceClient, type ServiceClient } from './service-client.js';
import type { World } from './world.js';

const DEFAULT_PORT = '3000';
const globalOptions = z.object({
  url: z.string().optional(),
  key: z.string().optional(),
  json: z.boolean().optional(),
});

/** The service that a command talks to, and the way it prints. */
export interface Connection {
  client: ServiceClient;
  print: Printer;
}

/** What every group of commands is built with. */
export interface Frame {
  world: World;
  /** For the action of a command: the options are known only then. */
  connect(): Connection;
  printer(): Printer;
}

/** The options that every command takes. */
export function addGlobalOptions(program: Command): Command {
  return program
    .option(
      '--url <address>',
      'address of the service (WAKEFUL_URL; http://127.0.0.1 with WAKEFUL_PORT or 3000 when neither is set)',
    )
    .option('--key <key>', 'API key (WAKEFUL_API_KEY is better: others can see what is written on a command line)')
    .option('--json', 'print the JSON of the service, for scripts');
}

export function createFrame(program: Command, world: World): Frame {
  const options = () => globalOptions.parse(program.opts());
  const printer = () => createPrinter(world, options().json ?? false);
  return {
    world,
    printer,
    connect() {
      const { url, key } = options();
      const { WAKEFUL_URL, WAKEFUL_PORT, WAKEFUL_API_KEY } = world.env;
      // As the service started in the same terminal reads it.
      const address = url ?? (WAKEFUL_URL || `http://127.0.0.1:${WAKEFUL_PORT || DEFAULT_PORT}`);
      return { client: createServiceClient(address, key ?? (WAKEFUL_API_KEY || null)), print: printer() };
    },
  };
}

/** For arguments that name a session. */
export function parseSessionId(text: string): string {
  try {
    return requireSessionId(text);
  } catch {
    throw new InvalidArgumentError('Expected 1 to 64 letters, digits, "-" or "_".');
  }
}

/** For arguments that become a part of the path: an id of a message or a delivery, a phone number. */
export function parsePathPart(text: string): string {
  if (text.trim() === '' || /^\.+$/.test(text)) throw new InvalidArgumentError('Expected something like "msg_1".');
  return encodeURIComponent(text);
}

/** For options that count. */
export function parseCount(max: number): (text: string) => number {
  return (text) => {
    const count = Number(text);
    if (/^\d+$/.test(text) && count >= 1 && count <= max) return count;
    throw new InvalidArgumentError(`Expected a whole number from 1 to ${max}.`);
  };
}
