/** What is due within a slot ends with it. */
const SLOT_MS = 250;

/** Longest wait that a wheel takes: Node keeps the delay of a timer in 32 bits. */
export const LONGEST_WAIT_MS = 2 ** 31 - 1 - SLOT_MS;

interface Slot {
  readonly waiting: Set<{ readonly run: () => void }>;
  readonly timer: NodeJS.Timeout;
}

/**
 * Ends waits together, up to a quarter of a second late: a thousand sessions that each look every 15 s wake the process
 * four times a second instead of seventy times, and what they do next finds its code in the caches. What repeats itself
 * needs some chance in its delays, or all that a busy moment brought into one slot stays in one.
 */
export class TimerWheel {
  readonly #slots = new Map<number, Slot>();

  /** Calls `run` once after the delay, milliseconds, unless the function that is given back was called before. */
  wait(delayMs: number, run: () => void): () => void {
    const now = performance.now();
    const number = Math.ceil((now + delayMs) / SLOT_MS);
    const slot = this.#slots.get(number) ?? this.#open(number, number * SLOT_MS - now);
    const entry = { run };
    slot.waiting.add(entry);
    return () => {
      slot.waiting.delete(entry);
      // An empty slot must not keep a process alive that is done.
      if (slot.waiting.size === 0 && this.#slots.get(number) === slot) this.#close(number, slot);
    };
  }

  #open(number: number, delayMs: number): Slot {
    const slot: Slot = {
      waiting: new Set(),
      timer: setTimeout(() => {
        this.#slots.delete(number);
        for (const entry of slot.waiting) {
          // Whoever still holds the way to cancel it must not hold its session.
          slot.waiting.delete(entry);
          attempt(entry.run);
        }
      }, Math.ceil(delayMs)),
    };
    this.#slots.set(number, slot);
    return slot;
  }

  #close(number: number, slot: Slot): void {
    clearTimeout(slot.timer);
    this.#slots.delete(number);
  }
}

/** As with timers of their own, one that throws is an uncaught exception and holds up none of the others. */
function attempt(run: () => void): void {
  try {
    run();
  } catch (error) {
    setImmediate(() => {
      throw error;
    });
  }
}
