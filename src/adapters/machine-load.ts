import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import type { ReadMachineLoad } from '../domain/ports.js';
import type { MachineLoad } from '../domain/start-admission.js';
import { cgroupFolders, textOf } from './cgroup.js';

/** Less than this tells more of chance than of the load. */
const LEAST_MS = 250;
const US_PER_MS = 1000;

/** Counters at one moment; they only grow. Null where the system has none. */
interface Look {
  at: number;
  cpuStalledMs: number | null;
  memoryStalledMs: number | null;
  /** Of all cores together. */
  idleMs: number;
}

/**
 * How busy the machine was between the last two looks, which are at least a quarter of a second apart: pressure as Linux
 * counts it (PSI, from 4.20 on), and the share of the time of all cores in which they did nothing. The reads take
 * microseconds. `root` is the folder that `proc` and `sys` are in, `now` a steady clock in milliseconds.
 */
export function createMachineLoad(
  root = '/',
  now: () => number = () => performance.now(),
  idleTimes: () => number[] = () => cpus().map(({ times }) => times.idle),
): ReadMachineLoad {
  const look = (): Look => ({
    at: now(),
    cpuStalledMs: stalledMs(join(root, 'proc/pressure/cpu'), 'some'),
    memoryStalledMs: stalledMs(join(root, 'proc/pressure/memory'), 'full'),
    idleMs: idleTimes().reduce((sum, each) => sum + each, 0),
  });
  const cores = Math.min(availableParallelism(), ...cgroupFolders(root).map(coresOfCgroup));
  const coresOfMachine = idleTimes().length;
  let last = look();
  let load: MachineLoad = { cores, cpuPressure: null, cpuIdle: null, memoryPressure: null };
  return () => {
    if (now() - last.at < LEAST_MS) return load;
    const [before, after] = [last, look()];
    const lastedMs = after.at - before.at;
    load = {
      cores,
      cpuPressure: share(before.cpuStalledMs, after.cpuStalledMs, lastedMs),
      // Cores of the machine that a limit keeps from us may rest as they like.
      cpuIdle: cores < coresOfMachine ? null : share(before.idleMs, after.idleMs, lastedMs * coresOfMachine),
      memoryPressure: share(before.memoryStalledMs, after.memoryStalledMs, lastedMs),
    };
    last = after;
    return load;
  };
}

function share(before: number | null, after: number | null, ofMs: number): number | null {
  if (before === null || after === null || ofMs <= 0) return null;
  return Math.min(1, Math.max(0, (after - before) / ofMs));
}

/** Cores that a cgroup may use, one at least; Node does not know of that limit. Infinity when it has none. */
function coresOfCgroup(folder: string): number {
  const [, quota, period] = /^(\d+) (\d+)$/m.exec(textOf(join(folder, 'cpu.max')) ?? '') ?? [];
  return quota === undefined ? Number.POSITIVE_INFINITY : Math.max(1, Math.round(Number(quota) / Number(period)));
}

/** Time in which `some` or the `full` of the work waited, since the start of the machine; null where it is not counted. */
function stalledMs(file: string, whose: 'some' | 'full'): number | null {
  const total = new RegExp(`^${whose} .*total=(\\d+)`, 'm').exec(textOf(file) ?? '')?.[1];
  return total === undefined ? null : Number(total) / US_PER_MS;
}
