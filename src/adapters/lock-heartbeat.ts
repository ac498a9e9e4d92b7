import { closeSync, fstatSync, openSync, readFileSync, utimesSync } from 'node:fs';
import type { Clock } from '../domain/ports.js';
import { errorCode } from './chromium/process-tree.js';

// Not settings: everybody who may ever meet on one folder must go by the same times.
const BEAT_MS = 5_000;
/** An owner whose event loop is busy for up to three beats is still seen alive. */
const SILENCE_MS = 20_000;
const LOOK_MS = 1_000;

/** A lock as it is right now. */
export interface LockSight {
  text: string;
  /** Time of the last beat in nanoseconds, by the clock of whoever gave it: only worth comparing with another sight. */
  beatAt: bigint;
}

/** The heartbeat of a lock that is ours. */
export interface Heartbeat {
  /** Beats now; false when the lock is not ours (any more). Never throws. */
  beat(): boolean;
  /** Resolves with what is in the place of our lock, null for nothing; that gets no beat. */
  readonly lost: Promise<string | null>;
  /** For the release: nothing counts as a loss any more. */
  stop(): void;
}

/** What is in the lock; null when there is none. */
export function lookAt(file: string): LockSight | null {
  let handle: number;
  try {
    // Opened for every look: a network file system asks its server only then.
    handle = openSync(file, 'r');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
  try {
    return { text: readFileSync(handle, 'utf8'), beatAt: fstatSync(handle, { bigint: true }).mtimeNs };
  } finally {
    closeSync(handle);
  }
}

/**
 * Keeps a lock fresh by its time of modification, which a full disk does not prevent. Looks first whose lock it is, and
 * without a turn of the event loop in between: after a standstill nothing else may come before that.
 * A beat that fails is told once in a row and proves nothing; the next one is tried.
 */
export function keepBeating(file: string, mine: string, clock: Clock, tell: (words: string) => void): Heartbeat {
  let isOurs = true;
  let isTroubled = false;
  let cancel = () => {};
  let lose = (_found: string | null) => {};
  const lost = new Promise<string | null>((resolve) => {
    lose = resolve;
  });
  const beat = () => {
    if (!isOurs) return false;
    try {
      const found = lookAt(file)?.text ?? null;
      if (found !== mine) {
        isOurs = false;
        cancel();
        lose(found);
        return false;
      }
      const now = new Date(clock.now());
      utimesSync(file, now, now);
      isTroubled = false;
    } catch (error) {
      if (!isTroubled) tell(`the lock ${file} could not be renewed: ${String(error)}`);
      isTroubled = true;
    }
    return true;
  };
  const goOn = () => {
    cancel = clock.schedule(BEAT_MS, () => {
      if (beat()) goOn();
    });
  };
  if (beat()) goOn();
  return {
    beat,
    lost,
    stop() {
      isOurs = false;
      cancel();
    },
  };
}

/**
 * Watches the lock of an owner that cannot be judged otherwise: `beating` as soon as a beat is seen, `silent` when there
 * was none for 20 s, `changed` when another lock is there or none.
 */
export async function watchHeartbeat(
  file: string,
  seen: LockSight,
  clock: Clock,
): Promise<'beating' | 'silent' | 'changed'> {
  // Looks are counted, not the time: one who stood still in between, perhaps with the owner, has seen nothing.
  for (let looks = 0; looks < SILENCE_MS / LOOK_MS; looks += 1) {
    await new Promise<void>((resolve) => void clock.schedule(LOOK_MS, resolve));
    const now = lookAt(file);
    if (now?.text !== seen.text) return 'changed';
    if (now.beatAt !== seen.beatAt) return 'beating';
  }
  return 'silent';
}
