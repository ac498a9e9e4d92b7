import type { KeptNumber } from '../support/kept-number.js';
import { orphansOf, tmpEntries } from '../support/leftovers.js';
import { seededRandom } from '../support/seeded-random.js';
import type { World } from '../support/world.js';
import { Chronicle, timeOf } from './chronicle.js';
import { type Fault, type Scene, SIX } from './fault.js';
import type { MessageCounter } from './message-count.js';
import { breachesOf, expectationWords, type Row } from './row.js';
import type { Traffic } from './traffic.js';
import { type Ending, rungAndReason, Trial } from './trial.js';

interface Bench {
  readonly world: World;
  readonly traffic: Traffic;
  readonly counter: MessageCounter;
  readonly seed: number;
  /** How many numbers are kept where the fault does not ask for more. */
  readonly sessions: number;
}

/** Plays one fault from calm to calm and measures it. Rejects when the numbers cannot be brought back afterwards. */
export async function measureRow(bench: Bench, fault: Fault): Promise<Row> {
  const { world, traffic, counter, seed } = bench;
  await world.keep(Math.max(bench.sessions, fault.reach === 'six' ? SIX : 0));
  await world.allCalm();
  const victim = choose(world.numbers, seededRandom(seed, fault.name)());
  const victims = { one: [victim], six: world.numbers.slice(0, SIX), all: world.numbers }[fault.reach];
  traffic.resume();
  const tmpBefore = tmpEntries(world);
  await fault.prepare?.({ world, victim, victims });
  const chronicle = await Chronicle.begin(world);
  const scene: Scene = { world, victim, victims, chronicle };

  const { injectedAt, endings } = await Trial.play(world, traffic, fault, scene);
  const disturbed = await disturbedBy(scene);
  const entries = endings.flatMap((ending) => ending.entries);
  // Before the count: what a logged-out number was given to send goes out when a person has scanned.
  await world.phones.clearFaults();
  await fault.tidy?.(scene);
  await Promise.all(world.numbers.map((number) => world.bringBack(number)));
  await traffic.pause();
  const messages = await counter.count(traffic.collect());

  const row = {
    fault: fault.name,
    words: fault.words,
    expected: expectationWords(fault),
    settings: fault.settingsWords ?? null,
    victim: fault.reach === 'one' ? victim.id : fault.reach,
    lastedMs: fault.lastsMs ?? null,
    ...timesOf(endings, injectedAt),
    ...rungAndReason(slowest(endings)),
    disturbed,
    qrNeeded: entries.some(({ event }) => event === 'session.qr_shown' || event === 'session.logged_out'),
    messages,
    orphans: await orphansOf(world),
    tmpLeft: Math.max(0, tmpEntries(world) - tmpBefore),
  };
  const ended = endings.every(({ asExpected }) => asExpected);
  return { ...row, broken: breachesOf(fault, row, ended) };
}

function choose(numbers: readonly KeptNumber[], random: number): KeptNumber {
  const chosen = numbers[Math.floor(random * numbers.length)];
  if (chosen === undefined) throw new Error('there is no number to choose from');
  return chosen;
}

async function disturbedBy({ world, victims, chronicle }: Scene): Promise<string[]> {
  const disturbed: string[] = [];
  for (const number of world.numbers) {
    if (victims.includes(number)) continue;
    const entries = await chronicle.of(number);
    if (entries === null || entries.length > 0) disturbed.push(number.id);
  }
  return disturbed;
}

function timesOf(endings: readonly Ending[], injectedAt: number): Pick<Row, 'foundMs' | 'healedMs' | 'arrivedMs'> {
  const found = endings.flatMap(({ entries: [first] }) => (first === undefined ? [] : [timeOf(first)]));
  const healed = endings.map(({ healedAt }) => healedAt);
  const arrived = endings.map(({ arrivedAt }) => arrivedAt);
  const since = (at: number) => Math.max(0, at - injectedAt);
  const lastOf = (times: (number | null)[]) => {
    const known = times.filter((time) => time !== null);
    return known.length === times.length ? since(Math.max(...known)) : null;
  };
  return {
    foundMs: found.length === 0 ? null : since(Math.min(...found)),
    healedMs: lastOf(healed),
    arrivedMs: lastOf(arrived),
  };
}

/** The ending that says most: one that went wrong, or the last one to heal. */
function slowest(endings: readonly Ending[]): Ending {
  const [first, ...rest] = endings;
  if (first === undefined) throw new Error('a fault needs a victim');
  const rank = ({ asExpected, healedAt }: Ending) => (asExpected ? (healedAt ?? 0) : Number.POSITIVE_INFINITY);
  return rest.reduce((slow, ending) => (rank(ending) > rank(slow) ? ending : slow), first);
}
