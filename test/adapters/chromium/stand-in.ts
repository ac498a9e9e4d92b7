import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { processStat } from '../../../src/adapters/chromium/process-tree.js';
import type { Logger } from '../../../src/domain/ports.js';

export const quiet: Logger = { debug() {}, info() {}, warn() {}, error() {} };

/** Processes and folders of one test file; `clean` ends and removes all of them. */
export class Workshop {
  readonly #children: ChildProcess[] = [];
  readonly #folders: string[] = [];

  async folder(): Promise<string> {
    const path = await mkdtemp(join(tmpdir(), 'wakeful-test-'));
    this.#folders.push(path);
    return path;
  }

  /** Runs a script in a process group of its own and waits until it has said `up`; the rest of that line is given back. */
  async run(script: string, args: readonly string[] = []): Promise<{ pid: number; said: string; child: ChildProcess }> {
    const child = spawn(process.execPath, ['-e', script, '--', ...args], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { PATH: process.env.PATH },
    });
    this.#children.push(child);
    const [chunk] = await once(child.stdout, 'data');
    if (child.pid === undefined) throw new Error('The process did not start.');
    return { pid: child.pid, said: String(chunk).replace('up', '').trim(), child };
  }

  /** A process that has the command line of a browser on this profile. */
  async browserOn(userDataDir: string, ...more: string[]): Promise<{ pid: number; child: ChildProcess }> {
    return this.run(IDLE, [`--user-data-dir=${userDataDir}`, ...more]);
  }

  /** Processes that descend from each other as Chromium's do: a browser, its zygote, and what that one starts. */
  async browserTree(): Promise<{ browser: number; zygote: number; helper: number; renderer: number }> {
    const grandchildren = [
      ['--type=utility', []],
      ['--type=renderer', []],
    ];
    const family = JSON.stringify([['--type=zygote', grandchildren]]);
    const { pid: browser, said } = await this.run(FAMILY, [FAMILY, family]);
    const [zygote, helper, renderer] = said.split(' ').map(Number);
    // A signal to pid 0 would strike the test itself.
    if (!zygote || !helper || !renderer) throw new Error(`Three processes were to start, not ${said}.`);
    return { browser, zygote, helper, renderer };
  }

  /** A pid that belongs to nobody any more. */
  async deadPid(): Promise<number> {
    const { pid, child } = await this.run(`console.log('up')`);
    if (child.exitCode === null) await once(child, 'exit');
    return pid;
  }

  async clean(): Promise<void> {
    for (const { pid } of this.#children) {
      try {
        if (pid !== undefined) process.kill(-pid, 'SIGKILL');
      } catch {
        // It has ended already, as most tests want it to.
      }
    }
    for (const folder of this.#folders) await rm(folder, { recursive: true, force: true });
  }
}

export const IDLE = `setInterval(() => {}, 1000); console.log('up')`;
export const IGNORES_SIGTERM = `process.on('SIGTERM', () => {}); ${IDLE}`;

/** Starts the children that its arguments tell of, and those theirs, and says the pids of all: parents before children. */
const FAMILY = `
  const { spawn } = require('node:child_process');
  const [script, children] = process.argv.slice(1);
  const start = ([type, below]) => new Promise((resolve) => {
    const args = ['-e', script, '--', script, JSON.stringify(below), type];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    child.stdout.once('data', (said) => resolve(child.pid + String(said).replace('up', '').trimEnd()));
  });
  Promise.all(JSON.parse(children).map(start)).then((pids) => console.log('up', ...pids));
  setInterval(() => {}, 1000);
`;

/** Stops a process as SIGSTOP does, and resolves when it stands still. */
export async function stop(pid: number): Promise<void> {
  process.kill(pid, 'SIGSTOP');
  await until(() => processStat(pid)?.state === 'T');
}

/** Waits until something is so, looking every 10 ms; fails after 5 s. */
export async function until(condition: () => boolean): Promise<void> {
  for (let look = 0; look < 500; look += 1) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('What was waited for did not come within 5 s.');
}
