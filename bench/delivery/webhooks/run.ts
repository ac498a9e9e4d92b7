import { seededRandom } from '../../support/seeded-random.js';
import { eventually, pause } from '../../support/waiting.js';
import { World } from '../../support/world.js';
import { seconds, table } from '../words.js';
import { letCustomersWrite } from './customers.js';
import { FlakyReceiver } from './flaky-receiver.js';
import { type Played, playMishaps } from './mishaps.js';
import { judgeTold, type Told, type Written } from './told.js';

/** What a receiver was told of messages that came while their numbers were off now and then. */
export interface WebhooksReport {
  readonly settings: string;
  readonly mishaps: Played['counts'];
  readonly receiverDownMs: number;
  readonly calls: FlakyReceiver['counts'];
  readonly numbers: readonly ({ readonly id: string } & Told)[];
  readonly failures: readonly string[];
}

interface WebhooksPlan {
  readonly messages: number;
  readonly sessions: number;
  readonly seed: number;
  readonly short: boolean;
  readonly keep: boolean;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** The default waits from 10 s to 6 h: nobody wants to look at that. */
const RETRY_DELAYS_MS = [200, 500, 1000, 2000, 5000, ...Array.from({ length: 20 }, () => 10_000)];
const SETTINGS_IN_WORDS = 'webhooks.retryDelaysMs 0.2, 0.5, 1, 2, 5, then 20 times 10 s, instead of 10 s to 6 h';
const FORMS = {
  short: { everyMs: 300, downMs: 6000, longestOffMs: 2000, calmMs: 500 },
  full: { everyMs: 200, downMs: 60_000, longestOffMs: 12_000, calmMs: 3000 },
};
/** The receiver goes down when this share of the messages was written. */
const DOWN_AT = 0.3;
/** Longer than the receiver is down and the longest retry. */
const SILENCE_MS = 90_000;
const TELL_EVERY = 100;

/** Lets customers write to numbers that are off for part of the time, to a service that is, too, and counts what was told. */
export async function runWebhooks(plan: WebhooksPlan): Promise<WebhooksReport> {
  const { messages, sessions, seed, short, keep, say } = plan;
  const { downMs } = FORMS[short ? 'short' : 'full'];
  say(`Customers write ${messages} messages to ${sessions} numbers that go off now and then, with seed ${seed}.`);
  say(`The receiver fails a third of the calls and is down for ${seconds(downMs)}. Settings: ${SETTINGS_IN_WORDS}`);
  const receiver = new FlakyReceiver(seededRandom(seed, 'receiver'));
  await receiver.start();
  const world = await World.open(sessions);
  const failures: string[] = [];
  const written: Written[] = [];
  let played: Played = { counts: {}, kills: [] };
  try {
    await world.restartService('SIGTERM', { webhooks: { retryDelaysMs: RETRY_DELAYS_MS } });
    const webhook = { url: receiver.url, events: ['message'] };
    for (const { id } of world.numbers) await world.api.call('PATCH', `/api/sessions/${id}`, { webhook });
    await world.allCalm();
    played = await playAll(world, receiver, plan, written);
    await allTold(receiver, written);
    failures.push(...(await undelivered(world)));
  } catch (error) {
    failures.push(`the run ended early: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    await world.close(keep);
    await receiver.goDown();
    if (keep) say(`Logs are in ${world.folder}`);
  }
  const numbers = world.numbers.map(({ id }) => {
    const own = <T extends { sessionId: string }>(all: readonly T[]) => all.filter(({ sessionId }) => sessionId === id);
    return { id, ...judgeTold(own(written), own(receiver.taken), played.kills) };
  });
  failures.push(...broken(numbers));
  const { counts: calls } = receiver;
  return { settings: SETTINGS_IN_WORDS, mishaps: played.counts, receiverDownMs: downMs, calls, numbers, failures };
}

/** Customers, mishaps and the receiver's outage, all at the same time. */
async function playAll(
  world: World,
  receiver: FlakyReceiver,
  { messages, seed, short, say, signal }: WebhooksPlan,
  written: Written[],
): Promise<Played> {
  const { everyMs, downMs, longestOffMs, calmMs } = FORMS[short ? 'short' : 'full'];
  let outage: Promise<void> | null = null;
  const onWritten = (message: Written) => {
    written.push(message);
    if (written.length % TELL_EVERY === 0) say(`  ${written.length} written, ${receiver.taken.length} told`);
    if (written.length >= messages * DOWN_AT) outage ??= beDown(receiver, downMs);
  };
  const goesOn = () => written.length < messages && !signal.aborted;
  const [played] = await Promise.all([
    playMishaps(world, { random: seededRandom(seed, 'mishaps'), longestOffMs, calmMs, goesOn }),
    letCustomersWrite(world, { messages, everyMs, signal, onWritten }),
  ]);
  await outage;
  if (signal.aborted) throw new Error('the run was stopped');
  return played;
}

async function beDown(receiver: FlakyReceiver, downMs: number): Promise<void> {
  await receiver.goDown();
  await pause(downMs);
  await receiver.start();
}

/** Until every message was told, or nothing more comes. */
async function allTold(receiver: FlakyReceiver, written: readonly Written[]): Promise<void> {
  const wanted = new Set(written.map(({ id }) => id));
  for (let before = -1; receiver.taken.length > before; ) {
    before = receiver.taken.length;
    const told = async () => {
      for (const { id } of receiver.taken) wanted.delete(id);
      return wanted.size === 0;
    };
    if ((await eventually(SILENCE_MS, told)) !== null) return;
  }
}

/** A message that was told has nothing left to do. */
async function undelivered(world: World): Promise<string[]> {
  const count = async (status: string) => {
    const path = `/api/webhooks/deliveries?limit=500&status=${status}`;
    return (await world.api.call<{ items: unknown[] }>('GET', path)).items.length;
  };
  const found: string[] = [];
  for (const status of ['dead', 'queued']) {
    const none = async () => (await count(status)) === 0;
    // The last answer may not have been noted yet.
    if ((await eventually(2000, none)) === null) found.push(`${await count(status)} deliveries are ${status}`);
  }
  return found;
}

function broken(numbers: WebhooksReport['numbers']): string[] {
  return numbers.flatMap(({ id, written, missing, twice, outOfOrder, acrossChats }) => {
    if (written === 0) return [`${id}: nothing was written`];
    const bad = Object.entries({
      missing,
      twice,
      'out of order': outOfOrder,
      'out of order across chats': acrossChats,
    });
    return bad.filter(([, count]) => count > 0).map(([what, count]) => `${id}: ${count} ${what}`);
  });
}

const COLUMNS: readonly (readonly [title: string, cell: (row: { id: string } & Told) => string | number])[] = [
  ['number', ({ id }) => id],
  ['written', ({ written }) => written],
  ['told', ({ told }) => told],
  ['missing', ({ missing }) => missing],
  ['twice', ({ twice }) => twice],
  ['again after SIGKILL', ({ afterKill }) => afterKill],
  ['out of order', ({ outOfOrder }) => outOfOrder],
  ['across chats', ({ acrossChats }) => acrossChats],
  ['longest', ({ longestMs }) => seconds(longestMs)],
];

/** The table of what was told, and below it every message that something happened to. */
export function webhooksTable({ mishaps, receiverDownMs, calls, numbers }: WebhooksReport): string {
  const { calls: all, errors, closed, slow } = calls;
  return [
    Object.entries(mishaps)
      .map(([words, count]) => `${words} ${count} times`)
      .join(', '),
    `${all} calls: ${errors} answered with an error, ${closed} cut off, ${slow} slow; down for ${seconds(receiverDownMs)}.`,
    table(
      COLUMNS.map(([title]) => title),
      numbers.map((row) => COLUMNS.map(([, cell]) => String(cell(row)))),
    ),
    ...numbers.flatMap(({ findings }) => findings.map((words) => `    ${words}`)),
  ].join('\n');
}
