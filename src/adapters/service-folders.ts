import type { LockOwner } from '../domain/lock-owner.js';
import type { Clock } from '../domain/ports.js';
import { acquireDataFolder } from './data-folder-lock.js';

/** The data folder and that of the profiles, held together. */
export interface ServiceFolders {
  /** An owner whose silence let us in; null when nobody had to be waited for. */
  readonly silentOwner: LockOwner | null;
  /** Resolves with a sentence when one of them is ours no more; then nothing may be written into either. */
  readonly lost: Promise<string>;
  /** Looks right now; false when one of them is ours no more. */
  areOurs(): boolean;
  release(): Promise<void>;
}

/**
 * Takes both folders, or none: rejects with an Error that names the owner of the one that is held. The profiles have a lock
 * of their own, since two services with one folder of profiles would start two browsers on one.
 */
export async function acquireServiceFolders(
  { dataDir, authDir }: { dataDir: string; authDir: string },
  { clock, tell }: { clock: Clock; tell: (words: string) => void },
): Promise<ServiceFolders> {
  const data = await acquireDataFolder(dataDir, { clock, tell, setting: 'WAKEFUL_DATA_DIR' });
  const { silentOwner } = data;
  const profiles = await acquireDataFolder(authDir, { clock, tell, setting: 'WAKEFUL_AUTH_DIR', silentOwner }).catch(
    async (error: unknown) => {
      await data.release();
      throw error;
    },
  );
  const folders: ServiceFolders = {
    silentOwner: silentOwner ?? profiles.silentOwner,
    lost: Promise.race([data.lost, profiles.lost]),
    areOurs: () => [data, profiles].every((folder) => folder.beat()),
    async release() {
      await profiles.release();
      await data.release();
    },
  };
  // The wait for the second may have been a standstill for the first.
  if (folders.areOurs()) return folders;
  await folders.release();
  throw new Error(await folders.lost);
}
