import { thisMachine } from '../support/machine.js';
import { World } from '../support/world.js';
import { lookAfter } from './after.js';
import type { Flags } from './flags.js';
import { type InsideLook, insideModule, type Look, lookAround, lookInside } from './look.js';
import { measures } from './measures.js';
import { playRandomFaults } from './random-faults.js';
import { type PhaseReport, phaseTable, type Report } from './report.js';
import { type Restart, SERVICE_RESTARTS, SESSION_RESTARTS } from './restarts.js';

/** Until caches, pools and compiled code are there that every later restart uses again. */
const WARM_UP = { short: 2, full: 10 };
/** A young process still grows into its work, which few restarts cannot tell from a leak. */
const TREND = { short: { heapPercent: 10, rssPercent: 20 }, full: { heapPercent: 3, rssPercent: 10 } };
/** What is kept for clients that come back is bounded by itself, but fills only after a thousand restarts. */
const SETTINGS = { realtime: { keepEvents: 50 } };
const TELL_EVERY = 10;

/** Plays what the flags ask for and says so; aborting ends it after the restart that is being played. */
export async function runSoak(flags: Flags, say: (line: string) => void, signal: AbortSignal): Promise<Report> {
  const startedAt = Date.now();
  const phases: PhaseReport[] = [];
  const failures: string[] = [];
  const plan = [
    { words: 'A session restarted', ways: SESSION_RESTARTS, times: flags.restarts },
    { words: 'The service restarted', ways: SERVICE_RESTARTS, times: flags.serviceRestarts },
  ].filter(({ times }) => times > 0);
  const count = flags.minutes > 0 ? flags.sessions : 1;
  const world = await World.open(count, { preload: (folder) => [insideModule(folder)], settings: SETTINGS });
  try {
    if (flags.minutes > 0) {
      const phase = await playRandomFaults({ world, ...flags, trend: TREND.full, say, signal });
      phases.push(phase);
      failures.push(...phase.broken);
      say(`\n${phaseTable(phase)}\n${phase.messages} messages in both directions\n`);
    }
    for (const { words, ways, times } of plan) {
      const phase = await playPhase({ world, words, ways, times, short: flags.short, say, signal });
      phases.push(phase);
      say(`\n${phaseTable(phase)}\n`);
    }
  } catch (error) {
    const words = error instanceof Error ? (error.stack ?? error.message) : String(error);
    failures.push(`the run ended early: ${words}`);
  } finally {
    await world.close(flags.keep);
    if (flags.keep) say(`Logs are in ${world.folder}`);
  }
  failures.push(...phases.flatMap(({ findings }) => findings.flatMap(({ grown }) => grown)));
  return {
    startedAt: new Date(startedAt).toISOString(),
    tookSeconds: Math.round((Date.now() - startedAt) / 1000),
    machine: thisMachine(),
    phases,
    failures,
  };
}

interface Phase {
  readonly world: World;
  readonly words: string;
  /** Taken in turns. */
  readonly ways: readonly Restart[];
  readonly times: number;
  readonly short: boolean;
  say(line: string): void;
  readonly signal: AbortSignal;
}

async function playPhase({ world, words, ways, times, short, say, signal }: Phase): Promise<PhaseReport> {
  const form = short ? 'short' : 'full';
  const turn = async (round: number): Promise<number> => {
    const way = ways[round % ways.length];
    if (signal.aborted || way === undefined) throw new Error('the run was stopped');
    return way.play(world);
  };
  say(`${words} ${times} times by ${ways.map((way) => way.words).join(' and ')}, after ${WARM_UP[form]} to warm up.`);
  for (let round = 0; round < WARM_UP[form]; round += 1) await turn(round);
  const before: Look = await lookAround(world);
  const tookMs: number[] = [];
  const samples: InsideLook[] = [];
  for (let round = 0; round < times; round += 1) {
    tookMs.push(await turn(round));
    samples.push(await lookInside(world));
    if ((round + 1) % TELL_EVERY === 0) say(`  ${round + 1} of ${times}`);
  }
  const { after, findings } = await lookAfter({ world, measured: measures(TREND[form]), before, samples, signal });
  const kept = samples.map(({ heapBytes, rssBytes }) => ({ heapBytes, rssBytes }));
  return { words, restarts: times, warmUp: WARM_UP[form], tookMs, findings, before, after, samples: kept };
}
