import { constants, existsSync } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { create } from 'tar';
import { type Backup, COPIED_AS_IT_IS, DATABASE, LOGINS, MANIFEST } from './backup-contents.js';
import { errorCode, processesOfProfile } from './chromium/process-tree.js';
import { holdsLogin, takeSnapshot } from './chromium/profile-snapshot.js';
import { sessionIdOfFolder } from './chromium/session-folder.js';
import { copyDatabaseOf, examineDatabase } from './store/database-copy.js';

const PRIVATE = 0o700;
const MAX_TRIES = 5;
/** Files that are being written; they get their names when they are complete. */
const UNFINISHED = /\.(part|draft)$/;

interface BackupOptions {
  dataDir: string;
  authDir: string;
  /** The archive to be made; it must not be there. */
  file: string;
  /** True while a service may run on the folders. */
  isLive: boolean;
  version: string;
  now: number;
}

/**
 * Writes everything that a service needs to go on elsewhere into one archive, for its owner only: the database as of one
 * moment, the logins, files of messages. Logins are copied from the profiles only when nothing runs, since a profile
 * under a browser is never whole; else from the snapshots. Rejects with a sentence, and leaves nothing, when it cannot be.
 */
export async function makeBackup({ dataDir, authDir, file, isLive, version, now }: BackupOptions): Promise<Backup> {
  if (!existsSync(join(dataDir, DATABASE)))
    throw new Error(`There is no ${DATABASE} in ${dataDir}: nothing to back up.`);
  if (existsSync(file)) throw new Error(`${file} is there already; choose another name.`);
  const staging = await makeStaging(join(dataDir, 'backup.partial'));
  const partial = `${file}.partial`;
  try {
    // Before the logins: a session that is in both is better than one that only has a login.
    copyDatabaseOf(dataDir, join(staging, DATABASE));
    await mkdir(join(staging, LOGINS), { mode: PRIVATE });
    const snapshots = join(dataDir, 'snapshots');
    for (const id of await namesIn(snapshots)) await shareSnapshot(join(snapshots, id), join(staging, LOGINS, id));
    if (!isLive) await copyLogins(authDir, join(staging, LOGINS));
    for (const name of COPIED_AS_IT_IS) await share(join(dataDir, name), join(staging, name));
    const backup: Backup = {
      format: 1,
      version,
      madeAt: new Date(now).toISOString(),
      isLive,
      sessions: examineDatabase(join(staging, DATABASE)).sessions,
      logins: (await namesIn(join(staging, LOGINS))).sort(),
    };
    await writeFile(join(staging, MANIFEST), JSON.stringify(backup, null, 2), { mode: 0o600 });
    await create({ file: partial, cwd: staging, gzip: true, portable: true, strict: true, mode: 0o600 }, [
      MANIFEST,
      ...(await namesIn(staging)).filter((name) => name !== MANIFEST),
    ]);
    await untilOnDisk(partial);
    await rename(partial, file);
    return backup;
  } finally {
    await rm(staging, { recursive: true, force: true });
    await rm(partial, { force: true });
  }
}

/** A folder for the time of one backup or restoration; rejects when another one is at it, or has left it. */
export async function makeStaging(path: string): Promise<string> {
  await mkdir(dirname(path), { recursive: true, mode: PRIVATE });
  await mkdir(path, { mode: PRIVATE }).catch((error: unknown) => {
    if (errorCode(error) !== 'EEXIST') throw error;
    throw new Error(`${path} is there: another one is at work, or was interrupted. In that case delete it.`);
  });
  return path;
}

/** The logins of profiles that nothing runs on, in place of their snapshots: they are newer. */
async function copyLogins(authDir: string, to: string): Promise<void> {
  for (const name of await namesIn(authDir)) {
    const [id, profile] = [sessionIdOfFolder(name), join(authDir, name)];
    if (id === null || (await processesOfProfile(profile)).length > 0) continue;
    await takeSnapshot(profile, join(to, id));
  }
}

/**
 * A snapshot is never changed, but a service may put a new one in its place meanwhile: then what was taken may be of both,
 * and is taken again.
 */
async function shareSnapshot(snapshot: string, to: string): Promise<void> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const before = await stat(snapshot).catch(() => null);
    if (before === null) continue;
    await share(snapshot, to);
    const after = await stat(snapshot).catch(() => null);
    if (after?.ino === before.ino && (await holdsLogin(to))) return;
    await rm(to, { recursive: true, force: true });
  }
}

/** Files are not copied but given a second name: in the data folder they are replaced, never written again. */
async function share(from: string, to: string): Promise<void> {
  const found = await stat(from).catch(() => null);
  if (found?.isFile()) await shareFile(from, to);
  if (!found?.isDirectory()) return;
  await mkdir(to, { mode: PRIVATE });
  for (const name of await namesIn(from)) {
    if (!UNFINISHED.test(name)) await share(join(from, name), join(to, name));
  }
}

async function shareFile(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    // What is not kept any more need not be in the backup.
    if (errorCode(error) === 'ENOENT') return;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
}

async function untilOnDisk(path: string): Promise<void> {
  const file = await open(path, 'r+');
  await file.sync().finally(() => file.close());
}
