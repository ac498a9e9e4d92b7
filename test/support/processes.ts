import { readdirSync, readFileSync } from 'node:fs';

export interface RunningProcess {
  pid: number;
  parentPid: number;
  args: string[];
  /** One letter as in /proc: R, S, T, Z … */
  state: string;
}

/** Every process of this machine that is not a zombie, from /proc. */
export function runningProcesses(): RunningProcess[] {
  const found: RunningProcess[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const args = readFileSync(`/proc/${name}/cmdline`, 'utf8').split('\0').filter(Boolean);
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const [state = '', parentPid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (state !== 'Z') found.push({ pid: Number(name), parentPid: Number(parentPid), args, state });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

/** Browser processes (not their children) whose profile lies under `authDir`. */
export function browsersUnder(authDir: string): RunningProcess[] {
  const found = runningProcesses().filter(
    ({ args }) =>
      args.some((arg) => arg.startsWith(`--user-data-dir=${authDir}/`)) &&
      !args.some((arg) => arg.startsWith('--type=')),
  );
  // Between fork and exec a child of the browser still wears its command line.
  const pids = new Set(found.map(({ pid }) => pid));
  return found.filter(({ parentPid }) => !pids.has(parentPid));
}

/** Everything that names `folder` on its command line: what a test must not leave behind. */
export function leftoversOf(folder: string): RunningProcess[] {
  return runningProcesses().filter(({ pid, args }) => pid !== process.pid && args.some((arg) => arg.includes(folder)));
}

/** State of a process as in /proc, such as T when it is stopped; undefined when there is none. */
export function stateOf(pid: number): string | undefined {
  return runningProcesses().find((running) => running.pid === pid)?.state;
}
