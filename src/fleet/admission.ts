import PQueue from 'p-queue';
import type { Admission, AvailableMemory, Clock, Logger, ReadMachineLoad } from '../domain/ports.js';
import { countsAsRecent, isMemoryLow, type StartLimits, startDelayMs } from '../domain/start-admission.js';

interface AdmissionOptions {
  limits: StartLimits;
  clock: Clock;
  logger: Logger;
  availableMemoryBytes: AvailableMemory;
  machineLoad: ReadMachineLoad;
  /** A browser of the fleet runs. */
  hasBrowsers: () => boolean;
}

/**
 * Lets browsers start in order: so many at the same time, so many in a minute, and while there is memory for one more.
 * The minute is counted here and not by p-queue, which reads the wall clock: set back by an hour, it would make a full
 * queue wait for an hour.
 */
export function createAdmission(options: AdmissionOptions): Admission {
  const { limits, clock, logger, availableMemoryBytes, machineLoad, hasBrowsers } = options;
  // Only the first in line looks; the others would all start on the same free memory.
  const door = new PQueue({ concurrency: 1 });
  let startedAt: number[] = [];
  /** Who has a place: the browser is being started, and may not be there yet. */
  const starting = new Set<AbortSignal>();
  let wasLow = false;
  /** The first in line looks again at once. */
  let lookAgain = () => {};

  function tellMemory(isLow: boolean, availableBytes: number | null): void {
    if (isLow === wasLow) return;
    wasLow = isLow;
    const availableMb = availableBytes === null ? null : Math.floor(availableBytes / 1024 / 1024);
    const fields = { availableMb, minFreeMemoryMb: limits.minFreeMemoryMb };
    if (isLow) {
      const words = `Only ${availableMb} MB of memory are free: browsers wait with their start until it is more`;
      logger.warn('fleet.memory_low', words, fields);
    } else {
      logger.info('fleet.memory_ok', 'There is memory for browsers again: those that wait start', fields);
    }
  }

  function delayMs(): number {
    const now = clock.now();
    startedAt = startedAt.filter((at) => countsAsRecent(at, now));
    const availableBytes = availableMemoryBytes();
    const running = starting.size > 0 || hasBrowsers();
    const isLow = isMemoryLow(availableBytes, limits);
    if (running || !isLow) tellMemory(isLow, availableBytes);
    const machine = machineLoad();
    return startDelayMs(limits, {
      ...{ now, startedAt, availableBytes, machine },
      hasBrowsers: running,
      starting: starting.size,
    });
  }

  async function turn(signal: AbortSignal): Promise<void> {
    for (let waitMs = delayMs(); waitMs > 0; waitMs = delayMs()) await pause(waitMs, signal);
    // Given up in the very moment of the turn: it goes to the next.
    signal.throwIfAborted();
    startedAt.push(clock.now());
    starting.add(signal);
  }

  /** Resolves after the delay, and when a place is given back; rejects as soon as the signal aborts. */
  function pause(delayMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const giveUp = () => {
        cancel();
        reject(signal.reason);
      };
      const goOn = () => {
        cancel();
        signal.removeEventListener('abort', giveUp);
        resolve();
      };
      const cancel = clock.schedule(delayMs, goOn);
      lookAgain = goOn;
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  return {
    async acquire(signal) {
      const leave = () => {
        if (starting.delete(signal)) lookAgain();
      };
      try {
        await door.add(() => turn(signal), { signal });
      } catch (error) {
        // Given up between the turn and here.
        leave();
        throw error;
      }
      return leave;
    },
  };
}
