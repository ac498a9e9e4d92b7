import type { Command } from 'commander';
import type { z } from 'zod';
import { acceptedAnswer, messageAnswer, read } from '../answers.js';
import { CliFailure, EXIT } from '../cli-failure.js';
import { type Frame, parseCount, parsePathPart, parseSessionId } from '../connection.js';
import { addListOptions, type ListOptions, listOf } from '../listing.js';
import { mediaOfFile, mediaOfUrl } from '../media.js';
import type { Printer, Row } from '../printer.js';
import { shortTimeOfMs } from '../words.js';
import type { World } from '../world.js';

type Message = z.infer<typeof messageAnswer>;
type Direction = 'sent' | 'received';

const MAX_WAIT_SECONDS = 60;
const STATUSES_OF_FAILURE = ['failed', 'uncertain'];

interface SendOptions {
  file?: string;
  mediaUrl?: string;
  mime?: string;
  caption?: string;
  quote?: string;
  idempotencyKey?: string;
  wait?: number;
}

/** `send`, `cancel`, `messages`, `inbox`: what goes out and what came in. */
export function addMessageCommands(program: Command, frame: Frame): void {
  program
    .command('send')
    .description('send a message: it is stored, and then sent or reported as failed')
    .argument('<id>', 'the session that sends', parseSessionId)
    .argument('<to>', 'a phone number with its country code, or a chat id')
    .argument('[text...]', 'the words; "-" takes standard input. Put -- before words that begin with a dash')
    .option('--file <path>', 'send this file instead of words')
    .option('--media-url <url>', 'send the file behind this address, which the service fetches')
    .option('--mime <type>', 'what the file is; guessed from its name when left out')
    .option('--caption <words>', 'the words beside the file')
    .option(
      '--quote <message>',
      'reply to this message: the id of one in the inbox, or the waMessageId of one that was sent',
    )
    .option('--idempotency-key <key>', 'the same key never sends a second message')
    .option('--wait <seconds>', 'wait until it is sent', parseCount(MAX_WAIT_SECONDS))
    .action((id: string, to: string, words: string[], options: SendOptions) => send(id, to, words, options, frame));

  program
    .command('cancel')
    .description('take back a message that is still queued')
    .argument('<id>', 'the session', parseSessionId)
    .argument('<message>', 'its id', parsePathPart)
    .action(async (id: string, message: string) => {
      const { client, print } = frame.connect();
      const answer = await client.json('DELETE', `/api/sessions/${id}/messages/${message}`);
      print.answer(answer, () => print.line(`${read(acceptedAnswer, answer).id} will not be sent.`));
    });

  addListOptions(program.command('messages').description('messages that were sent or will be, oldest first'))
    .argument('<id>', 'the session', parseSessionId)
    .option('--status <status>', 'only those of this status')
    .action((id: string, options: ListOptions & { status?: string }) => list(id, 'sent', options, frame));

  addListOptions(program.command('inbox').description('messages that came in, oldest first'))
    .argument('<id>', 'the session', parseSessionId)
    .action((id: string, options: ListOptions) => list(id, 'received', options, frame));
}

async function send(
  id: string,
  to: string,
  words: readonly string[],
  options: SendOptions,
  { connect, world }: Frame,
): Promise<void> {
  const content = await contentOf(words, options, world);
  const { quote, idempotencyKey, wait } = options;
  const { client, print } = connect();
  const headers = {
    ...(idempotencyKey === undefined ? {} : { 'idempotency-key': idempotencyKey }),
    ...(wait === undefined ? {} : { prefer: `wait=${wait}` }),
  };
  const body = { to, ...content, ...(quote === undefined ? {} : { quotedMessageId: quote }) };
  const answer = await client.json('POST', `/api/sessions/${id}/messages`, { body, headers });
  const message = read(acceptedAnswer, answer);
  print.answer(answer, () => {
    print.line(`${message.id} is ${message.status}.${message.detail === undefined ? '' : ` ${message.detail}`}`);
  });
  if (!STATUSES_OF_FAILURE.includes(message.status)) return;
  throw new CliFailure(EXIT.refused, `The message was not sent (${message.code ?? message.status}).`);
}

/** Words, or a file with a caption; throws CliFailure for both, and for neither. */
async function contentOf(
  words: readonly string[],
  { file, mediaUrl, mime, caption }: SendOptions,
  world: World,
): Promise<object> {
  const given = [words.length > 0, file !== undefined, mediaUrl !== undefined].filter(Boolean).length;
  if (given !== 1) {
    const hint = 'Say either what to write, or --file, or --media-url. The words beside a file are its --caption.';
    throw new CliFailure(EXIT.usage, hint);
  }
  const beside = caption === undefined ? {} : { caption };
  if (file !== undefined) return { media: mediaOfFile(file, world.cwd, mime), ...beside };
  if (mediaUrl !== undefined) return { media: mediaOfUrl(mediaUrl, mime), ...beside };
  if (caption !== undefined || mime !== undefined)
    throw new CliFailure(EXIT.usage, '--caption and --mime need a file.');
  const isInput = words.length === 1 && words[0] === '-';
  return { text: isInput ? (await world.readInput()).trimEnd() : words.join(' ') };
}

async function list(
  id: string,
  direction: Direction,
  options: ListOptions & { status?: string },
  { connect }: Frame,
): Promise<void> {
  const connection = connect();
  const { print } = connection;
  const path = `/api/sessions/${id}/messages`;
  const { answer, items, next } = await listOf(connection, path, messageAnswer, { ...options, direction });
  print.answer(answer, () => {
    if (direction === 'sent') showSent(print, items);
    else showReceived(print, items);
    if (next !== null) print.hint(`More: --after ${next}`);
  });
}

function showReceived(print: Printer, items: readonly Message[]): void {
  const rows = items.map((message) => ({
    cells: [shortTimeOfMs(message.timestamp), message.from, message.id, words(message)],
  }));
  print.table(['TIME', 'FROM', 'ID', 'WORDS'], rows, 'There is no message.');
}

function showSent(print: Printer, items: readonly Message[]): void {
  const rows = items.map((message): Row => {
    const { id, timestamp, to, status = null, code } = message;
    return {
      cells: [id, shortTimeOfMs(timestamp), to, code ? `${status} (${code})` : status, words(message)],
      ...(STATUSES_OF_FAILURE.includes(status ?? '') ? { mood: 'bad' } : {}),
    };
  });
  print.table(['ID', 'TIME', 'TO', 'STATUS', 'WORDS'], rows, 'There is no message.');
}

const words = ({ type, body }: Message) => (type === 'chat' ? body : `[${type}] ${body}`.trim());
