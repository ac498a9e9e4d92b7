import { cpus } from 'node:os';
import { Chronicle, lastConnected, timeOf } from '../chaos/chronicle.js';
import { COPIED } from '../density/configurations.js';
import { thisMachine } from '../support/machine.js';
import type { ServiceSettings } from '../support/service-process.js';
import { mustHappen, pause } from '../support/waiting.js';
import { World } from '../support/world.js';
import type { Concurrency, Flags } from './flags.js';
import { missedGoals, type Report, type Restored, restoreTable } from './report.js';

const CONNECTED_WITHIN_MS = 300_000;
/** What the browsers before still write is no part of a start. */
const SETTLE_MS = 3000;
const LOOK_EVERY_MS = 500;
/** As Wakeful is set by default. */
const OURS = { engine: 'auto', profile: 'lean', sandbox: 'auto', extraArgs: [] } as const;

/** Restores the same numbers with each concurrency, in rounds that take them in turns. */
export async function runRestore(flags: Flags, say: (line: string) => void, signal: AbortSignal): Promise<Report> {
  const startedAt = Date.now();
  const { sessions, concurrencies, heapMb, bootCpuMs, rounds } = flags;
  const times = new Map<Concurrency, { allMs: number[]; halfMs: number[]; workMs: number[] }>(
    concurrencies.map((atOnce) => [atOnce, { allMs: [], halfMs: [], workMs: [] }]),
  );
  const failures: string[] = [];
  say(`${sessions} numbers with pages of ${heapMb} MB that work for ${bootCpuMs} ms, ${rounds} rounds. Linking …`);
  const world = await World.open(sessions);
  try {
    await world.phones.settings({ heapBallastMb: heapMb, bootCpuMs });
    world.browserPath = null;
    for (let round = 0; round < rounds; round += 1) {
      // Does not count: the round before ended with another browser on these profiles, which has caches of its own.
      await restore(world, 'auto');
      for (const [atOnce, { allMs, halfMs, workMs }] of times) {
        if (signal.aborted) throw new Error('the run was stopped');
        const took = await restore(world, atOnce);
        allMs.push(took.allMs);
        halfMs.push(took.halfMs);
        workMs.push(took.workMs);
        say(`  round ${round + 1}, ${atOnce} at once: ${(took.allMs / 1000).toFixed(1)} s`);
      }
    }
  } catch (error) {
    failures.push(`the run ended early: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  } finally {
    await world.close(flags.keep);
    if (flags.keep) say(`Logs are in ${world.folder}`);
  }
  const restored: Restored[] = [...times].map(([atOnce, took]) => ({ atOnce, ...took }));
  say(`\n${restoreTable(restored, thisMachine().cores)}\n`);
  return {
    startedAt: new Date(startedAt).toISOString(),
    tookSeconds: Math.round((Date.now() - startedAt) / 1000),
    machine: thisMachine(),
    ...{ sessions, heapMb, bootCpuMs, restored },
    failures: [...failures, ...missedGoals(restored)],
  };
}

/** How a service starts its browsers. */
function settingsOf(world: World, atOnce: Concurrency): ServiceSettings {
  const { engine, profile, sandbox, extraArgs } = atOnce === 'copied' ? COPIED : OURS;
  const maxConcurrentStarts = atOnce === 'copied' ? world.numbers.length : atOnce;
  return {
    fleet: { maxConcurrentStarts, startsPerMinute: null },
    browser: { engine, profile, sandbox, extraArgs: [...world.browserArgs, ...extraArgs] },
  };
}

/** From the first browser that is started until all numbers, and half of them, are connected; and the work for that. */
async function restore(world: World, atOnce: Concurrency): Promise<Record<'allMs' | 'halfMs' | 'workMs', number>> {
  const chronicle = await Chronicle.begin(world);
  await world.service.end('SIGTERM');
  await pause(SETTLE_MS);
  const workedBefore = workedMs();
  await world.startService(settingsOf(world, atOnce));
  let startedAt = Number.POSITIVE_INFINITY;
  const connectedAt: number[] = [];
  for (const number of world.numbers) {
    const entries = await mustHappen(`${number.id} is restored`, CONNECTED_WITHIN_MS, () => untilBack(), LOOK_EVERY_MS);
    const [first, back] = [entries.find(({ event }) => event === 'session.starting'), lastConnected(entries)];
    if (first) startedAt = Math.min(startedAt, timeOf(first));
    if (back) connectedAt.push(timeOf(back));

    async function untilBack() {
      const all = (await chronicle.of(number)) ?? [];
      return lastConnected(all) !== undefined && all;
    }
  }
  const workMs = workedMs() - workedBefore;
  connectedAt.sort((a, b) => a - b);
  const half = connectedAt[Math.ceil(connectedAt.length / 2) - 1] ?? Number.NaN;
  return { allMs: (connectedAt.at(-1) ?? Number.NaN) - startedAt, halfMs: half - startedAt, workMs };
}

/** What all cores have worked since the start of the machine, this run itself included; milliseconds. */
function workedMs(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0);
}
