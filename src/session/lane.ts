import PQueue from 'p-queue';

/** Who goes first among those that wait: what starts and ends browsers before what uses them. */
export const LANE_PRIORITY = { control: 10, send: 0 } as const;

/**
 * One operation at a time on the browser of one session. p-queue's own timeout is not used: it would free the place
 * while the operation still runs. Deadlines belong into the operation, which settles only when it is really over.
 */
export class Lane {
  readonly #queue = new PQueue({ concurrency: 1 });
  #running: { priority: number; controller: AbortController } | null = null;

  /** Runs the operation in its turn; its signal aborts when `abortRunning` is called meanwhile. */
  async run<T>(priority: number, operation: (signal: AbortSignal) => Promise<T>): Promise<T> {
    return await this.#queue.add(
      async () => {
        const controller = new AbortController();
        this.#running = { priority, controller };
        try {
          return await operation(controller.signal);
        } finally {
          this.#running = null;
        }
      },
      { priority },
    );
  }

  /** Asks the running operation to end, unless it is above `priority`: the next one need not wait for its deadline. */
  abortRunning(priority: number = LANE_PRIORITY.control): void {
    if (this.#running !== null && this.#running.priority <= priority) this.#running.controller.abort();
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    await this.#queue.onIdle();
  }
}
