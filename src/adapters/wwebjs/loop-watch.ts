import { performance } from 'node:perf_hooks';

const TICK_MS = 50;

/** Measures the longest standstill of our own event loop. `monitorEventLoopDelay` misses one before its first tick. */
export function watchLoop(): { stop(): { standstillMs: number } } {
  let last = performance.now();
  let standstillMs = 0;
  const look = () => {
    const now = performance.now();
    standstillMs = Math.max(standstillMs, now - last - TICK_MS);
    last = now;
  };
  const timer = setInterval(look, TICK_MS);
  return {
    stop() {
      clearInterval(timer);
      look();
      return { standstillMs };
    },
  };
}
