import { randomUUID } from 'node:crypto';
import { constants, existsSync } from 'node:fs';
import { access, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FolderReading } from '../domain/diagnosis.js';
import { errorCode } from './chromium/process-tree.js';
import { lookAtFolderLock } from './data-folder-lock.js';

/** Looks whether a folder of the service can be written, has room and is held. Makes nothing that stays. Never rejects. */
export async function readFolder(path: string): Promise<FolderReading> {
  let place = path;
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place);
  const exists = place === path;
  return {
    path,
    exists,
    trouble: exists ? await troubleWriting(path) : await troubleMaking(place),
    freeBytes: await freeBytes(place),
    lock: lockOf(path),
  };
}

/** A lock that may not be read is in a folder that may not be written, which is told anyway. */
function lockOf(folder: string): FolderReading['lock'] {
  try {
    return lookAtFolderLock(folder);
  } catch {
    return { held: 'no', owner: null };
  }
}

/** Really writes: root passes every check of permissions, and only a write finds a read-only or a full disk. */
async function troubleWriting(folder: string): Promise<string | null> {
  const file = join(folder, `.wakeful-doctor-${randomUUID()}`);
  try {
    await writeFile(file, 'can this be written?', { mode: 0o600, flag: 'wx' });
    return null;
  } catch (error) {
    return inWords(error);
  } finally {
    await rm(file, { force: true }).catch(() => undefined);
  }
}

async function troubleMaking(parent: string): Promise<string | null> {
  try {
    await access(parent, constants.W_OK | constants.X_OK);
    return null;
  } catch (error) {
    return inWords(error);
  }
}

async function freeBytes(folder: string): Promise<number> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return 0;
  }
}

function inWords(error: unknown): string {
  const words: Readonly<Record<string, string>> = {
    EACCES: 'this user may not',
    EPERM: 'this user may not',
    EROFS: 'its disk is read-only',
    ENOSPC: 'its disk is full',
    EDQUOT: 'the quota is used up',
    ENOTDIR: 'it is no folder',
  };
  const code = errorCode(error) ?? 'unknown';
  return words[code] ?? code;
}
