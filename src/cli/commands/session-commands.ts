import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { pageOf, read, type SessionAnswer, sessionAnswer } from '../answers.js';
import { CliFailure, EXIT } from '../cli-failure.js';
import { type Frame, parseSessionId } from '../connection.js';
import type { Printer } from '../printer.js';
import { duration, megabytes, moodOf, shortTime } from '../words.js';

interface Settings {
  label?: string | false;
  webhook?: string | false;
  webhookToken?: string;
  webhookHmacKey?: string;
  webhookEvents?: string;
  proxy?: string | false;
}

/** `sessions …`: every session, one by one, and starting and stopping them. */
export function addSessionCommands(program: Command, { world, connect }: Frame): void {
  const sessions = program.command('sessions').description('see, add, change, start and stop sessions');

  sessions
    .command('list', { isDefault: true })
    .description('all sessions')
    .action(async () => {
      const { client, print } = connect();
      const answer = await client.json('GET', '/api/sessions');
      print.answer(answer, () => showTable(print, read(pageOf(sessionAnswer), answer).items));
    });

  sessions
    .command('show')
    .description('one session')
    .argument('<id>', 'the session', parseSessionId)
    .action(async (id: string) => {
      const { client, print } = connect();
      const answer = await client.json('GET', `/api/sessions/${id}`);
      print.answer(answer, () => showFacts(print, read(sessionAnswer, answer)));
    });

  addSettings(sessions.command('add').description('create a session and, unless told otherwise, connect it'))
    .option('--no-start', 'create it only')
    .argument('<id>', 'its id: letters, digits, "-" and "_"', parseSessionId)
    .action(async (id: string, { start, ...settings }: Settings & { start: boolean }) => {
      const { client, print } = connect();
      const body = { id, start, ...settingsOf(settings, world.cwd) };
      const answer = await client.json('POST', '/api/sessions', { body });
      print.answer(answer, () => {
        print.line(`${id} was created.`);
        const next = start ? `npx wakeful qr ${id}` : `npx wakeful sessions connect ${id}`;
        print.hint(`Next: ${next}`);
      });
    });

  addSettings(sessions.command('set').description('change label, webhook or proxy; what is left out stays'))
    .option('--no-label', 'remove the label')
    .option('--no-webhook', 'remove the webhook')
    .option('--no-proxy', 'remove the proxy')
    .argument('<id>', 'the session', parseSessionId)
    .action(async (id: string, settings: Settings) => {
      const body = settingsOf(settings, world.cwd);
      if (Object.keys(body).length === 0) {
        throw new CliFailure(EXIT.usage, 'Say what to change: --label, --webhook or --proxy.');
      }
      const { client, print } = connect();
      const answer = await client.json('PATCH', `/api/sessions/${id}`, { body });
      print.answer(answer, () => showFacts(print, read(sessionAnswer, answer)));
    });

  const command = (name: string, description: string) =>
    sessions.command(name).description(description).argument('<id>', 'the session', parseSessionId);
  const act = async (id: string, path: string, body: object) => {
    const { client, print } = connect();
    const answer = await client.json('POST', `/api/sessions/${id}/${path}`, { body });
    print.answer(answer, () => showState(print, read(sessionAnswer, answer)));
  };

  command('connect', 'want it running; does nothing when it is').action((id: string) => act(id, 'connect', {}));
  command('disconnect', 'stop it; its login stays')
    .option('--force', 'discard its login and reset its counters too')
    .action((id: string, { force = false }: { force?: boolean }) => act(id, 'disconnect', { force }));
  command('force-reconnect', 'reset counters and circuit breaker and start afresh').action((id: string) =>
    act(id, 'force-reconnect', {}),
  );
  command('logout', 'unlink the device at WhatsApp').action((id: string) => act(id, 'logout', {}));
  command('remove', 'stop it, forget it and discard its login').action(async (id: string) => {
    const { client, print } = connect();
    const answer = await client.json('DELETE', `/api/sessions/${id}`);
    print.answer(answer, () => print.line(`${id} was removed.`));
  });
}

function addSettings(command: Command): Command {
  return command
    .option('--label <text>', 'a name for people')
    .option('--webhook <url>', 'who is told of messages and changes; replaces the whole webhook with its secrets')
    .option('--webhook-token <token>', 'sent to the webhook as `Authorization: Bearer`; @FILE reads it from a file')
    .option('--webhook-hmac-key <key>', 'signs what the webhook is sent; @FILE reads it from a file')
    .option('--webhook-events <names>', 'only these events, with commas between')
    .option('--proxy <address>', 'proxy of its browser');
}

/** The settings as the service takes them: false, from `--no-…`, removes. */
function settingsOf(
  { label, webhook, webhookToken, webhookHmacKey, webhookEvents, proxy }: Settings,
  cwd: string,
): Record<string, unknown> {
  const details = {
    ...(webhookToken === undefined ? {} : { token: secretOf(webhookToken, cwd) }),
    ...(webhookHmacKey === undefined ? {} : { hmacKey: secretOf(webhookHmacKey, cwd) }),
    ...(webhookEvents === undefined ? {} : { events: webhookEvents.split(',').map((name) => name.trim()) }),
  };
  if (typeof webhook !== 'string' && Object.keys(details).length > 0) {
    throw new CliFailure(EXIT.usage, 'Name the webhook itself as well, with --webhook: it is replaced as a whole.');
  }
  const orNull = (value: string | false) => (value === false ? null : value);
  return {
    ...(label === undefined ? {} : { label: orNull(label) }),
    ...(webhook === undefined ? {} : { webhook: webhook === false ? null : { url: webhook, ...details } }),
    ...(proxy === undefined ? {} : { proxy: orNull(proxy) }),
  };
}

/** What is written on a command line, others can see and the shell remembers: a file may hold it instead. */
function secretOf(text: string, cwd: string): string {
  if (!text.startsWith('@')) return text;
  try {
    return readFileSync(resolve(cwd, text.slice(1)), 'utf8').trim();
  } catch (cause) {
    throw new CliFailure(EXIT.usage, `The file ${text.slice(1)} could not be read.`, { cause });
  }
}

function showTable(print: Printer, items: readonly SessionAnswer[]): void {
  print.table(
    ['ID', 'LABEL', 'PHONE', 'STATUS', 'UP', 'MEMORY', 'WHAT IS GOING ON'],
    items.map((session) => ({
      mood: moodOf(session.status),
      cells: [
        session.id,
        session.label,
        session.phoneNumber,
        session.status,
        session.isConnected ? duration(session.uptimeSeconds) : null,
        session.browser && megabytes(session.browser.memoryBytes),
        session.message,
      ],
    })),
    'There is no session yet. Next: npx wakeful sessions add shop',
  );
}

function showState(print: Printer, { id, status, message }: SessionAnswer): void {
  print.line(`${id} is ${status}. ${message}`, moodOf(status));
}

function showFacts(print: Printer, session: SessionAnswer): void {
  showState(print, session);
  print.facts({
    label: session.label,
    phone: session.phoneNumber,
    reason: session.reason,
    'to be done': session.userAction === 'none' ? null : session.userAction,
    since: shortTime(session.since),
    wanted: session.desired,
    attempt: session.attempt === 0 ? null : session.attempt,
    'next attempt': shortTime(session.nextAttemptAt),
    circuit: session.circuit.state === 'closed' ? null : session.circuit.state,
    up: session.isConnected ? duration(session.uptimeSeconds) : null,
    'last activity': shortTime(session.lastActivityAt),
    browser: session.browser && `pid ${session.browser.pid}, ${megabytes(session.browser.memoryBytes)}`,
    'WhatsApp Web': session.webVersion,
    health: session.health.verdict,
  });
}
