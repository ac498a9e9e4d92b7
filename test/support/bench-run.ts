import { type ChildProcess, spawn } from 'node:child_process';

/** A built bench as a process of its own, with everything temporary in `place`. */
export class BenchRun {
  readonly #main: string;
  readonly #place: string;
  #child: ChildProcess | null = null;

  constructor(bench: 'chaos' | 'soak' | 'delivery' | 'overhead', place: string) {
    this.#main = `dist/tools/bench/${bench}/main.js`;
    this.#place = place;
  }

  /** Runs it to its end; `output` is all that it says. */
  async play(...flags: string[]): Promise<{ code: number | null; output: string }> {
    const child = spawn(process.execPath, [this.#main, ...flags], {
      env: { ...process.env, TMPDIR: this.#place },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#child = child;
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
    return { code, output };
  }

  /** Ends what a test that ran out of time has left. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }
}
