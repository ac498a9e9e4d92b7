import { chmod, mkdir, readdir, statfs } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { ClientError, type Clock, type ProfileKeeper } from '../../domain/ports.js';
import { endLeftover } from './orphan-reaper.js';
import { errorCode, processesOfProfile } from './process-tree.js';
import { pruneCaches } from './profile-caches.js';
import { clearLock, inspectLock, noteHost } from './profile-lock.js';
import {
  discardSnapshot,
  hasSnapshot,
  holdsLogin,
  looksCorrupt,
  restoreSnapshot,
  takeSnapshot,
} from './profile-snapshot.js';
import { moveToQuarantine, quarantinePlace } from './quarantine.js';
import { requireSessionId, sessionFolder, sessionIdOfFolder } from './session-folder.js';

const BYTES_PER_MB = 1024 * 1024;
const PRIVATE = 0o700;
const DAY_MS = 24 * 60 * 60_000;

interface ProfileKeeperOptions {
  /** Folder of the profiles, `session-<id>` each. */
  authDir: string;
  /** Where profiles go that are moved out of the way; best on the same file system. */
  quarantineDir: string;
  /** Where the last good login of each session is kept, `<id>` each; best on the same file system. */
  snapshotDir: string;
  /** Caches above this are deleted before a launch; looked at once a day. */
  maxCacheMb: number;
  /** No launch below this free space. */
  minFreeDiskMb: number;
  /** From SIGTERM to SIGKILL of a leftover browser, milliseconds. */
  terminateMs: number;
  clock: Clock;
  /** Name of this host as Chromium writes it into its lock, now: `os.hostname`. */
  hostname: () => string;
}

/** The profile folders under `authDir`. Does nothing before its first call; throws RangeError for a bad session id. */
export function createProfileKeeper(options: ProfileKeeperOptions): ProfileKeeper {
  const { quarantineDir, minFreeDiskMb, terminateMs, clock } = options;
  // One spelling of the path for every launch: the proof of ownership compares it letter by letter.
  const authDir = resolve(options.authDir);
  const dir = (sessionId: string) => join(authDir, sessionFolder(sessionId));
  const snapshotOf = (sessionId: string) => join(options.snapshotDir, requireSessionId(sessionId));
  const lookedAtCaches = new Map<string, number>();
  const startedAt = clock.now();

  /** At most once a day, and not when the service starts: to walk a large cache takes long, and a number waits for it. */
  async function pruneCachesDaily(sessionId: string): Promise<void> {
    if (clock.now() - (lookedAtCaches.get(sessionId) ?? startedAt) < DAY_MS) return;
    lookedAtCaches.set(sessionId, clock.now());
    await pruneCaches(dir(sessionId), options.maxCacheMb * BYTES_PER_MB);
  }

  async function endOwner(profileDir: string): Promise<number[]> {
    const lock = await inspectLock(profileDir, { hostname: options.hostname() });
    if (lock.kind === 'foreign') throw new ClientError('profile_in_use', lock.why);
    if (lock.kind !== 'ours') return [];
    const endedPids = await endLeftover(lock.processes, { clock, terminateMs });
    // What it leaves is judged again: only a profile without owner may lose its lock.
    return [...endedPids, ...(await endOwner(profileDir))];
  }

  return {
    dir,

    async list() {
      const folders = await directoriesIn(authDir);
      return folders.map(sessionIdOfFolder).filter((sessionId) => sessionId !== null);
    },

    async hasCredentials(sessionId) {
      return holdsLogin(dir(sessionId));
    },

    async prepare(sessionId) {
      const profileDir = dir(sessionId);
      await mkdir(profileDir, { recursive: true, mode: PRIVATE });
      // The folder is the login; one restored from a backup may have come back readable for everyone.
      await chmod(profileDir, PRIVATE);
      await requireFreeSpace(authDir, minFreeDiskMb);
      const endedPids = await endOwner(profileDir);
      const removedLocks = await clearLock(profileDir);
      await pruneCachesDaily(sessionId);
      const damage = await looksCorrupt(profileDir);
      if (damage !== null) throw new ClientError('profile_corrupt', damage);
      await noteHost(profileDir, options.hostname());
      return { endedPids, removedLocks };
    },

    async quarantine(sessionId) {
      const profileDir = dir(sessionId);
      await requireRest(profileDir);
      const place = await moveToQuarantine(profileDir, quarantineDir, sessionId, clock.now());
      await discardSnapshot(snapshotOf(sessionId));
      return place;
    },

    async snapshot(sessionId) {
      const profileDir = dir(sessionId);
      await requireRest(profileDir);
      return takeSnapshot(profileDir, snapshotOf(sessionId));
    },

    async hasSnapshot(sessionId) {
      return hasSnapshot(snapshotOf(sessionId));
    },

    async restoreSnapshot(sessionId) {
      const profileDir = dir(sessionId);
      await requireRest(profileDir);
      const damagedDir = quarantinePlace(quarantineDir, sessionId, clock.now());
      return restoreSnapshot(snapshotOf(sessionId), profileDir, damagedDir);
    },

    async discardSnapshot(sessionId) {
      await discardSnapshot(snapshotOf(sessionId));
    },
  };
}

/** Rejects while a browser runs on the profile: what is copied or moved then is not whole. */
async function requireRest(profileDir: string): Promise<void> {
  const owner = (await processesOfProfile(profileDir)).find(({ isBrowser }) => isBrowser);
  if (owner === undefined) return;
  throw new ClientError('profile_in_use', `The browser ${owner.pid} still runs on ${basename(profileDir)}.`);
}

async function directoriesIn(path: string): Promise<string[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    // An operator may have moved a profile to another disk and left a link.
    return entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map(({ name }) => name);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

async function requireFreeSpace(path: string, minFreeMb: number): Promise<void> {
  // On a full disk launch, load and close all seem to succeed while IndexedDB loses what is written.
  const { bavail, bsize } = await statfs(path);
  const freeMb = Math.floor((bavail * bsize) / BYTES_PER_MB);
  if (freeMb >= minFreeMb) return;
  throw new ClientError(
    'disk_full',
    `${path} has ${freeMb} MB free; at least ${minFreeMb} MB are needed to start a browser safely.`,
  );
}
