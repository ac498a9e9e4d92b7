import type { KeptNumber } from '../support/kept-number.js';
import { thisMachine } from '../support/machine.js';
import { World } from '../support/world.js';
import { type Bare, startBare } from './bare.js';
import { figuresOf, type Measured, spreadOf } from './figures.js';
import type { Flags } from './flags.js';
import { type Block, type Job, preciseNow, type Sent, sendInLanes } from './lanes.js';
import type { Comparison, Report } from './report.js';
import { startReceiver, webhookDelays } from './webhook-delay.js';

const BARE_NUMBER = '4915100000199';
const SENDERS = [1, 10];
const MESSAGES_PER_BLOCK = 20;
/** As in production, where other runs write much more into their logs; only the usual limit of requests is below this. */
const SETTINGS = { log: { console: 'off', level: 'info' }, api: { requestsPerSecond: 1000 } };
/** One sender shows how long a message takes when nothing else is going on, ten show how many there can be. */
const REST_MS = 20;
/** WhatsApp acknowledges at once: whatever waits for it would hide what we take ourselves. */
const ACKS = { ackDelaysMs: { server: 0, delivered: 250, read: 600 } };

/** One way of sending, with all that was measured of it. */
interface Way {
  readonly name: 'bare' | 'api';
  readonly phoneNumber: string;
  send(block: Block): Promise<readonly Sent[]>;
}

interface Played {
  readonly sent: readonly Sent[];
  readonly tookMs: number;
}

/** Measures what the flags ask for and says how far it is; aborting ends it after the block that is being played. */
export async function runMessages(flags: Flags, say: (line: string) => void, signal: AbortSignal): Promise<Report> {
  const startedAt = Date.now();
  const world = await World.open(1);
  const receiver = await startReceiver();
  let bare: Bare | null = null;
  try {
    await world.phones.settings(ACKS);
    await world.restartService('SIGTERM', SETTINGS);
    const [number] = world.numbers;
    if (number === undefined) throw new Error('the world keeps no number');
    await world.bringBack(number);
    bare = await startBare(world, await world.browserPid(number), BARE_NUMBER);
    const ways: Way[] = [
      { name: 'bare', phoneNumber: BARE_NUMBER, send: bare.send },
      { name: 'api', phoneNumber: number.phoneNumber, send: (block) => sendInLanes(block, overApi(world, number)) },
    ];
    const comparisons: Comparison[] = [];
    for (const senders of SENDERS) comparisons.push(await compare(world, ways, { senders, flags, say, signal }));

    const accepted = await acceptTimes(world, number, flags.messages);
    await world.api.call('PATCH', `/api/sessions/${number.id}`, {
      webhook: { url: receiver.url, events: ['message'] },
    });
    await webhookDelays(world, number, receiver, MESSAGES_PER_BLOCK);
    const delays = await webhookDelays(world, number, receiver, flags.messages);
    return {
      startedAt: new Date(startedAt).toISOString(),
      tookSeconds: Math.round((Date.now() - startedAt) / 1000),
      machine: thisMachine(),
      messages: flags.messages,
      comparisons,
      accepted: spreadOf(accepted),
      webhook: spreadOf(delays),
    };
  } finally {
    await bare?.stop();
    await receiver.stop();
    await world.close(flags.keep);
    if (flags.keep) say(`Logs are in ${world.folder}`);
  }
}

// A program that sends much keeps its connections.
const AT_ONCE = { connection: 'keep-alive' };
const WHEN_SENT = { ...AT_ONCE, prefer: 'wait=10' };
const pathOf = ({ id }: KeptNumber) => `/api/sessions/${id}/messages`;

/** How long each `POST` took that only stores the message; all of them have left when this resolves. */
async function acceptTimes(world: World, number: KeptNumber, messages: number): Promise<number[]> {
  const times: number[] = [];
  while (times.length < messages) {
    const [jobs = []] = lanesOf(`accepted ${times.length}`, 1);
    for (const { to, text } of jobs) {
      const startedAt = preciseNow();
      await world.api.call('POST', pathOf(number), { to, text }, AT_ONCE);
      times.push(preciseNow() - startedAt);
    }
    // In its chat nothing overtakes: when this one is sent, all others are.
    await overApi(world, number)({ to: jobs[0]?.to ?? '', text: `the last behind ${times.length}` });
  }
  return times;
}

function overApi(world: World, number: KeptNumber): (job: Job) => Promise<Sent> {
  return async ({ to, text }) => {
    const startedAt = preciseNow();
    const { status } = await world.api.call<{ status: string }>('POST', pathOf(number), { to, text }, WHEN_SENT);
    const returnedAt = preciseNow();
    if (status !== 'sent' && status !== 'delivered' && status !== 'read') throw new Error(`"${text}" is ${status}`);
    return { text, startedAt, returnedAt, acknowledgedAt: returnedAt };
  };
}

interface Setting {
  readonly senders: number;
  readonly flags: Flags;
  say(line: string): void;
  readonly signal: AbortSignal;
}

/** Both ways in turns, so that what the machine does meanwhile strikes both; the first block of each does not count. */
async function compare(
  world: World,
  ways: readonly Way[],
  { senders, flags, say, signal }: Setting,
): Promise<Comparison> {
  const blocks = Math.ceil(flags.messages / MESSAGES_PER_BLOCK);
  const played = new Map<string, Played[]>(ways.map(({ name }) => [name, []]));
  for (let round = 0; round <= blocks; round += 1) {
    for (const way of round % 2 === 0 ? ways : ways.toReversed()) {
      if (signal.aborted) throw new Error('the run was stopped');
      const lanes = lanesOf(`${way.name} ${senders} ${round}`, senders);
      const beganAt = preciseNow();
      const sent = await way.send({ lanes, restMs: senders === 1 ? REST_MS : 0 });
      if (round > 0) played.get(way.name)?.push({ sent, tookMs: preciseNow() - beganAt });
    }
  }
  say(`${blocks * MESSAGES_PER_BLOCK} messages each way, ${senders} at a time`);
  const figures = async ({ name, phoneNumber }: Way) => {
    const mine = played.get(name) ?? [];
    const arrivals = new Map((await world.phones.sent(phoneNumber)).map(({ body, firstAt }) => [body, firstAt]));
    const measured = mine.flatMap(({ sent }) => sent).map((one) => withArrival(one, arrivals));
    return figuresOf(
      measured,
      mine.reduce((sum, { tookMs }) => sum + tookMs, 0),
    );
  };
  const [bare, api] = await Promise.all(ways.map(figures));
  if (bare === undefined || api === undefined) throw new Error('there are two ways');
  return { senders, bare, api };
}

/** A block, dealt out to so many senders with a chat each. */
function lanesOf(words: string, senders: number): Job[][] {
  const each = Math.ceil(MESSAGES_PER_BLOCK / senders);
  return Array.from({ length: senders }, (_, sender) =>
    Array.from({ length: each }, (_unused, nth) => ({
      to: `49177000000${String(sender).padStart(2, '0')}@c.us`,
      text: `${words} ${sender} ${nth}`,
    })),
  );
}

function withArrival(sent: Sent, arrivals: ReadonlyMap<string, number>): Measured {
  const arrivedAt = arrivals.get(sent.text);
  if (arrivedAt === undefined) throw new Error(`"${sent.text}" never arrived`);
  return { ...sent, arrivedAt };
}
