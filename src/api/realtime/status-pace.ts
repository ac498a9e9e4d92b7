import type { Clock } from '../../domain/ports.js';

/** At most 10 a second for each session. */
const INTERVAL_MS = 100;

/**
 * Paces the status of sessions that change again and again: the first change is told at once, those within the interval
 * after it together at its end, as the session is then. The last one is always told.
 */
export class StatusPace {
  readonly #clock: Clock;
  readonly #tell: (sessionId: string) => void;
  readonly #resting = new Map<string, { changed: boolean; cancel: () => void }>();

  constructor(clock: Clock, tell: (sessionId: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  changed(sessionId: string): void {
    const rest = this.#resting.get(sessionId);
    if (rest) rest.changed = true;
    else this.#now(sessionId);
  }

  /** Nothing more is told of what was waiting. */
  forget(sessionId: string): void {
    this.#resting.get(sessionId)?.cancel();
    this.#resting.delete(sessionId);
  }

  stop(): void {
    for (const sessionId of [...this.#resting.keys()]) this.forget(sessionId);
  }

  #now(sessionId: string): void {
    const cancel = this.#clock.schedule(INTERVAL_MS, () => {
      const again = this.#resting.get(sessionId)?.changed;
      this.#resting.delete(sessionId);
      if (again) this.#now(sessionId);
    });
    this.#resting.set(sessionId, { changed: false, cancel });
    this.#tell(sessionId);
  }
}
