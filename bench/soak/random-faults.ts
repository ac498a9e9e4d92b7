import { selectFaults } from '../chaos/catalogue.js';
import { measureRow } from '../chaos/measure-row.js';
import { MessageCounter } from '../chaos/message-count.js';
import type { Row } from '../chaos/row.js';
import { Traffic } from '../chaos/traffic.js';
import { seededRandom } from '../support/seeded-random.js';
import { pause } from '../support/waiting.js';
import type { World } from '../support/world.js';
import { lookAfter } from './after.js';
import { type InsideLook, lookAround, lookInside } from './look.js';
import { measures } from './measures.js';
import type { PhaseReport } from './report.js';

/** What may strike a number again and again. Service restarts are a series of their own: a fresh process shows no leak. */
const FAULTS = selectFaults({
  form: 'usual',
  only: [
    ...['browser-kill', 'browser-stop', 'renderer-kill', 'renderer-stop', 'six-browsers-kill'],
    ...['page-hang', 'page-crash', 'page-reload', 'push-state'],
    ...['socket-drop', 'network-down-short', 'slow-network', 'black-hole'],
  ],
});
const SENDS_PER_SECOND = 0.5;
const WARM_UP_SHARE = 0.1;
/** Until the last look into the chats after a reconnect is over. */
const SETTLE_MS = 20_000;
const MINUTE_MS = 60_000;

interface Plan {
  readonly world: World;
  readonly minutes: number;
  readonly seed: number;
  readonly trend: Parameters<typeof measures>[0];
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/** What the faults and messages of that time left, and how they ended that did not end well, in words. */
export interface RandomFaultsReport extends PhaseReport {
  readonly messages: number;
  readonly broken: readonly string[];
}

/** Plays one fault after the other, by chance but the same for the same seed, with messages in both directions. */
export async function playRandomFaults({
  world,
  minutes,
  seed,
  trend,
  say,
  signal,
}: Plan): Promise<RandomFaultsReport> {
  const numbers = world.numbers.length;
  const random = seededRandom(seed, 'soak');
  const bench = { world, traffic: new Traffic(world, SENDS_PER_SECOND), counter: new MessageCounter(world) };
  const beganAt = Date.now();
  const rows: Row[] = [];
  const play = async (until: number, after: () => Promise<void>) => {
    while (Date.now() < until) {
      if (signal.aborted) throw new Error('the run was stopped');
      const chosen = FAULTS[Math.floor(random() * FAULTS.length)];
      if (chosen === undefined) throw new Error('there is no fault to play');
      // How fast it must be is the chaos run's business; here it counts what stays behind.
      const { promise: _promise, ...fault } = chosen;
      const row = await measureRow({ ...bench, seed: seed + rows.length, sessions: numbers }, fault);
      rows.push(row);
      const verdict = row.broken.length === 0 ? '' : `: ${row.broken.join(', ')} ${row.messages.examples.join('; ')}`;
      say(`  ${new Date().toISOString().slice(11, 19)} ${row.fault} on ${row.victim}${verdict}`);
      await after();
    }
  };
  const words = `Random faults on ${numbers} numbers for ${minutes} min, seed ${seed}`;
  say(`${words}; the first tenth is to warm up.`);
  await play(beganAt + minutes * MINUTE_MS * WARM_UP_SHARE, async () => {});
  const warmUp = rows.length;
  await pause(SETTLE_MS);
  const before = await lookAround(world);
  const samples: InsideLook[] = [];
  await play(beganAt + minutes * MINUTE_MS, async () => {
    samples.push(await lookInside(world));
  });
  await pause(SETTLE_MS);
  const { after, findings } = await lookAfter({ world, measured: measures(trend, numbers), before, samples, signal });
  const counted = rows.slice(warmUp);
  return {
    words,
    restarts: counted.length,
    warmUp,
    tookMs: counted.flatMap(({ healedMs }) => healedMs ?? []),
    ...{ findings, before, after },
    samples: samples.map(({ heapBytes, rssBytes }) => ({ heapBytes, rssBytes })),
    messages: rows.reduce((sum, { messages }) => sum + messages.accepted + messages.delivered, 0),
    broken: rows.flatMap(({ fault, broken }) => broken.map((how) => `${fault}: ${how}`)),
  };
}
