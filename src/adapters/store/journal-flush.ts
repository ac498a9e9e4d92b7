import { closeSync, fdatasync, fdatasyncSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/** Brings a journal to the disk. */
export interface JournalFlush {
  /** Returns when all that is written by now is on the disk; the process does nothing else meanwhile. */
  wait(): void;
  /** The same beside the event loop. Who asks before a turn begins shares it. */
  now(): Promise<void>;
  /** The same within a second, for what nobody waits for. */
  soon(): void;
  close(): void;
}

const SOON_MS = 500;
/** A disk that is usually as fast as this is waited for on the spot: to have another thread wait takes longer. */
const FAST_MS = 1;
/** Until it has shown that it is fast, and whenever it is slow, some turns pass beside the event loop. */
const UNKNOWN_MS = 10;
const WEIGHT_OF_LAST = 0.1;

/** `sync` resolves when all that was written before it began is on the disk. */
export function createTurns(sync: () => Promise<void>): () => Promise<void> {
  let last: Promise<unknown> = Promise.resolve();
  let coming: Promise<void> | null = null;
  const turn = async (before: Promise<unknown>): Promise<void> => {
    await before.catch(() => undefined);
    // What follows at once from what was just written shares this turn, too: an accepted message that is handed over.
    await new Promise(setImmediate);
    coming = null;
    await sync();
  };
  return () => {
    if (coming === null) {
      coming = turn(last);
      last = coming;
    }
    return coming;
  };
}

/** A journal may be new: its name must be on the disk as well. Not every file system can do that, or needs it. */
function syncFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } catch {
    // As SQLite itself, which asks for it and takes no for an answer.
  } finally {
    closeSync(folder);
  }
}

/**
 * For SQLite's journal, which is there from the first write on and stays until the database is closed. A disk tells of
 * what it could not write once only, and takes it for written afterwards: from then on all must be brought there in
 * another way, by `rescue`, which throws when that fails as well.
 */
export function createJournalFlush(journal: string, rescue: () => void): JournalFlush {
  const datasync = promisify(fdatasync);
  let opened: number | null = null;
  let isClosed = false;
  let isDue = false;
  const file = () => {
    if (isClosed) throw new Error('The database is closed.');
    if (opened === null) {
      opened = openSync(journal, 'r');
      syncFolder(dirname(journal));
    }
    return opened;
  };
  let usualMs = UNKNOWN_MS;
  let isBroken = false;
  const rescued = () => {
    isBroken = true;
    rescue();
    isBroken = false;
  };
  const wait = () => {
    const descriptor = file();
    if (isBroken) return rescued();
    try {
      fdatasyncSync(descriptor);
    } catch {
      rescued();
    }
  };
  const now = createTurns(async () => {
    const startedAt = performance.now();
    if (isBroken || usualMs < FAST_MS) wait();
    else await datasync(file()).catch(rescued);
    usualMs += WEIGHT_OF_LAST * (performance.now() - startedAt - usualMs);
  });
  return {
    wait,
    now,
    soon() {
      if (isDue) return;
      isDue = true;
      const flush = () => {
        isDue = false;
        // A disk that fails here fails the next one who waits for it. At the end SQLite itself writes everything out.
        now().catch(() => undefined);
      };
      setTimeout(flush, SOON_MS).unref();
    },
    close() {
      isClosed = true;
      if (opened !== null) closeSync(opened);
      opened = null;
    },
  };
}
