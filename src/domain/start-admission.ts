const BYTES_PER_MB = 1024 * 1024;
const MINUTE_MS = 60_000;
const LOOK_AGAIN_MS = 2000;
/** A start needs so long to show in the load of the machine. */
const SHOWS_AFTER_MS = 500;
/** Share of the time in which work waited for a core; below it, another start makes nobody slower. */
const ROOM_BELOW = 0.4;
/** Share of the cores that did nothing; above it, another start uses what is lost otherwise, though some work waits. */
const IDLE_ABOVE = 0.15;
/** Share of the time in which all work waited for memory; above it, every further browser makes all of them slower. */
const THRASHES_ABOVE = 0.1;
/** However idle the machine seems: browsers that all wait for one network then wake up together. */
const MOST_PER_CORE = 4;

/** What bounds the starts of browsers. */
export interface StartLimits {
  /** Starts at the same time; `auto` takes as many as the machine has room for. */
  maxConcurrentStarts: number | 'auto';
  /** Null for no limit. */
  startsPerMinute: number | null;
  minFreeMemoryMb: number;
}

/** How busy the machine is; shares of the last moments, between 0 and 1. */
export interface MachineLoad {
  cores: number;
  /** Time in which work waited for a core. Null when it cannot be told. */
  cpuPressure: number | null;
  /** Part of the time of all cores in which they did nothing. Null when it cannot be told, or is not ours. */
  cpuIdle: number | null;
  /** Time in which all work waited for memory. Null when it cannot be told. */
  memoryPressure: number | null;
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
  /** Browsers that are being started. */
  starting: number;
  machine: MachineLoad;
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
 * How many browsers may be on their start at once. A start keeps about one core busy, so that as many as cores are
 * fastest; while they wait for something else than a core, more of them fit beside each other.
 */
export function startPlaces({ maxConcurrentStarts }: StartLimits, { cores, ...machine }: MachineLoad): number {
  if (maxConcurrentStarts !== 'auto') return maxConcurrentStarts;
  if (machine.memoryPressure !== null && machine.memoryPressure > THRASHES_ABOVE) return 1;
  const { cpuPressure, cpuIdle } = machine;
  // Where no pressure is told, nobody tells of a lack of memory, either.
  const roomAbove = cpuPressure === null ? 1 - ROOM_BELOW : IDLE_ABOVE;
  const hasRoom = (cpuPressure !== null && cpuPressure < ROOM_BELOW) || (cpuIdle !== null && cpuIdle > roomAbove);
  return hasRoom ? MOST_PER_CORE * cores : cores;
}

/**
 * How long the next start waits before it is looked at again, milliseconds; 0 when it may go. At most so many go in any
 * minute. While memory is short they wait, but for the first browser: without it nothing would ever run.
 */
export function startDelayMs(
  limits: StartLimits,
  { now, startedAt, availableBytes, hasBrowsers, starting, machine }: StartContext,
): number {
  const recent = startedAt.filter((at) => countsAsRecent(at, now));
  const oldest = limits.startsPerMinute === null ? undefined : recent.at(-limits.startsPerMinute);
  if (oldest !== undefined) return oldest + MINUTE_MS - now;
  if (hasBrowsers && isMemoryLow(availableBytes, limits)) return LOOK_AGAIN_MS;
  const isAuto = limits.maxConcurrentStarts === 'auto';
  if (starting >= startPlaces(limits, machine)) return isAuto ? SHOWS_AFTER_MS : LOOK_AGAIN_MS;
  // Beyond the cores one by one: the load tells nothing yet of the one that has just begun.
  const sinceLastMs = now - (recent.at(-1) ?? Number.NEGATIVE_INFINITY);
  return isAuto && starting >= machine.cores ? Math.max(0, SHOWS_AFTER_MS - sinceLastMs) : 0;
}
