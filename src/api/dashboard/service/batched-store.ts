/** Calls at the next frame; in a tab that nobody looks at there are no frames, so after a second at the latest. */
export function atNextFrame(run: () => void): void {
  let done = false;
  const once = () => {
    if (done) return;
    done = true;
    cancelAnimationFrame(frame);
    clearTimeout(timer);
    run();
  };
  const frame = requestAnimationFrame(once);
  const timer = setTimeout(once, 1_000);
}

/** State that many events change and that is told to listeners once a frame, however many came. */
export class BatchedStore<S> {
  #state: S;
  #waiting: ((state: S) => S)[] = [];
  readonly #listeners = new Set<() => void>();
  readonly #schedule: (run: () => void) => void;

  constructor(initial: S, schedule: (run: () => void) => void = atNextFrame) {
    this.#state = initial;
    this.#schedule = schedule;
  }

  /** As of the last frame. */
  get state(): S {
    return this.#state;
  }

  /** Changes are made in order, at the next frame. */
  change(step: (state: S) => S): void {
    this.#waiting.push(step);
    if (this.#waiting.length === 1) this.#schedule(() => this.#flush());
  }

  /** Calls at every change; gives back how to stop that. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  #flush(): void {
    const steps = this.#waiting;
    this.#waiting = [];
    for (const step of steps) this.#state = step(this.#state);
    for (const listener of [...this.#listeners]) listener();
  }
}
