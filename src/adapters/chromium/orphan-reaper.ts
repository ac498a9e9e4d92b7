import { basename, dirname } from 'node:path';
import type { Clock, Logger } from '../../domain/ports.js';
import { starterOf } from './leftover.js';
import { endProcesses, endProcessGroup } from './process-group.js';
import { type ProfileProcess, profileProcesses } from './process-tree.js';
import { sessionIdOfFolder } from './session-folder.js';

interface ReapOptions {
  clock: Clock;
  /** From SIGTERM to SIGKILL, milliseconds. */
  terminateMs: number;
  logger: Logger;
}

/** A browser that was found without an owner and ended. */
export interface ReapedOrphan {
  sessionId: string;
  userDataDir: string;
  pids: number[];
}

/**
 * Ends every browser on a profile of `authDir` that nobody looks after. For the start, when no browser of ours can be
 * legitimately alive. One that another living program started is spared and logged; its session then says
 * `profile_in_use`. Resolves when the processes are gone, with what was ended.
 */
export async function reapOrphans(authDir: string, options: ReapOptions): Promise<ReapedOrphan[]> {
  const found = await processesByProfile(authDir);
  const reaped = await Promise.all([...found].map(([dir, processes]) => reap(dir, processes, options)));
  return reaped.filter((orphan) => orphan !== null);
}

/** Pids of the processes on profiles of `authDir` that nobody looks after; ends none. */
export async function orphanPids(authDir: string): Promise<number[]> {
  const found = await processesByProfile(authDir);
  return [...found.values()].flatMap((processes) =>
    starterOf(processes) === null ? processes.map(({ pid }) => pid) : [],
  );
}

async function processesByProfile(authDir: string): Promise<Map<string, ProfileProcess[]>> {
  const found = await profileProcesses((dir) => dirname(dir) === authDir && sessionIdOfFolder(basename(dir)) !== null);
  const dirs = new Set(found.map(({ userDataDir }) => userDataDir));
  return new Map([...dirs].map((dir) => [dir, found.filter(({ userDataDir }) => userDataDir === dir)]));
}

/** Ends leftover processes of one profile: the whole group where the browser leads one, else just those that match. */
export async function endLeftover(
  processes: readonly ProfileProcess[],
  options: Omit<ReapOptions, 'logger'>,
): Promise<number[]> {
  const leaders = processes.filter(({ pid, groupId }) => pid === groupId);
  await Promise.all(leaders.map(({ pid }) => endProcessGroup(pid, options)));
  // Also those in the group of a browser that is dead already, or that share the group of whoever started them.
  await endProcesses(processes, options);
  return processes.map(({ pid }) => pid);
}

async function reap(
  userDataDir: string,
  processes: readonly ProfileProcess[],
  options: ReapOptions,
): Promise<ReapedOrphan | null> {
  const sessionId = sessionIdOfFolder(basename(userDataDir));
  if (sessionId === null) return null;
  const starter = starterOf(processes);
  if (starter !== null) {
    options.logger.warn(
      'fleet.orphan_spared',
      `A browser on ${userDataDir} was left alone: ${starter.name} (pid ${starter.pid}) started it and is running.`,
      { sessionId, starterPid: starter.pid },
    );
    return null;
  }
  const pids = await endLeftover(processes, options);
  options.logger.warn('fleet.orphans_ended', `A browser that was left behind on ${userDataDir} was ended.`, {
    sessionId,
    pids: pids.join(' '),
  });
  return { sessionId, userDataDir, pids };
}
