import { type ChildProcess, fork } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { fileURLToPath } from 'node:url';

interface Answer {
  readonly n?: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly event?: string;
}

interface Heard {
  readonly event: string;
  readonly value: unknown;
}

/** Unmodified whatsapp-web.js in a child process. */
export class Library {
  readonly #child: ChildProcess;
  readonly #answers = new EventEmitter();
  readonly #heard: Heard[] = [];
  #wake: () => void = () => undefined;
  #asked = 0;

  private constructor() {
    const script = fileURLToPath(new URL('./library-process.mjs', import.meta.url));
    // Without the flags of jest's own process.
    this.#child = fork(script, { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } });
    this.#child.on('message', (message: Answer) => {
      if (message.event === undefined) {
        this.#answers.emit(String(message.n), message);
      } else {
        this.#heard.push({ event: message.event, value: message.value });
        this.#wake();
      }
    });
  }

  static async spawn(): Promise<Library> {
    const library = new Library();
    await library.next('up');
    return library;
  }

  async call(op: string, args: Record<string, unknown> = {}): Promise<unknown> {
    this.#asked += 1;
    const n = this.#asked;
    const answered = once(this.#answers, String(n));
    this.#child.send({ n, op, args });
    const [{ value, error }] = (await answered) as [Answer];
    if (error !== undefined) throw new Error(error);
    return value;
  }

  /** The next event of that name (and about that message) that was not asked for yet; others stay. */
  async next(event: string, id?: string): Promise<unknown> {
    const isMeant = ({ value }: Heard): boolean => id === undefined || (value as { id?: unknown }).id === id;
    for (;;) {
      const index = this.#heard.findIndex((heard) => heard.event === event && isMeant(heard));
      const found = index < 0 ? undefined : this.#heard.splice(index, 1)[0];
      if (found !== undefined) return found.value;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  has(event: string): boolean {
    return this.#heard.some((heard) => heard.event === event);
  }

  forget(): void {
    this.#heard.length = 0;
  }

  /** Ends the process; its browser goes with it, as it is driven through a pipe. */
  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await gone;
  }
}
