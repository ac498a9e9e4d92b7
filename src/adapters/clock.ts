import type { Clock } from '../domain/ports.js';
import { LONGEST_WAIT_MS, TimerWheel } from './timer-wheel.js';

/** Of a wait of so long, a quarter of a second more matters to nobody. */
const LONG_MS = 10_000;
const TICK_MS = 1000;
/** Less than this is a busy moment, not a gap. */
const GAP_MS = 2000;

/** Time in which this process could not act, or that the wall clock was set by; milliseconds. */
export interface TimeGap {
  /** The process stood still this long: stopped, starved or blocked. */
  stallMs: number;
  /** The wall clock was set by this much against the steady clock, back when negative; a suspended machine jumps ahead. */
  jumpMs: number;
}

/**
 * The real time of this machine, steady between gaps: `now` follows the steady clock, so that a wall clock that is set
 * moves nothing by itself. `onGap` is told before any late timer runs, so that what only looks overdue can be mended.
 * Waits of any length; those of 10 s and more end together, up to 250 ms late. A negative or invalid delay counts as none.
 */
export function createSystemClock(onGap: (gap: TimeGap) => void = () => {}): Clock {
  let anchorMs = Date.now() - performance.now();
  let lookedAt = performance.now();

  const look = () => {
    const steadyMs = performance.now();
    const stallMs = Math.round(steadyMs - lookedAt - TICK_MS);
    const jumpMs = Math.round(Date.now() - steadyMs - anchorMs);
    lookedAt = steadyMs;
    const gap = { stallMs: stallMs > GAP_MS ? stallMs : 0, jumpMs: Math.abs(jumpMs) > GAP_MS ? jumpMs : 0 };
    anchorMs += gap.jumpMs;
    if (gap.stallMs !== 0 || gap.jumpMs !== 0) onGap(gap);
  };
  setInterval(look, TICK_MS).unref();
  const wheel = new TimerWheel();

  return {
    now: () => Math.round(anchorMs + performance.now()),
    schedule(delayMs, run) {
      let remainingMs = Number.isNaN(delayMs) ? 0 : Math.max(0, delayMs);
      let cancel: () => void;
      const fire = () => {
        // After a stall this timer may come before the tick that would find it.
        if (performance.now() - lookedAt > TICK_MS + GAP_MS) look();
        run();
      };
      const arm = () => {
        const stepMs = Math.min(remainingMs, LONGEST_WAIT_MS);
        remainingMs -= stepMs;
        if (remainingMs > 0) cancel = exactly(stepMs, arm);
        else cancel = stepMs < LONG_MS ? exactly(stepMs, fire) : wheel.wait(stepMs, fire);
      };
      arm();
      return () => cancel();
    },
  };
}

function exactly(delayMs: number, run: () => void): () => void {
  const timer = setTimeout(run, delayMs);
  return () => clearTimeout(timer);
}
