const BYTES_PER_MB = 1024 * 1024;
const MINUTE_MS = 60_000;
const LOOK_AGAIN_MS = 2000;

/** What bounds the starts of browsers beside their number at the same time. */
export interface StartLimits {
  /** Null for no limit. */
  startsPerMinute: number | null;
  minFreeMemoryMb: number;
}

/** What the decision is made from. */
export interface StartContext {
  /** Milliseconds since 1970. */
  now: number;
  /** When browsers were started lately, oldest first. */
  startedAt: readonly number[];
  /** Null when it cannot be told. */
  availableBytes: number | null;
  /** A browser of the fleet runs or is being started. */
  hasBrowsers: boolean;
}

/** A start of a minute ago or more, or of a future that a clock set back has left behind, counts no longer. */
export function countsAsRecent(startedAt: number, now: number): boolean {
  return startedAt <= now && now - startedAt < MINUTE_MS;
}

/** The memory of the machine is too short for another browser. What cannot be told holds up nobody. */
export function isMemoryLow(availableBytes: number | null, { minFreeMemoryMb }: StartLimits): boolean {
  return availableBytes !== null && availableBytes < minFreeMemoryMb * BYTES_PER_MB;
}

/**
 * How long the next start waits before it is looked at again, milliseconds; 0 when it may go. At most so many go in any
 * minute. While memory is short they wait, but for the first browser: without it nothing would ever run.
 */
export function startDelayMs(
  limits: StartLimits,
  { now, startedAt, availableBytes, hasBrowsers }: StartContext,
): number {
  const recent = startedAt.filter((at) => countsAsRecent(at, now));
  const oldest = limits.startsPerMinute === null ? undefined : recent.at(-limits.startsPerMinute);
  if (oldest !== undefined) return oldest + MINUTE_MS - now;
  return hasBrowsers && isMemoryLow(availableBytes, limits) ? LOOK_AGAIN_MS : 0;
}
