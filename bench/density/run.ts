import type { KeptNumber } from '../support/kept-number.js';
import { thisMachine } from '../support/machine.js';
import { mustHappen, pause } from '../support/waiting.js';
import { World } from '../support/world.js';
import { type BrowserCost, browserCost, browserCpuSeconds } from './browser-cost.js';
import type { Configuration } from './configurations.js';
import type { Flags } from './flags.js';
import { type Cost, costOf, costTable, missedGoals, type Report, type Round } from './report.js';

const CONNECTED_WITHIN_MS = 60_000;
const OFF_WITHIN_MS = 30_000;
/** A page that has just become ready still compiles and collects. */
const SETTLE_MS = 3000;
const LOOK_EVERY_MS = 20;

/**
 * Starts the same numbers on the same page under each configuration, one number after the other, in rounds that take the
 * configurations in turns. Aborting ends it after the session that is being started.
 */
export async function runDensity(flags: Flags, say: (line: string) => void, signal: AbortSignal): Promise<Report> {
  const startedAt = Date.now();
  const { sessions, heapMb, rounds, configurations } = flags;
  const measured = new Map<Configuration, Round[]>(configurations.map((configuration) => [configuration, []]));
  const failures: string[] = [];
  say(`${sessions} sessions with pages of ${heapMb} MB, ${rounds} rounds. Linking the numbers …`);
  const world = await World.open(sessions);
  try {
    await world.phones.settings({ heapBallastMb: heapMb });
    await allOff(world);
    world.browserPath = null;
    for (let round = 0; round < rounds; round += 1) {
      for (const [configuration, done] of measured) {
        done.push(await playRound(world, configuration, signal));
        say(`  round ${round + 1}: ${configuration.words}`);
      }
    }
  } catch (error) {
    failures.push(`the run ended early: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    await world.close(flags.keep);
    if (flags.keep) say(`Logs are in ${world.folder}`);
  }
  const costs: Cost[] = [...measured]
    .filter(([, done]) => done.length > 0)
    .map(([configuration, done]) => costOf(configuration, done));
  say(`\n${costTable(costs)}\n`);
  return {
    startedAt: new Date(startedAt).toISOString(),
    tookSeconds: Math.round((Date.now() - startedAt) / 1000),
    machine: thisMachine(),
    sessions,
    heapMb,
    rounds,
    costs,
    failures: [...failures, ...missedGoals(costs)],
  };
}

async function playRound(world: World, configuration: Configuration, signal: AbortSignal): Promise<Round> {
  const { engine, profile, sandbox, extraArgs } = configuration;
  const browser = { engine, profile, sandbox, extraArgs: [...world.browserArgs, ...extraArgs] };
  await world.restartService('SIGTERM', { browser });
  const pids: number[] = [];
  const cpuSeconds: number[] = [];
  const totalBytes: number[] = [];
  let last: BrowserCost = { memoryBytes: 0, processes: 0 };
  for (const number of world.numbers) {
    if (signal.aborted) throw new Error('the run was stopped');
    const started = await connect(world, number);
    pids.push(started.pid);
    cpuSeconds.push(started.cpuSeconds);
    await pause(SETTLE_MS);
    const costs = pids.map(browserCost);
    totalBytes.push(costs.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0));
    last = costs.at(-1) ?? last;
  }
  await allOff(world);
  return { totalBytes, cpuSeconds, processes: last.processes };
}

async function connect(world: World, number: KeptNumber): Promise<{ pid: number; cpuSeconds: number }> {
  await world.api.connect(number.id);
  const isConnected = async () => (await world.view(number))?.status === 'connected';
  await mustHappen(`${number.id} is connected`, CONNECTED_WITHIN_MS, isConnected, LOOK_EVERY_MS);
  const pid = await world.browserPid(number);
  return { pid, cpuSeconds: browserCpuSeconds(pid) };
}

async function allOff(world: World): Promise<void> {
  for (const { id } of world.numbers) await world.api.disconnect(id);
  for (const number of world.numbers) {
    const isOff = async () => (await world.view(number))?.browser === null;
    await mustHappen(`${number.id} is off`, OFF_WITHIN_MS, isOff);
  }
}
