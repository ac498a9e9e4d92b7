import type { Clock, MeasureMemory } from '../../domain/ports.js';
import { groupMemoryBytes } from './process-memory.js';

// A browser that nobody asked about for so long has ended; its pid may soon name another one.
const FORGET_AFTER_AGES = 10;
// Hundreds of sessions are asked for one by one, wherever one of them is shown: they share a walk.
const WALK_EVERY_MS = 1000;

interface MemoryMeterOptions {
  clock: Clock;
  /** How old a figure may be before it is taken again, milliseconds. */
  maxAgeMs: number;
}

/**
 * Memory of browsers without waiting: gives the last known figure, 0 at first, and takes new ones in the background, one
 * walk through /proc in a second at most, for all browsers asked for meanwhile. The pid is that of the process group's leader.
 */
export function createMemoryMeter({ clock, maxAgeMs }: MemoryMeterOptions): MeasureMemory {
  const figures = new Map<number, { bytes: number; takenAt: number }>();
  const due = new Set<number>();
  const beingMeasured = new Set<number>();
  let isUnderWay = false;
  let walkedAt = Number.NEGATIVE_INFINITY;

  async function measureDue(): Promise<void> {
    try {
      while (due.size > 0) {
        const waitMs = walkedAt + WALK_EVERY_MS - clock.now();
        // The wall clock may be set back: never longer than that.
        if (waitMs > 0) await new Promise<void>((go) => clock.schedule(Math.min(waitMs, WALK_EVERY_MS), go));
        walkedAt = clock.now();
        for (const pid of due) beingMeasured.add(pid);
        due.clear();
        const bytesByPid = await groupMemoryBytes([...beingMeasured]);
        for (const [pid, bytes] of bytesByPid) figures.set(pid, { bytes, takenAt: clock.now() });
        beingMeasured.clear();
      }
      for (const [pid, { takenAt }] of figures) if (age(takenAt) > FORGET_AFTER_AGES * maxAgeMs) figures.delete(pid);
    } finally {
      beingMeasured.clear();
      isUnderWay = false;
    }
  }

  // The wall clock may be set back; a figure from the future is as doubtful as an old one.
  const age = (takenAt: number) => Math.abs(clock.now() - takenAt);

  return (browserPid) => {
    const figure = figures.get(browserPid);
    const isOld = figure === undefined || age(figure.takenAt) >= maxAgeMs;
    if (isOld && !beingMeasured.has(browserPid)) {
      due.add(browserPid);
      // A failure leaves the old figure; the next question tries again.
      if (isUnderWay) return figure?.bytes ?? 0;
      isUnderWay = true;
      void measureDue().catch(() => {});
    }
    return figure?.bytes ?? 0;
  };
}
