import { mustHappen, pause } from '../../support/waiting.js';
import { World } from '../../support/world.js';
import { seconds, table } from '../words.js';
import { type Arrivals, judgeArrivals } from './arrivals.js';
import { type KillMoment, killMoments, momentsInWords } from './moments.js';
import { SendStream } from './send-stream.js';

/** What the kills did to the messages. */
export interface KillsReport {
  readonly kills: number;
  readonly moments: string;
  readonly sendsPerSecond: number;
  /** How often a message was posted again for want of an answer. */
  readonly repeated: number;
  readonly numbers: readonly ({ readonly id: string } & Arrivals)[];
  readonly failures: readonly string[];
}

interface KillsPlan {
  readonly kills: number;
  readonly sessions: number;
  readonly seed: number;
  readonly keep: boolean;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** Per number. */
const SENDS_PER_SECOND = 2;
const SETTLED_WITHIN_MS = 300_000;
const TELL_EVERY = 10;

/** Kills the service again and again while messages are sent, and counts what arrived. */
export async function runKills({ kills, sessions, seed, keep, say, signal }: KillsPlan): Promise<KillsReport> {
  const moments = killMoments(kills, seed);
  say(`Killing the service ${kills} times (${momentsInWords(moments)}) with seed ${seed}.`);
  say(`${sessions} numbers send ${SENDS_PER_SECOND} messages a second each.`);
  const world = await World.open(sessions);
  const stream = new SendStream(world, SENDS_PER_SECOND);
  const failures: string[] = [];
  let played = 0;
  try {
    stream.start();
    for (const moment of moments) {
      if (signal.aborted) throw new Error('the run was stopped');
      await killAt(world, moment);
      played += 1;
      if (played % TELL_EVERY === 0) say(`  ${played} of ${kills} kills, ${stream.acceptedCount} messages accepted`);
    }
    await connected(world);
    await stream.stop();
    say(`  ${stream.acceptedCount} messages accepted; waiting until the last of them are settled`);
    await settled(world);
  } catch (error) {
    failures.push(`the kills ended early: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  try {
    await stream.abandon();
    const numbers = await judged(world, stream);
    failures.push(...stream.refused.map((words) => `refused: ${words}`), ...broken(numbers));
    const report = { kills: played, moments: momentsInWords(moments.slice(0, played)) };
    return { ...report, sendsPerSecond: SENDS_PER_SECOND, repeated: stream.repeated, numbers, failures };
  } finally {
    await world.close(keep);
    if (keep) say(`Logs are in ${world.folder}`);
  }
}

async function killAt(world: World, { after, delayMs }: KillMoment): Promise<void> {
  if (after !== 'spawn') await world.service.untilReady();
  if (after === 'connected') await connected(world);
  await pause(delayMs);
  if (!world.service.isRunning()) throw new Error(`the service ended by itself: see ${world.place.dataDir}`);
  await world.service.end('SIGKILL');
  world.spawnService(world.service.settings);
}

async function connected(world: World): Promise<void> {
  for (const number of world.numbers) await world.connectedAgain(number, null);
}

/** Nothing is queued or on its way any more. */
async function settled(world: World): Promise<void> {
  await mustHappen('every message is settled', SETTLED_WITHIN_MS, async () => {
    const open = await Promise.all(
      world.numbers.flatMap(({ id }) => [world.api.outbox(id, 'queued'), world.api.outbox(id, 'sending')]),
    );
    return open.every(({ length }) => length === 0);
  });
}

async function judged(world: World, stream: SendStream): Promise<KillsReport['numbers']> {
  await world.service.untilReady();
  return Promise.all(
    world.numbers.map(async (number) => {
      const [sent, listed] = [await world.phones.sent(number.phoneNumber), await world.api.outbox(number.id)];
      const arrivals = judgeArrivals(stream.acceptedOf(number), sent, listed);
      const { sameBody } = await world.phones.duplicates(number.phoneNumber);
      if (sameBody !== arrivals.twice) {
        throw new Error(`${number.id}: WhatsApp counts ${sameBody} doubles, we count ${arrivals.twice}`);
      }
      return { id: number.id, ...arrivals };
    }),
  );
}

/** Uncertain and failed ones were reported: they break nothing unless they are lost or came twice. */
function broken(numbers: KillsReport['numbers']): string[] {
  return numbers.flatMap(({ id, accepted, lost, twice, outOfOrder, otherId, open }) => {
    if (accepted === 0) return [`${id}: nothing was accepted`];
    const bad = Object.entries({ lost, twice, 'out of order': outOfOrder, 'under another id': otherId, open });
    return bad.filter(([, count]) => count > 0).map(([what, count]) => `${id}: ${count} ${what}`);
  });
}

const COLUMNS: readonly (readonly [title: string, cell: (row: { id: string } & Arrivals) => string | number])[] = [
  ['number', ({ id }) => id],
  ['accepted', ({ accepted }) => accepted],
  ['arrived', ({ arrived }) => arrived],
  ['lost', ({ lost }) => lost],
  ['twice', ({ twice }) => twice],
  ['out of order', ({ outOfOrder }) => outOfOrder],
  ['other id', ({ otherId }) => otherId],
  ['same id again', ({ sameIdAgain }) => sameIdAgain],
  ['uncertain', ({ uncertain }) => uncertain],
  ['failed', ({ failed }) => failed],
  ['open', ({ open }) => open],
  ['longest', ({ longestMs }) => seconds(longestMs)],
];

/** The table of the kills, and below it every message that something happened to. */
export function killsTable({ kills, moments, repeated, numbers }: KillsReport): string {
  return [
    `${kills} kills: ${moments}. ${repeated} calls repeated for want of an answer.`,
    table(
      COLUMNS.map(([title]) => title),
      numbers.map((row) => COLUMNS.map(([, cell]) => String(cell(row)))),
    ),
    ...numbers.flatMap(({ findings }) => findings.map((words) => `    ${words}`)),
  ].join('\n');
}
