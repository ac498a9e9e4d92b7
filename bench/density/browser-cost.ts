import { readFileSync } from 'node:fs';
import { processesOfBrowser } from '../support/process-table.js';

/** What one browser with all its processes takes. */
export interface BrowserCost {
  /** Pages shared with other browsers count in parts (PSS). */
  readonly memoryBytes: number;
  readonly processes: number;
}

// What the kernel counts in for programs, on every Linux that runs Node (USER_HZ).
const TICKS_PER_SECOND = 100;

/** Memory and number of processes now; needs the right to read /proc of the browser. */
export function browserCost(browserPid: number): BrowserCost {
  const pids = processesOfBrowser(browserPid).map(({ pid }) => pid);
  return { memoryBytes: pids.reduce((sum, pid) => sum + proportionalBytes(pid), 0), processes: pids.length };
}

/** Seconds of processor time that it has taken since its start, helpers that have ended included. */
export function browserCpuSeconds(browserPid: number): number {
  const ticks = processesOfBrowser(browserPid).reduce((sum, { pid }) => sum + cpuTicks(pid), 0);
  return ticks / TICKS_PER_SECOND;
}

function proportionalBytes(pid: number): number {
  const kilobytes = /^Pss:\s+(\d+) kB/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1];
  return kilobytes === undefined ? 0 : Number(kilobytes) * 1024;
}

function cpuTicks(pid: number): number {
  const stat = read(`/proc/${pid}/stat`);
  // utime, stime, and those of children that were waited for.
  const times = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 15);
  return times.reduce((sum, ticks) => sum + Number(ticks), 0);
}

/** Empty for a process that has ended meanwhile. */
function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
