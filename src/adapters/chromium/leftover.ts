import { readlinkSync } from 'node:fs';
import { basename } from 'node:path';
import { type ProfileProcess, processStat } from './process-tree.js';

// A process whose parent ends is handed to PID 1 or to another reaper (systemd --user, tini), never to one of these.
const PROGRAMS_THAT_START_BROWSERS = /^(node|bun|deno|sh|bash|dash|zsh|fish)/;

/**
 * The living program that started these processes and is not us, null when they were left behind. A browser that another
 * Wakeful, a script or a person runs on the profile has such a parent; ending it would be a crash for them.
 */
export function starterOf(processes: readonly ProfileProcess[]): { pid: number; name: string } | null {
  const pids = new Set(processes.map(({ pid }) => pid));
  for (const { parentPid, isBrowser } of processes) {
    if (!isBrowser || pids.has(parentPid) || parentPid <= 1 || parentPid === process.pid) continue;
    const name = programName(parentPid);
    if (name !== null && PROGRAMS_THAT_START_BROWSERS.test(name)) return { pid: parentPid, name };
  }
  return null;
}

function programName(pid: number): string | null {
  if (processStat(pid) === null) return null;
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return null;
  }
}
