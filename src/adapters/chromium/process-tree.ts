import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';

const PROC = '/proc';
const USER_DATA_DIR = '--user-data-dir=';
// A read of /proc costs about 10 µs without a thread hop and 60 with one; slices keep the event loop free on hosts with
// thousands of processes.
const READS_PER_TURN = 64;

/** False on systems without Linux's /proc (macOS): lists are then empty, and only `isAlive` can tell something. */
export const hasProc: boolean = existsSync(`${PROC}/self/stat`);

/** What `/proc/<pid>/stat` says of a process. */
export interface ProcessStat {
  pid: number;
  /** One letter: R, S, D, T (stopped), Z (zombie) … */
  state: string;
  parentPid: number;
  groupId: number;
  /** Clock ticks since boot; with the pid it names one process, since pids are used again. */
  startTime: number;
}

/** A process that runs on a browser profile. */
export interface ProfileProcess extends ProcessStat {
  userDataDir: string;
  /** True for the browser itself, false for a child of it (`--type=renderer`, …). */
  isBrowser: boolean;
}

/** Reads the text of `/proc/<pid>/stat`; null when it has another form. The name in it may hold spaces and parentheses. */
export function parseProcessStat(text: string): ProcessStat | null {
  const nameEnd = text.lastIndexOf(')');
  const pid = Number.parseInt(text, 10);
  const [state, parentPid, groupId, ...rest] = text.slice(nameEnd + 2).split(' ');
  const startTime = rest[16];
  if (nameEnd < 0 || !state || !parentPid || !groupId || !startTime || Number.isNaN(pid)) return null;
  return { pid, state, parentPid: Number(parentPid), groupId: Number(groupId), startTime: Number(startTime) };
}

/** The process of this pid, zombies included; null when there is none, or no /proc. */
export function processStat(pid: number): ProcessStat | null {
  const text = readProc(pid, 'stat');
  return text === null ? null : parseProcessStat(text);
}

/** Start of a process in clock ticks since boot; null when there is none, or no /proc. */
export function startTime(pid: number): number | null {
  return processStat(pid)?.startTime ?? null;
}

/** True when a process of this pid runs or is stopped; a zombie is dead. */
export function isAlive(pid: number): boolean {
  if (hasProc) {
    const stat = processStat(pid);
    // With hidepid, the processes of other users are not in /proc; the signal 0 still tells of them.
    if (stat !== null) return isLiving(stat);
  }
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** False for a process that has ended and only waits for its parent to take notice. */
export function isLiving(stat: ProcessStat): boolean {
  return stat.state !== 'Z' && stat.state !== 'X';
}

/** True for a process that stands still until somebody lets it go on: SIGSTOP, or a debugger that holds it. */
export function isStopped(stat: ProcessStat): boolean {
  return stat.state === 'T' || stat.state === 't';
}

/**
 * Children of a process and theirs, zombies included; empty without /proc. Far cheaper than a walk through all of /proc,
 * but it sees only what was started by main threads, as Chromium's zygote and the renderers are.
 */
export function descendants(pid: number): ProcessStat[] {
  const children = readProc(pid, `task/${pid}/children`)?.split(' ').filter(Boolean).map(Number) ?? [];
  return children.flatMap((child) => {
    const stat = processStat(child);
    return stat === null ? [] : [stat, ...descendants(child)];
  });
}

/** Arguments of a process; null when it has ended or may not be read. A zombie has none. */
export function commandLine(pid: number): string[] | null {
  const text = readProc(pid, 'cmdline');
  return text === null ? null : text.replace(/\0$/, '').split('\0');
}

/** Every living process of a group; empty without /proc. */
export async function groupMembers(groupId: number): Promise<ProcessStat[]> {
  const members: ProcessStat[] = [];
  await eachProcess((stat) => {
    if (stat.groupId === groupId && isLiving(stat)) members.push(stat);
  });
  return members;
}

/** Every living process of several groups in one walk through /proc. */
export async function membersOfGroups(groupIds: readonly number[]): Promise<Map<number, number[]>> {
  const members = new Map<number, number[]>(groupIds.map((groupId) => [groupId, []]));
  await eachProcess((stat) => {
    if (isLiving(stat)) members.get(stat.groupId)?.push(stat.pid);
  });
  return members;
}

/** Every living process whose command line names a browser profile that `accepts` takes; never this process itself. */
export async function profileProcesses(accepts: (userDataDir: string) => boolean): Promise<ProfileProcess[]> {
  const found: ProfileProcess[] = [];
  await eachProcess((stat) => {
    if (stat.pid === process.pid || !isLiving(stat)) return;
    const named = namedProfile(commandLine(stat.pid) ?? []);
    if (named !== null && accepts(named.userDataDir)) found.push({ ...stat, ...named });
  });
  return found;
}

/** Every living process that runs on exactly this profile. The headless shell's children do not say theirs. */
export async function processesOfProfile(userDataDir: string): Promise<ProfileProcess[]> {
  return profileProcesses((named) => named === userDataDir);
}

/**
 * The profile that a command line names. A browser has it as an argument of its own; the children of Chromium overwrite
 * their command line with one string whose parts are joined by spaces.
 */
export function namedProfile(args: readonly string[]): { userDataDir: string; isBrowser: boolean } | null {
  const isChild = args.some((arg) => arg.startsWith('--type='));
  const own = args.findLast((arg) => arg.startsWith(USER_DATA_DIR));
  if (own !== undefined) return { userDataDir: own.slice(USER_DATA_DIR.length), isBrowser: !isChild };
  const joined = args.length === 1 ? args[0] : undefined;
  const dir = joined?.match(/ --type=.* --user-data-dir=(.+?)(?: --|$)/)?.[1];
  return dir === undefined ? null : { userDataDir: dir, isBrowser: false };
}

async function eachProcess(visit: (stat: ProcessStat) => void): Promise<void> {
  if (!hasProc) return;
  let reads = 0;
  for (const entry of readdirSync(PROC)) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = processStat(Number(entry));
    if (stat !== null) visit(stat);
    reads += 1;
    if (reads % READS_PER_TURN === 0) await nextTurn();
  }
}

function readProc(pid: number, file: 'stat' | 'cmdline' | `task/${number}/children`): string | null {
  try {
    return readFileSync(`${PROC}/${pid}/${file}`, 'utf8');
  } catch {
    // Ended between the listing and the read, or hidden from us: in both cases there is nothing to say about it.
    return null;
  }
}

/** The `code` of a failed system call, undefined for every other error. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
