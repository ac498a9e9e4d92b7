import { createMachine } from '../../../src/cli/machine.js';
import { runCommandLine } from '../../../src/cli/program.js';
import type { World } from '../../../src/cli/world.js';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

/** A world in which time passes at once and everything that is written is kept. */
export class Terminal {
  out = '';
  err = '';
  /** Called at every pause with how many there were, instead of waiting. */
  onPause: (count: number) => void | Promise<void> = () => {};
  readonly started: string[] = [];
  readonly interrupt = new AbortController();
  #pauses = 0;
  readonly #change: Partial<World>;

  constructor(change: Partial<World> = {}) {
    this.#change = change;
  }

  get world(): World {
    return {
      env: {},
      cwd: '/nowhere',
      version: '1.2.3',
      out: (text) => {
        this.out += text;
      },
      err: (text) => {
        this.err += text;
      },
      columns: null,
      readInput: async () => '',
      now: () => 1_000_000,
      pause: async () => {
        this.#pauses += 1;
        if (this.#pauses > 50) throw new Error('It waits for ever.');
        await this.onPause(this.#pauses);
      },
      interrupted: () => this.interrupt.signal,
      startService: async () => void this.started.push('service'),
      machine: async () => createMachine(),
      runProgram: async (name, given) => {
        this.started.push(`${name} ${given.join(' ')}`.trim());
        return 0;
      },
      ...this.#change,
    };
  }

  /** Runs one command line and gives what it wrote. */
  async run(...args: string[]): Promise<Ran> {
    const [outBefore, errBefore] = [this.out.length, this.err.length];
    const code = await runCommandLine(args, this.world);
    return { code, out: this.out.slice(outBefore), err: this.err.slice(errBefore) };
  }
}
