import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode } from './process-tree.js';
import { clearLock } from './profile-lock.js';
import { sessionFolder } from './session-folder.js';

const STAMPED = /^(.+)-(\d{8}T\d{9}Z)$/;
const STAMP_PARTS = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})(\d{3})Z$/;
const PARTIAL = '.partial';

/**
 * Moves a profile to `<quarantineDir>/<id>-<time>`; resolves with that path, null when there was no profile. To restore
 * it by hand, stop the session and move the folder back to `session-<id>`. No browser may run on it.
 */
export async function moveToQuarantine(
  profileDir: string,
  quarantineDir: string,
  sessionId: string,
  nowMs: number,
): Promise<string | null> {
  await mkdir(quarantineDir, { recursive: true, mode: 0o700 });
  const place = quarantinePlace(quarantineDir, sessionId, nowMs);
  return (await moveAside(profileDir, place)) ? place : null;
}

/** The folder of what comes into quarantine now. */
export function quarantinePlace(quarantineDir: string, sessionId: string, nowMs: number): string {
  return join(quarantineDir, `${sessionId}-${stamp(nowMs)}`);
}

/** Moves a folder, also to another file system; resolves with false when there was none. */
export async function moveAside(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    if (errorCode(error) !== 'EXDEV') throw error;
    await moveAcross(from, to);
  }
  return true;
}

/** Deletes what has been in quarantine for longer than `maxAgeMs`; resolves with the deleted paths. Skips other folders. */
export async function pruneQuarantine(quarantineDir: string, maxAgeMs: number, nowMs: number): Promise<string[]> {
  const deleted: string[] = [];
  for (const name of await namesIn(quarantineDir)) {
    const since = quarantinedAt(name);
    if (since === null || nowMs - since <= maxAgeMs) continue;
    const path = join(quarantineDir, name);
    await rm(path, { recursive: true, force: true });
    deleted.push(path);
  }
  return deleted;
}

/** When a folder of this name came into quarantine (milliseconds since 1970); null when the name is not of our making. */
export function quarantinedAt(name: string): number | null {
  // The name and not the time of the folder: a rename keeps that one.
  const [, sessionId, time] = basename(name, PARTIAL).match(STAMPED) ?? [];
  if (sessionId === undefined || time === undefined || !isSessionId(sessionId)) return null;
  const at = Date.parse(time.replace(STAMP_PARTS, '$1-$2-$3T$4:$5:$6.$7Z'));
  return Number.isNaN(at) ? null : at;
}

function stamp(nowMs: number): string {
  return new Date(nowMs).toISOString().replace(/[-:.]/g, '');
}

/** To another file system: the full copy gets its name only when it is complete, and only then the source goes. */
async function moveAcross(profileDir: string, place: string): Promise<void> {
  // A socket cannot be copied, and a lock means nothing in quarantine.
  await clearLock(profileDir);
  const partial = place + PARTIAL;
  try {
    await cp(profileDir, partial, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
  } catch (error) {
    // Half a copy is worth nothing, and on a full disk it is what keeps it full.
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  await rename(partial, place);
  await rm(profileDir, { recursive: true, force: true });
}

async function namesIn(path: string): Promise<string[]> {
  try {
    return await readdir(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

function isSessionId(text: string): boolean {
  try {
    sessionFolder(text);
    return true;
  } catch {
    return false;
  }
}
