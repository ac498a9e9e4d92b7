import { readdirSync, readFileSync } from 'node:fs';

export interface RunningProcess {
  pid: number;
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
      const state = stat.slice(stat.lastIndexOf(')') + 2).charAt(0);
      if (state !== 'Z') found.push({ pid: Number(name), args, state });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}

/** Browser processes (not their children) whose profile lies under `authDir`. */
export function browsersUnder(authDir: string): RunningProcess[] {
  return runningProcesses().filter(
    ({ args }) =>
      args.some((arg) => arg.startsWith(`--user-data-dir=${authDir}/`)) &&
      !args.some((arg) => arg.startsWith('--type=')),
  );
}

/** Everything that names `folder` on its command line: what a test must not leave behind. */
export function leftoversOf(folder: string): RunningProcess[] {
  return runningProcesses().filter(({ pid, args }) => pid !== process.pid && args.some((arg) => arg.includes(folder)));
}
