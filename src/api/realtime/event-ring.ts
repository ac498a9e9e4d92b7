import type { News } from './news.js';

/** News with their number. */
export interface RealtimeEvent extends News {
  readonly seq: number;
}

/**
 * The last events of the whole fleet, numbered one by one. Clients keep only a position in it, so that one that is slow,
 * or comes back, costs nothing more.
 */
export class EventRing {
  readonly #kept: number;
  readonly #slots: RealtimeEvent[] = [];
  readonly #base: number;
  #head: number;

  /**
   * Microseconds of the start are the first number: whatever an earlier run of the service counted is smaller, as long as
   * it told less than a million events a second. So a position of that run is known to be one.
   */
  constructor({ kept, startedAt }: { kept: number; startedAt: number }) {
    this.#kept = kept;
    this.#base = startedAt * 1_000;
    this.#head = this.#base;
  }

  /** Number of the newest event; before the first a number that is smaller than any. */
  get head(): number {
    return this.#head;
  }

  /** Number of the oldest event that is kept, or that the next one will have. */
  get oldest(): number {
    return this.#head - this.#slots.length + 1;
  }

  /** Numbers the news and keeps them, in the place of the oldest when it is full. */
  append(news: News): RealtimeEvent {
    this.#head += 1;
    const event = { ...news, seq: this.#head };
    this.#slots[this.#indexOf(this.#head)] = event;
    return event;
  }

  /** Everything behind `after` is still here. */
  reaches(after: number): boolean {
    return after >= this.oldest - 1 && after <= this.#head;
  }

  /** The event right behind `after`, null at the end. Only for an `after` that it reaches. */
  next(after: number): RealtimeEvent | null {
    return after === this.#head ? null : (this.#slots[this.#indexOf(after + 1)] ?? null);
  }

  #indexOf(seq: number): number {
    return (seq - this.#base - 1) % this.#kept;
  }
}
