import type { Clock } from '../../domain/ports.js';
import { errorCode, groupMembers, hasProc, isLiving, type ProcessStat, processStat } from './process-tree.js';

const POLL_MS = 25;

interface EndOptions {
  clock: Clock;
  /** How long a polite SIGTERM may take before SIGKILL, milliseconds. */
  terminateMs: number;
  /** Cuts the polite wait short: SIGKILL follows at once. */
  hurry?: AbortSignal;
}

/** Processes that are ended together. */
interface Target {
  /** False only when it is certain that nothing of it is left, zombies included; costs one system call. */
  mayExist(): boolean;
  members(): Promise<ProcessStat[]>;
  send(signal: 'SIGTERM' | 'SIGKILL'): void;
}

/**
 * Ends a process group: SIGTERM, after `terminateMs` SIGKILL. Resolves only when no process of the group lives (zombies
 * count as dead); says whether SIGKILL was needed. A group that does not exist resolves at once.
 */
export async function endProcessGroup(groupId: number, options: EndOptions): Promise<{ killed: boolean }> {
  return endTarget(groupTarget(groupId), options);
}

/** The same for single processes that are not a group of their own. A pid that was used again is left alone. */
export async function endProcesses(
  processes: readonly ProcessStat[],
  options: EndOptions,
): Promise<{ killed: boolean }> {
  return endTarget(processTarget(processes), options);
}

/** Kills a process group and waits for nothing. */
export function killProcessGroup(groupId: number): void {
  groupTarget(groupId).send('SIGKILL');
}

async function endTarget(target: Target, { clock, terminateMs, hurry }: EndOptions): Promise<{ killed: boolean }> {
  if (!target.mayExist()) return { killed: false };
  const polite = watch(target, clock);
  if (!hurry?.aborted) {
    target.send('SIGTERM');
    const outcome = await polite.until('gone or stopped', terminateMs, hurry);
    if (outcome === 'gone') return { killed: false };
  }
  target.send('SIGKILL');
  await polite.until('gone');
  return { killed: true };
}

type Liveness = 'gone' | 'stopped' | 'running';

function watch(target: Target, clock: Clock) {
  let known: ProcessStat[] = [];

  // A walk through /proc is dear on a big host, so that members once seen are looked at alone until none of them runs.
  async function look(): Promise<Liveness> {
    if (!target.mayExist()) return 'gone';
    if (!hasProc) return 'running';
    if (known.some((member) => stateNow(member) === 'running')) return 'running';
    known = await target.members();
    const states = known.map(stateNow);
    if (states.includes('running')) return 'running';
    return states.includes('stopped') ? 'stopped' : 'gone';
  }

  return {
    async until(goal: 'gone' | 'gone or stopped', timeoutMs = Number.POSITIVE_INFINITY, hurry?: AbortSignal) {
      let expired = false;
      const cancel =
        timeoutMs === Number.POSITIVE_INFINITY
          ? () => {}
          : clock.schedule(timeoutMs, () => {
              expired = true;
            });
      try {
        for (;;) {
          const liveness = await look();
          // A stopped process keeps SIGTERM for the day it is continued; only SIGKILL reaches it.
          if (liveness === 'gone' || (liveness === 'stopped' && goal === 'gone or stopped')) return liveness;
          if (expired || hurry?.aborted) return liveness;
          await new Promise<void>((resolve) => clock.schedule(POLL_MS, resolve));
        }
      } finally {
        cancel();
      }
    },
  };
}

function stateNow(member: ProcessStat): Liveness {
  const now = processStat(member.pid);
  if (now === null || now.startTime !== member.startTime || !isLiving(now)) return 'gone';
  return now.state === 'T' ? 'stopped' : 'running';
}

function groupTarget(groupId: number): Target {
  // kill(-1) would mean every process of this user; our own group would take us with it.
  const isOurs = groupId === processStat(process.pid)?.groupId;
  if (!Number.isInteger(groupId) || groupId <= 1 || isOurs) {
    throw new RangeError(`Expected the process group of a browser, got ${groupId}.`);
  }
  return {
    mayExist: () => sendSignal(-groupId, 0),
    members: () => groupMembers(groupId),
    send: (signal) => sendSignal(-groupId, signal),
  };
}

function processTarget(processes: readonly ProcessStat[]): Target {
  const living = () => processes.filter((member) => !hasProc || stateNow(member) !== 'gone');
  return {
    mayExist: () => living().some(({ pid }) => sendSignal(pid, 0)),
    members: async () => living(),
    send: (signal) => {
      for (const { pid } of living()) sendSignal(pid, signal);
    },
  };
}

/** Sends a signal; false when nobody is there to get it. */
function sendSignal(pid: number, signal: 'SIGTERM' | 'SIGKILL' | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch (error) {
    return errorCode(error) !== 'ESRCH';
  }
}
