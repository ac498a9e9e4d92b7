import { join } from 'node:path';
import type { AvailableMemory } from '../domain/ports.js';
import { cgroupFolders, textOf } from './cgroup.js';

const BYTES_PER_KB = 1024;

/**
 * Memory that new processes may take, in bytes: what the machine has available, or what the cgroup of this process and
 * those above it (v2: a container, a systemd service) leave, whichever is less. Null where neither can be told. The reads
 * are of kernel files and take microseconds. `root` is the folder that `proc` and `sys` are in.
 */
export function createAvailableMemory(root = '/'): AvailableMemory {
  const cgroups = cgroupFolders(root);
  return () => {
    const machine = figure(textOf(join(root, 'proc/meminfo')), /^MemAvailable:\s+(\d+) kB/m);
    const figures = [machine === null ? null : machine * BYTES_PER_KB, ...cgroups.map(leftInCgroup)];
    const known = figures.filter((bytes) => bytes !== null);
    return known.length === 0 ? null : Math.max(0, Math.min(...known));
  };
}

/** What a cgroup may still take; null when it has no limit. Its file cache that nobody uses is given back when needed. */
function leftInCgroup(folder: string): number | null {
  const max = figure(textOf(join(folder, 'memory.max')), /^(\d+)$/m);
  const current = figure(textOf(join(folder, 'memory.current')), /^(\d+)$/m);
  if (max === null || current === null) return null;
  return max - current + (figure(textOf(join(folder, 'memory.stat')), /^inactive_file (\d+)$/m) ?? 0);
}

function figure(text: string | null, line: RegExp): number | null {
  const digits = text?.match(line)?.[1];
  return digits === undefined ? null : Number(digits);
}
