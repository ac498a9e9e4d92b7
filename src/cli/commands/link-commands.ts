import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { toString as draw, toBuffer } from 'qrcode';
import { z } from 'zod';
import { read, type SessionAnswer, sessionAnswer } from '../answers.js';
import { CliFailure, EXIT } from '../cli-failure.js';
import { type Connection, type Frame, parseSessionId } from '../connection.js';

const LOOK_EVERY_MS = 1_000;
const PNG_WIDTH_PIXELS = 300;
/** Here a code, or the connection, comes within the minute. */
const COMING = ['connecting', 'qr_pending'];

const qrAnswer = z.object({ qr: z.string(), expiresAt: z.string() });
const codeAnswer = z.object({ code: z.string() });

/** `qr` and `pair`: linking a number to a session. */
export function addLinkCommands(program: Command, frame: Frame): void {
  program
    .command('qr')
    .description('show the QR code, and each new one, until it is scanned; with --json the one of now, once')
    .argument('<id>', 'the session', parseSessionId)
    .option('--png <file>', 'write it into this file as a picture instead')
    .option('--once', 'show the one of now and end')
    .action((id: string, options: { png?: string; once?: boolean }) => showUntilScanned(id, options, frame));

  program
    .command('pair')
    .description('a code to type into the phone instead of scanning')
    .argument('<id>', 'the session', parseSessionId)
    .argument('<phone>', 'the phone number with its country code')
    .action(async (id: string, phoneNumber: string) => {
      const { client, print } = frame.connect();
      const answer = await client.json('POST', `/api/sessions/${id}/pairing-code`, { body: { phoneNumber } });
      print.answer(answer, () => {
        print.line(read(codeAnswer, answer).code);
        print.hint('On the phone: WhatsApp, Settings, Linked devices, Link a device, Link with phone number instead.');
      });
    });
}

async function showUntilScanned(
  id: string,
  { png, once = false }: { png?: string; once?: boolean },
  { world, connect }: Frame,
): Promise<void> {
  const connection = connect();
  const { print } = connection;
  const signal = world.interrupted();
  let shown: string | null = null;
  let toldReason: string | null = null;
  let linesDrawn = 0;
  while (!signal.aborted) {
    const session = await sessionOf(connection, id);
    if (session.isConnected) {
      if (print.isJson) throw new CliFailure(EXIT.refused, `${id} is linked and connected: there is no QR code.`);
      return print.line(`${id} is connected as ${session.phoneNumber ?? 'a number that is not known yet'}.`, 'good');
    }
    requireHope(session);
    const code = session.status === 'qr_pending' ? await codeOf(connection, id) : null;
    if (code === null && shown === null && session.reason !== toldReason) {
      if (print.isJson && !COMING.includes(session.status))
        throw new CliFailure(EXIT.refused, `${id} shows no QR code now: ${session.message}`);
      // Whoever waits wants to know for what; the message alone counts seconds, and would be another each time.
      toldReason = session.reason;
      print.hint(session.message);
    }
    if (code !== null && code.qr !== shown) {
      shown = code.qr;
      if (print.isJson) return print.answer(code, () => {});
      if (png !== undefined)
        writePicture(resolve(world.cwd, png), await toBuffer(code.qr, { width: PNG_WIDTH_PIXELS }));
      else linesDrawn = await drawOver(linesDrawn, code.qr, connection, world.out);
      if (png !== undefined) print.line(`The QR code is in ${png}.`);
      if (once) return;
      print.hint('On the phone: WhatsApp, Settings, Linked devices, Link a device. A new code comes about every 20 s.');
    }
    await world.pause(LOOK_EVERY_MS, signal);
  }
}

async function sessionOf({ client }: Connection, id: string): Promise<SessionAnswer> {
  return read(sessionAnswer, await client.json('GET', `/api/sessions/${id}`));
}

/** Null when there is none just now: between two codes, or scanned this moment. */
async function codeOf({ client }: Connection, id: string): Promise<z.infer<typeof qrAnswer> | null> {
  try {
    return read(qrAnswer, await client.json('GET', `/api/sessions/${id}/qr`));
  } catch (error) {
    const problem = error instanceof CliFailure ? error.problem : null;
    if (z.object({ code: z.literal('no_qr') }).safeParse(problem).success) return null;
    throw error;
  }
}

/** A session that nobody wants running, or that has given up, will show no code however long one waits. */
function requireHope({ id, status, desired, message }: SessionAnswer): void {
  if (desired === 'running' && !['disconnected', 'error'].includes(status)) return;
  const how = status === 'error' ? 'force-reconnect' : 'connect';
  const advice = `Start it with "npx wakeful sessions ${how} ${id}", then ask again.`;
  throw new CliFailure(EXIT.refused, `${id} shows no QR code: it is ${status}. ${message} ${advice}`);
}

/** Draws the code where the one before was, and says how many lines are to be drawn over next time. */
async function drawOver(
  linesBefore: number,
  qr: string,
  { print }: Connection,
  out: (text: string) => void,
): Promise<number> {
  // With colours of its own where it may have them: without, it is inverted on a dark terminal, which not every phone reads.
  const picture = print.hasColours
    ? await draw(qr, { type: 'terminal', small: true })
    : await draw(qr, { type: 'utf8' });
  // The hint below the picture takes a line as well.
  if (print.isTerminal && linesBefore > 0) out(`\u001b[${linesBefore + 1}A\u001b[J`);
  out(`${picture}\n`);
  return picture.split('\n').length;
}

/** Whoever reads the picture can link the number: it is for its owner alone. */
function writePicture(path: string, bytes: Buffer): void {
  writeFileSync(path, bytes, { mode: 0o600 });
}
