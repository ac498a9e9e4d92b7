import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Brings a journal to the disk, beside the event loop. */
export interface JournalFlush {
  /** Resolves when all that is written by now is on the disk. Who asks before a turn begins shares it. */
  now(): Promise<void>;
  /** The same within a second, for what nobody waits for. */
  soon(): void;
  close(): Promise<void>;
}

const SOON_MS = 500;

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
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path);
  await folder.sync().catch(() => undefined);
  await folder.close();
}

/** For SQLite's journal, which is there from the first write on and stays until the database is closed. */
export function createJournalFlush(journal: string): JournalFlush {
  let file: FileHandle | null = null;
  let isDue = false;
  const now = createTurns(async () => {
    if (file === null) {
      file = await open(journal);
      await syncFolder(dirname(journal));
    }
    await file.datasync();
  });
  return {
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
    async close() {
      await file?.close();
    },
  };
}
