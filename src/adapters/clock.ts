import type { Clock } from '../domain/ports.js';

// Node keeps a delay in 32 bits and fires at once above this, so that a long wait must be made of several.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The real time of this machine. Waits of any length; a negative or invalid delay counts as none. */
export const systemClock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, run) {
    let remainingMs = Number.isNaN(delayMs) ? 0 : Math.max(0, delayMs);
    let timer: NodeJS.Timeout;
    const arm = () => {
      const stepMs = Math.min(remainingMs, LONGEST_TIMER_MS);
      remainingMs -= stepMs;
      timer = setTimeout(() => (remainingMs > 0 ? arm() : run()), stepMs);
    };
    arm();
    return () => clearTimeout(timer);
  },
};
