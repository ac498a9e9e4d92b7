import type { ClientRateLimitInfo, Options, Store } from 'express-rate-limit';

const SWEEP_ABOVE = 10_000;

interface Window {
  hits: number;
  /** On the steady clock, milliseconds. */
  endsAt: number;
}

/**
 * Counts requests in windows of the steady clock. The library's own store asks the wall clock: once that is set back,
 * a window that runs ends only when the clock has caught up, and until then everybody is refused.
 */
export class SteadyLimitStore implements Store {
  readonly localKeys = true;
  readonly #windows = new Map<string, Window>();
  #windowMs = 0;

  init({ windowMs }: Pick<Options, 'windowMs'>): void {
    this.#windowMs = windowMs;
  }

  get(key: string): ClientRateLimitInfo | undefined {
    const window = this.#running(key);
    return window && infoOf(window);
  }

  increment(key: string): ClientRateLimitInfo {
    const window = this.#running(key) ?? { hits: 0, endsAt: performance.now() + this.#windowMs };
    window.hits += 1;
    this.#windows.set(key, window);
    if (this.#windows.size > SWEEP_ABOVE) for (const known of this.#windows.keys()) this.#running(known);
    return infoOf(window);
  }

  decrement(key: string): void {
    const window = this.#running(key);
    if (window) window.hits = Math.max(0, window.hits - 1);
  }

  resetKey(key: string): void {
    this.#windows.delete(key);
  }

  #running(key: string): Window | undefined {
    const window = this.#windows.get(key);
    if (window === undefined || window.endsAt > performance.now()) return window;
    this.#windows.delete(key);
    return undefined;
  }
}

function infoOf({ hits, endsAt }: Window): ClientRateLimitInfo {
  return { totalHits: hits, resetTime: new Date(Date.now() + endsAt - performance.now()) };
}
