import type { Clock } from '../../src/domain/ports.js';

interface Timer {
  at: number;
  run: () => void;
}

/** Lets every promise that can go on do so. */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Time that stands still until a test lets it pass. */
export class FakeClock implements Clock {
  #now = Date.UTC(2026, 0, 1);
  readonly #timers = new Set<Timer>();
  /** Timers that came due so far: a loop that turns without waiting shows here. */
  fired = 0;

  now(): number {
    return this.#now;
  }

  /** Timers that are still to come. */
  get pending(): number {
    return this.#timers.size;
  }

  schedule(delayMs: number, run: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, delayMs), run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Lets time pass: runs what comes due in order, and everything that follows from it before the next. */
  async advance(ms: number): Promise<void> {
    const until = this.#now + ms;
    await settled();
    for (let next = this.#next(until); next !== null; next = this.#next(until)) {
      this.#now = Math.max(this.#now, next.at);
      this.#timers.delete(next);
      this.fired += 1;
      next.run();
      await settled();
    }
    this.#now = until;
  }

  /** Somebody sets the wall clock, back when negative; what is scheduled comes after as long as before. */
  set(byMs: number): void {
    this.#now += byMs;
    for (const timer of this.#timers) timer.at += byMs;
  }

  /** Lets the next timer come before its time, as real ones do by a millisecond now and then. */
  async fireEarly(): Promise<void> {
    const next = this.#next(Number.POSITIVE_INFINITY);
    if (next === null) throw new Error('There is no timer to fire.');
    this.#now = next.at - 1;
    this.#timers.delete(next);
    next.run();
    await settled();
  }

  #next(until: number): Timer | null {
    let earliest: Timer | null = null;
    for (const timer of this.#timers) {
      if (timer.at <= until && (earliest === null || timer.at < earliest.at)) earliest = timer;
    }
    return earliest;
  }
}
