import type { Clock, MeasureMemory } from '../../domain/ports.js';
import { groupMemoryBytes } from './process-memory.js';

interface MemoryMeterOptions {
  clock: Clock;
  /** How old a figure may be before it is taken again, milliseconds. */
  maxAgeMs: number;
}

/**
 * Memory of browsers without waiting: gives the last known figure, 0 at first, and takes new ones in the background, one
 * walk through /proc for all browsers that were asked for. A browser is meant by the pid of its process group's leader.
 */
export function createMemoryMeter({ clock, maxAgeMs }: MemoryMeterOptions): MeasureMemory {
  const asked = new Set<number>();
  let known = new Map<number, number>();
  let takenAt = Number.NEGATIVE_INFINITY;
  let running = false;

  async function refresh(): Promise<void> {
    running = true;
    try {
      // Cleared, so that browsers which nobody asks for any more drop out.
      const browserPids = [...asked];
      asked.clear();
      known = await groupMemoryBytes(browserPids);
      takenAt = clock.now();
    } finally {
      running = false;
    }
  }

  return (browserPid) => {
    const isNew = !known.has(browserPid);
    asked.add(browserPid);
    const isOld = Math.abs(clock.now() - takenAt) >= maxAgeMs;
    if (!running && (isOld || isNew)) {
      // Without the failure there is only an old figure; the next question tries again.
      void refresh().catch(() => {});
    }
    return known.get(browserPid) ?? 0;
  };
}
