import { readdirSync, readFileSync } from 'node:fs';

/** One line of /proc, zombies included. */
export interface ProcessEntry {
  readonly pid: number;
  readonly parentPid: number;
  readonly groupId: number;
  /** One letter: R, S, T (stopped), Z (zombie) … */
  readonly state: string;
  readonly commandLine: string;
}

/** Every process of this machine. */
export function processTable(): ProcessEntry[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(readEntry)
    .filter((entry) => entry !== null);
}

/** Living processes of the group that this browser leads. */
export function processesOfBrowser(browserPid: number): ProcessEntry[] {
  return processTable().filter(({ groupId, state }) => groupId === browserPid && state !== 'Z');
}

/** The page's processes of a browser; a spare one may be among them. */
export function renderersOf(browserPid: number): number[] {
  return processesOfBrowser(browserPid)
    .filter(({ commandLine }) => commandLine.includes('--type=renderer'))
    .map(({ pid }) => pid);
}

/** Sends a signal to what may have ended meanwhile. */
export function sendSignal(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already: then there is nobody to signal.
  }
}

function readEntry(name: string): ProcessEntry | null {
  try {
    const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
    // The program's name stands in parentheses and may hold spaces.
    const [state = '', parentPid, groupId] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
    return { pid: Number(name), parentPid: Number(parentPid), groupId: Number(groupId), state, commandLine };
  } catch {
    // It ended while we looked.
    return null;
  }
}
