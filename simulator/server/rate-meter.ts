const WINDOW_MS = 60_000;

/** Counts sends per account over the last minute. */
export class RateMeter {
  readonly #times = new Map<string, number[]>();

  clear(): void {
    this.#times.clear();
  }

  /** True when one more send stays within the limit, and then counts it. */
  take(phoneNumber: string, limit: number | null, now: number): boolean {
    const recent = (this.#times.get(phoneNumber) ?? []).filter((time) => now - time < WINDOW_MS);
    const allowed = limit === null || recent.length < limit;
    this.#times.set(phoneNumber, allowed ? [...recent, now] : recent);
    return allowed;
  }
}
