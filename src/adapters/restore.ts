import { chmod, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { extract, list } from 'tar';
import { makeStaging } from './backup.js';
import { type Backup, backupSchema, COPIED_AS_IT_IS, DATABASE, LOGINS, MANIFEST } from './backup-contents.js';
import { moveAside } from './chromium/quarantine.js';
import { sessionFolder, sessionIdOfFolder } from './chromium/session-folder.js';
import { cancelUnsent, examineDatabase } from './store/database-copy.js';

const PRIVATE = 0o700;

interface RestoreOptions {
  dataDir: string;
  authDir: string;
  file: string;
  /** True cancels the messages that were queued when the backup was made. */
  cancelQueued: boolean;
  now: number;
}

/**
 * Puts a backup into folders that hold no service yet; whoever calls holds their locks. Rejects with a sentence before
 * anything is in place when the folders are in use, or the file is no good backup or one of a newer version.
 */
export async function restoreBackup({
  dataDir,
  authDir,
  file,
  cancelQueued,
  now,
}: RestoreOptions): Promise<Backup & { unsent: number }> {
  const obstacle = await whatIsThere(dataDir, authDir);
  if (obstacle !== null) throw new Error(`${obstacle} is there already: restore into empty folders, or move it away.`);
  const staging = await makeStaging(join(dataDir, 'restore.partial'));
  try {
    const backup = await unpack(file, staging);
    const database = join(staging, DATABASE);
    const { trouble, unsent } = examineDatabase(database);
    if (trouble !== null) throw new Error(`${file} cannot be restored: ${trouble}.`);
    const cancelled = cancelQueued ? cancelUnsent(database, now) : 0;
    await mkdir(authDir, { recursive: true, mode: PRIVATE });
    for (const id of backup.logins) {
      const profile = join(authDir, sessionFolder(id));
      await moveAside(join(staging, LOGINS, id), profile);
      await chmod(profile, PRIVATE);
    }
    for (const name of COPIED_AS_IT_IS) await moveAside(join(staging, name), join(dataDir, name));
    // Last: with it the service is there.
    await moveAside(database, join(dataDir, DATABASE));
    return { ...backup, unsent: unsent - cancelled };
  } finally {
    await rm(staging, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** What would be lost or mixed up, null when there is nothing. */
async function whatIsThere(dataDir: string, authDir: string): Promise<string | null> {
  const inData: readonly string[] = [DATABASE, 'snapshots', ...COPIED_AS_IT_IS];
  const data = (await readdir(dataDir)).find((name) => inData.includes(name));
  if (data !== undefined) return join(dataDir, data);
  const profile = (await readdir(authDir)).find((name) => sessionIdOfFolder(name) !== null);
  return profile === undefined ? null : join(authDir, profile);
}

async function unpack(file: string, staging: string): Promise<Backup> {
  try {
    // To its end, before anything is written: an extraction that fails in the middle goes on writing for a while.
    await list({ file, strict: true });
    await extract({
      file,
      cwd: staging,
      strict: true,
      // Ours has nothing else, and a link could lead out of the folder.
      filter: (_, entry) => 'type' in entry && (entry.type === 'File' || entry.type === 'Directory'),
    });
    return backupSchema.parse(JSON.parse(await readFile(join(staging, MANIFEST), 'utf8')));
  } catch (cause) {
    const words = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${file} is no backup that can be read: ${words.split('\n')[0]}`, { cause });
  }
}
