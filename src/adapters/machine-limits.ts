import { readFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Most files that this process may open, and processes with their threads that may run; Infinity for no limit. */
export interface MachineLimits {
  openFiles: number;
  processes: number;
}

/** The limits of this user and of the cgroups that this process is in. `root` is the folder that `proc` and `sys` are in. */
export function readLimits({ isRoot, root = '/' }: { isRoot: boolean; root?: string }): MachineLimits {
  const text = textOf(join(root, 'proc/self/limits'));
  const limit = (name: string) => number(new RegExp(`^${name} +(\\d+)`, 'm').exec(text)?.[1]);
  // Root may start as many as it likes, but for the cgroup.
  const ofUser = isRoot ? Number.POSITIVE_INFINITY : limit('Max processes');
  return { openFiles: limit('Max open files'), processes: Math.min(ofUser, ...pidsOfCgroups(root)) };
}

/** Size of /dev/shm in bytes; null where there is none. */
export async function sharedMemoryBytes(folder = '/dev/shm'): Promise<number | null> {
  const { blocks, bsize } = await statfs(folder).catch(() => ({ blocks: 0, bsize: 0 }));
  return blocks === 0 ? null : blocks * bsize;
}

function pidsOfCgroups(root: string): number[] {
  const mount = join(root, 'sys/fs/cgroup');
  const path = /^0::(\/.*)$/m.exec(textOf(join(root, 'proc/self/cgroup')))?.[1];
  if (path === undefined) return [];
  const limits: number[] = [];
  for (let folder = join(mount, path); folder.length >= mount.length; folder = dirname(folder)) {
    limits.push(number(/^(\d+)$/m.exec(textOf(join(folder, 'pids.max')))?.[1]));
  }
  return limits;
}

function number(digits: string | undefined): number {
  return digits === undefined ? Number.POSITIVE_INFINITY : Number(digits);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
