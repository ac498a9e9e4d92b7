import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { leveldbDamage } from './leveldb-damage.js';
import { errorCode } from './process-tree.js';
import { moveAside } from './quarantine.js';

/** The login, relative to the profile. Neither is encrypted by Chromium, so no key of `Local State` is needed. */
const LOGIN_PARTS = ['Default/IndexedDB', 'Default/Local Storage'] as const;
// Chromium names the folder after scheme, host and port.
const LOGIN_DATABASE = /^https_web\.whatsapp\.com_\d+\.indexeddb\.leveldb$/;
/** Leveldb makes these anew at every start. */
const OF_ONE_RUN = /^(LOG|LOG\.old|LOCK)$/;
/** File systems keep times in different grains. */
const SAME_TIME_MS = 2;

interface LoginFile {
  size: number;
  modifiedMs: number;
}

/** True when the folder (a profile or a snapshot of one) holds something that can be a login. */
export async function holdsLogin(dir: string): Promise<boolean> {
  return (await loginDatabases(dir)).length > 0;
}

/** Cheap signs that the login database of a profile or snapshot is damaged; null when there are none, or no profile. */
export async function looksCorrupt(dir: string): Promise<string | null> {
  for (const name of await loginDatabases(dir)) {
    const why = await leveldbDamage(join(dir, 'Default/IndexedDB', name));
    if (why !== null) return `${name}: ${why}`;
  }
  return null;
}

/**
 * Keeps a copy of the login, and only of that, as the one snapshot in `snapshotDir`. What was there before stays until
 * the new one is complete; files that have not changed since are not copied again. Resolves with false, and keeps the
 * old one, when nothing has changed, or when what is there is damaged or no login. Only while no browser runs on it.
 */
export async function takeSnapshot(profileDir: string, snapshotDir: string): Promise<boolean> {
  if (!(await holdsLogin(profileDir)) || (await looksCorrupt(profileDir)) !== null) return false;
  await finishReplacement(snapshotDir);
  const [now, before] = [await loginFiles(profileDir), await loginFiles(snapshotDir)];
  const isKept = (path: string) => isSame(now.get(path), before.get(path));
  if (now.size === before.size && [...now.keys()].every(isKept)) return false;

  const { partial, replaced } = besides(snapshotDir);
  await rm(partial, { recursive: true, force: true });
  try {
    for (const path of now.keys()) {
      // A file of a snapshot is never written again, so the next snapshot may share it.
      if (isKept(path)) await shareFile(join(snapshotDir, path), join(partial, path));
      else await copyFileWhole(join(profileDir, path), join(partial, path));
    }
  } catch (error) {
    // On a full disk half a copy only takes the space that the rest needs.
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  if (before.size > 0) await rename(snapshotDir, replaced);
  await rename(partial, snapshotDir);
  await rm(replaced, { recursive: true, force: true });
  return true;
}

/** True when there is a snapshot that can be restored. */
export async function hasSnapshot(snapshotDir: string): Promise<boolean> {
  await finishReplacement(snapshotDir);
  return (await holdsLogin(snapshotDir)) && (await looksCorrupt(snapshotDir)) === null;
}

/**
 * Puts the snapshot in the place of the login; what was there goes to `damagedDir`. The snapshot stays. Resolves with
 * false, and changes nothing, when there is none. Only while no browser runs on the profile.
 */
export async function restoreSnapshot(snapshotDir: string, profileDir: string, damagedDir: string): Promise<boolean> {
  if (!(await hasSnapshot(snapshotDir))) return false;
  const { partial } = besides(profileDir);
  await rm(partial, { recursive: true, force: true });
  for (const path of (await loginFiles(snapshotDir)).keys()) {
    await copyFileWhole(join(snapshotDir, path), join(partial, path));
  }
  for (const part of LOGIN_PARTS) {
    await makeFolder(dirname(join(damagedDir, part)));
    await moveAside(join(profileDir, part), join(damagedDir, part));
    await makeFolder(dirname(join(profileDir, part)));
    await rename(join(partial, part), join(profileDir, part)).catch(ignoreMissing);
  }
  await rm(partial, { recursive: true, force: true });
  return true;
}

/** Deletes the snapshot: a login that was taken back must not come back. */
export async function discardSnapshot(snapshotDir: string): Promise<void> {
  const { partial, replaced } = besides(snapshotDir);
  for (const dir of [replaced, partial, snapshotDir]) await rm(dir, { recursive: true, force: true });
}

// No session id has a dot, so these belong to no other session.
const besides = (dir: string) => ({ partial: `${dir}.partial`, replaced: `${dir}.replaced` });

/** A crash between the two renames has left the last good one under its other name. */
async function finishReplacement(snapshotDir: string): Promise<void> {
  const { replaced } = besides(snapshotDir);
  const isThere = await stat(snapshotDir).catch(() => null);
  if (isThere === null) await rename(replaced, snapshotDir).catch(ignoreMissing);
  else await rm(replaced, { recursive: true, force: true });
}

async function loginDatabases(dir: string): Promise<string[]> {
  const names = await readdir(join(dir, 'Default/IndexedDB')).catch(noneWhenMissing);
  return names.filter((name) => LOGIN_DATABASE.test(name));
}

/** Size and time of every file of the login, by its path in the profile. */
async function loginFiles(dir: string): Promise<Map<string, LoginFile>> {
  const files = new Map<string, LoginFile>();
  const collect = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(dir, path), { withFileTypes: true }).catch(noneWhenMissing)) {
      const inner = join(path, entry.name);
      if (entry.isDirectory()) await collect(inner);
      if (!entry.isFile() || OF_ONE_RUN.test(entry.name)) continue;
      const { size, mtimeMs } = await stat(join(dir, inner));
      files.set(inner, { size, modifiedMs: mtimeMs });
    }
  };
  for (const part of LOGIN_PARTS) await collect(part);
  return files;
}

function isSame(one: LoginFile | undefined, other: LoginFile | undefined): boolean {
  if (one === undefined || other === undefined) return false;
  return one.size === other.size && Math.abs(one.modifiedMs - other.modifiedMs) < SAME_TIME_MS;
}

async function makeFolder(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
}

async function shareFile(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  await link(from, to).catch(() => copyFileWhole(from, to));
}

/** With its time, and on the disk before it counts: a power failure must not leave an empty file in a good place. */
async function copyFileWhole(from: string, to: string): Promise<void> {
  await makeFolder(dirname(to));
  const { atime, mtime } = await stat(from);
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await utimes(to, atime, mtime);
  const file = await open(to);
  await file.datasync().finally(() => file.close());
}

function noneWhenMissing(error: unknown): [] {
  if (errorCode(error) === 'ENOENT') return [];
  throw error;
}

function ignoreMissing(error: unknown): void {
  if (errorCode(error) !== 'ENOENT') throw error;
}
