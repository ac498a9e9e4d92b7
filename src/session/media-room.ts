import PQueue from 'p-queue';
import type { MediaFiles } from '../domain/ports.js';
import type { InboxMediaStore } from '../domain/store-ports.js';

/** A file passes through a page and through this process: few at the same time disturb nobody. */
const DOWNLOADS_AT_ONCE = 2;

/** Where files that came with messages go; one for all sessions. */
export interface MediaRoom {
  store: InboxMediaStore;
  files: MediaFiles;
  /** Runs a download in its turn. */
  inTurn: (download: () => Promise<void>) => Promise<void>;
}

export function createMediaRoom(store: InboxMediaStore, files: MediaFiles): MediaRoom {
  const turns = new PQueue({ concurrency: DOWNLOADS_AT_ONCE });
  return { store, files, inTurn: (download) => turns.add(download) };
}
