import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { type SimulatorClient, startSimulator } from '../simulator/client.js';
import { Mischief } from './mischief.js';
import { Conversation, NUMBERS, pause, scanWhenAsked } from './numbers.js';
import { draw, type Picture } from './screen.js';
import { type DemoEvent, type DemoSession, type Service, startService } from './service.js';

const DRAW_MS = 1000;
/** A screen that cannot be redrawn in place (a file, a CI log) gets a new one this often. */
const PRINT_MS = 10_000;
const WRITE_MS = 2000;
const FIRST_STRIKE_MS = 10_000;
const STRIKE_MS = 20_000;

function seconds(text: string): number {
  if (Number(text) > 0) return Number(text);
  throw new InvalidArgumentError('A number of seconds is expected.');
}

const flags = new Command('demo')
  .description('Three numbers on a simulated WhatsApp, with a fault every 20 seconds.')
  .option('--for <seconds>', 'end by itself after so long', seconds)
  .option('--port <port>', 'where the service listens; another one when it is taken')
  .parse()
  .opts<{ for?: number; port?: string }>();
const runForMs = (flags.for ?? Number.POSITIVE_INFINITY) * 1000;
const preferredPort = Number(flags.port ?? process.env.WAKEFUL_PORT ?? 3000);

const stopped = new AbortController();
const terminal = process.stdout.isTTY === true;

async function run(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'wakeful-demo-'));
  const ends: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true, maxRetries: 5 })];
  try {
    process.stdout.write('Starting a simulated WhatsApp and the service ...\n');
    const simulator = await startSimulator({ dir: join(folder, 'simulator') });
    ends.unshift(() => simulator.stop());
    await writeFile(join(folder, 'config.json'), JSON.stringify({ log: { console: 'off' } }));
    const apiKey = `demo_${randomBytes(12).toString('hex')}`;
    const service = await startService({ folder, browserPath: simulator.browserWrapper, apiKey, preferredPort });
    ends.unshift(() => service.stop());
    return await play(service, simulator.client);
  } finally {
    process.stdout.write('Closing the browsers and cleaning up ...\n');
    for (const end of ends) await end().catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
  }
}

async function play(service: Service, phones: SimulatorClient): Promise<boolean> {
  const startedAt = Date.now();
  const happenings: string[] = [];
  const tell = (words: string) => happenings.push(`${new Date().toISOString().slice(11, 19)}  ${words}`);
  for (const { id, label } of NUMBERS) await service.call('POST', '/api/sessions', { id, label });
  for (const number of NUMBERS) {
    void scanWhenAsked(service, phones, number, stopped.signal)
      .then(() => tell(`${number.id}: the phone has scanned the QR code`))
      .catch((error: unknown) => tell(`${number.id}: ${String(error)}`));
  }
  const conversation = new Conversation(service, phones);
  const mischief = new Mischief(service, phones);
  const seen = new Map<string, number>();
  let nextStrikeAt = Number.POSITIVE_INFINITY;
  let nextWriteAt = 0;
  let nextPrintAt = 0;
  let healthy = false;

  while (!stopped.signal.aborted && Date.now() - startedAt < runForMs) {
    const { items: sessions } = await service.call<{ items: DemoSession[] }>('GET', '/api/sessions');
    healthy = sessions.length === NUMBERS.length && sessions.every(({ status }) => status === 'connected');
    if (healthy && nextStrikeAt === Number.POSITIVE_INFINITY) nextStrikeAt = Date.now() + FIRST_STRIKE_MS;
    if (nextStrikeAt !== Number.POSITIVE_INFINITY && Date.now() >= nextWriteAt) {
      nextWriteAt = Date.now() + WRITE_MS;
      await conversation.customerWrites();
      await conversation.answer();
    }
    if (Date.now() >= nextStrikeAt) {
      const done = await mischief.strike();
      if (done) tell(`>>> ${done}`);
      nextStrikeAt = Date.now() + (done ? STRIKE_MS : WRITE_MS);
    }
    await readTimelines(service, seen, tell);
    const picture: Picture = {
      url: service.url,
      apiKey: service.apiKey,
      sessions,
      counts: await countMessages(phones, conversation.received),
      happenings,
      elapsedSeconds: Math.round((Date.now() - startedAt) / 1000),
    };
    if (terminal || Date.now() >= nextPrintAt) {
      process.stdout.write(draw(picture, terminal));
      nextPrintAt = Date.now() + PRINT_MS;
    }
    await pause(DRAW_MS);
  }
  process.stdout.write(
    `${conversation.delivered} messages came in, ${conversation.answered} were answered, ${mischief.count} things were broken on purpose; ` +
      `all numbers connected at the end: ${healthy ? 'yes' : 'no'}.\n`,
  );
  return healthy;
}

/** Tells what is new in the timelines of all numbers. */
async function readTimelines(
  service: Service,
  seen: Map<string, number>,
  tell: (words: string) => void,
): Promise<void> {
  for (const { id } of NUMBERS) {
    const { items } = await service.call<{ items: DemoEvent[] }>(
      'GET',
      `/api/sessions/${id}/events?after=${seen.get(id) ?? 0}`,
    );
    for (const { seq, message } of items) {
      tell(message);
      seen.set(id, seq);
    }
  }
}

/** What was sent is counted where it matters: at WhatsApp, here the simulated one. */
async function countMessages(
  phones: SimulatorClient,
  received: ReadonlyMap<string, number>,
): Promise<Picture['counts']> {
  const counts: Record<string, Picture['counts'][string]> = {};
  for (const { id, phoneNumber } of NUMBERS) {
    const sent = await phones.sent(phoneNumber).catch(() => []);
    // The same id received again is one message to everybody; the same text under another id is seen twice.
    const { sameBody } = await phones.duplicates(phoneNumber).catch(() => ({ sameBody: 0 }));
    counts[id] = { sent: sent.length, received: received.get(id) ?? 0, twice: sameBody };
  }
  return counts;
}

// A terminal that is closed, and a reader that goes away, end the demo like Ctrl-C.
process.stdout.on('error', () => stopped.abort());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.on(signal, () => {
    if (stopped.signal.aborted) process.exit(1);
    stopped.abort();
  });
}

run().then(
  (healthy) => process.exit(runForMs === Number.POSITIVE_INFINITY || healthy ? 0 : 1),
  (error: unknown) => {
    process.stderr.write(`The demo could not run: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
