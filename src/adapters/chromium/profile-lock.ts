import { readlinkSync } from 'node:fs';
import { lstat, readFile, readlink, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { starterOf } from './leftover.js';
import {
  commandLine,
  errorCode,
  isAlive,
  namedProfile,
  type ProfileProcess,
  processesOfProfile,
} from './process-tree.js';

/** Beside Chromium's own files in the profile, where it does not mind; the name of a host. */
const STARTED_FROM = 'wakeful-host';
const LOCK_FILES = ['SingletonLock', 'SingletonSocket', 'SingletonCookie', 'DevToolsActivePort'] as const;

/** True for a file in a profile that means something only to the browser that made it. */
export function isLockFile(name: string): boolean {
  return LOCK_FILES.some((lock) => lock === name);
}

/** Who holds a profile, as far as this machine can prove it. */
export type ProfileLock =
  | { kind: 'none' }
  /** A lock whose owner is dead; null where the lock does not say. */
  | { kind: 'stale'; host: string | null; pid: number | null }
  /** A browser on exactly this profile that nobody else looks after. */
  | { kind: 'ours'; pid: number; processes: ProfileProcess[] }
  /** Somebody else who is or may be alive; `why` is a sentence for a person. */
  | { kind: 'foreign'; host: string; pid: number; why: string };

export interface LockContext {
  /** Name of this host, as Chromium writes it into the lock. */
  hostname: string;
}

/**
 * Says who holds a profile. A lock alone proves nothing: its pid may have been used again, and the headless shell writes
 * none at all. So the owner is real only if the command line of a living process names exactly this folder.
 * Only for who holds the folder of the profiles: to this it adds that no Wakeful of another host holds it.
 */
export async function inspectLock(profileDir: string, context: LockContext): Promise<ProfileLock> {
  const processes = await processesOfProfile(profileDir);
  const browser = processes.find(({ isBrowser }) => isBrowser) ?? processes[0];
  if (browser !== undefined) {
    const starter = starterOf(processes);
    if (starter === null) return { kind: 'ours', pid: browser.pid, processes };
    const why = `The browser ${browser.pid} on this profile belongs to a running ${starter.name} (pid ${starter.pid}).`;
    return { kind: 'foreign', host: context.hostname, pid: browser.pid, why };
  }

  const owner = await readOwner(profileDir);
  if (owner === null) return { kind: 'none' };
  const { host, pid } = owner;
  if (host === null || pid === null) return { kind: 'stale', host, pid };
  if (host !== context.hostname) {
    // A container has a new name at every start. The Wakeful that started this browser there has lost the folder since, and
    // its browsers, which it holds by a pipe, end with it.
    if (host === (await startedFrom(profileDir))) return { kind: 'stale', host, pid };
    return { kind: 'foreign', host, pid, why: `The lock of this profile is held by host ${host} (pid ${pid}).` };
  }
  if (await mayRunOn(pid, profileDir)) {
    return { kind: 'foreign', host, pid, why: `Process ${pid}, which Wakeful did not start, runs on this profile.` };
  }
  return { kind: 'stale', host, pid };
}

/** Notes on which host the next browser of this profile is started; after `clearLock`, and before the browser. */
export async function noteHost(profileDir: string, hostname: string): Promise<void> {
  if ((await startedFrom(profileDir)) === hostname) return;
  const file = join(profileDir, STARTED_FROM);
  // Anew, and not through a link that a browser may have put there: the service may be root.
  await rm(file, { recursive: true, force: true });
  // On the disk before there is a lock that needs it.
  await writeFile(file, hostname, { mode: 0o600, flag: 'wx', flush: true });
}

/**
 * Removes Chromium's lock files and the socket folder that they point to; says whether there was any. Only for a profile
 * that nobody holds: under a live browser this lets a second one in.
 */
export async function clearLock(profileDir: string): Promise<boolean> {
  const socket = await linkTarget(join(profileDir, 'SingletonSocket'));
  let removed = false;
  for (const name of LOCK_FILES) {
    const file = join(profileDir, name);
    if (!(await exists(file))) continue;
    await rm(file, { recursive: true, force: true });
    removed = true;
  }
  // Chromium makes one such folder per start and leaves it behind when it is killed.
  const socketDir = socket === null ? null : dirname(socket);
  if (
    socketDir !== null &&
    dirname(socketDir) === tmpdir() &&
    /^\.?(org\.chromium|com\.google)\./.test(basename(socketDir))
  ) {
    await rm(socketDir, { recursive: true, force: true });
  }
  return removed;
}

/** Host on which Wakeful last started a browser on this profile; null when it never did. */
async function startedFrom(profileDir: string): Promise<string | null> {
  return readFile(join(profileDir, STARTED_FROM), 'utf8').catch(() => null);
}

/** Owner as the lock names it, null parts for a lock of another form; null when there is no lock. */
async function readOwner(profileDir: string): Promise<{ host: string | null; pid: number | null } | null> {
  // The link points to nothing, so that every call which follows links says that it is not there.
  const file = join(profileDir, 'SingletonLock');
  if (!(await exists(file))) return null;
  const parts = (await linkTarget(file))?.match(/^(.+)-(\d+)$/);
  return { host: parts?.[1] ?? null, pid: parts?.[2] === undefined ? null : Number(parts[2]) };
}

/** True when a living process may be on this folder under another spelling of its path, or does not let us look. */
async function mayRunOn(pid: number, profileDir: string): Promise<boolean> {
  if (!isAlive(pid)) return false;
  const args = commandLine(pid);
  if (args === null) return true;
  const named = namedProfile(args);
  if (named === null) return false;
  const spelled = resolve(workingDir(pid) ?? '/', named.userDataDir);
  const [theirs, ours] = await Promise.all([realpath(spelled).catch(() => spelled), realpath(profileDir)]);
  return theirs === ours;
}

function workingDir(pid: number): string | null {
  try {
    return readlinkSync(`/proc/${pid}/cwd`);
  } catch {
    return null;
  }
}

async function linkTarget(path: string): Promise<string | null> {
  return readlink(path).catch(() => null);
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
