import type { Command } from 'commander';
import { z } from 'zod';
import { eventAnswer, pageOf, read } from '../answers.js';
import { CliFailure, EXIT } from '../cli-failure.js';
import { type Frame, parseSessionId } from '../connection.js';
import { addListOptions, DEFAULT_LAST, type ListOptions, listOf } from '../listing.js';
import type { Printer } from '../printer.js';
import { shortTime } from '../words.js';

const LOOK_EVERY_MS = 1_000;

/** `events`: the timeline of a session. */
export function addEventCommands(program: Command, { world, connect }: Frame): void {
  addListOptions(program.command('events').description('timeline of a session, oldest first'))
    .argument('<id>', 'the session', parseSessionId)
    .option('--follow', 'go on with what happens from now; with --json one event a line. Ctrl-C ends it')
    .action(async (id: string, { follow = false, ...options }: ListOptions & { follow?: boolean }) => {
      const connection = connect();
      const { client, print } = connection;
      const path = `/api/sessions/${id}/events`;
      // Whoever follows from a position wants all behind it.
      const from = follow && options.after === undefined ? { last: DEFAULT_LAST, ...options } : options;
      const { answer, items, next } = await listOf(connection, path, eventAnswer, from);
      const show = (page: unknown) => {
        for (const event of read(pageOf(z.unknown()), page).items) {
          if (print.isJson) print.jsonLine(event);
          else showEvent(print, read(eventAnswer, event));
        }
      };
      if (!follow) {
        return print.answer(answer, () => {
          show(answer);
          if (next !== null) print.hint(`More: --after ${next}`);
        });
      }

      show(answer);
      let after = next ?? String(items.at(-1)?.seq ?? options.after ?? 0);
      let isAway = false;
      const signal = world.interrupted();
      while (!signal.aborted) {
        try {
          const news = await client.json('GET', path, { query: { after } });
          show(news);
          after = String(read(pageOf(eventAnswer), news).items.at(-1)?.seq ?? after);
          isAway = false;
        } catch (error) {
          // A restart of the service is no end: the timeline outlives it.
          if (!(error instanceof CliFailure) || error.exitCode !== EXIT.unreachable) throw error;
          if (!isAway) print.hint(`${error.message} Waiting for it.`);
          isAway = true;
        }
        await world.pause(LOOK_EVERY_MS, signal);
      }
    });
}

function showEvent(print: Printer, { at, event, message }: { at: string; event: string; message: string }): void {
  print.line(`${shortTime(at)}  ${event}  ${message}`);
}
