import { spawnSync } from 'node:child_process';
import { runningProcesses } from './processes.js';

// As a container: its own pids and /proc, and a host name of its own. With its first process everything in it ends.
const UNSHARE = ['unshare', '--pid', '--fork', '--kill-child', '--mount-proc', '--uts'] as const;

/** False where this machine lets nobody make namespaces; a box is then only a process like any other. */
export const hasBoxes: boolean = spawnSync(UNSHARE[0], [...UNSHARE.slice(1), 'true']).status === 0;

/** The command line that runs `command` as the first process of a box of this name. */
export function inBox(host: string, command: readonly [string, ...string[]]): readonly [string, ...string[]] {
  return hasBoxes ? [...UNSHARE, 'sh', '-c', 'hostname "$0" && exec "$@"', host, ...command] : command;
}

/** The pid, as seen from outside, of the first process in the box that `unshare` with this pid made; null without a box. */
export function pidInBox(unsharePid: number | undefined): number | null {
  return runningProcesses().find(({ parentPid }) => parentPid === unsharePid && hasBoxes)?.pid ?? null;
}
