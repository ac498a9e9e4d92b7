import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { processesOfProfile } from './process-tree.js';
import { clearLock, inspectLock, isLockFile } from './profile-lock.js';
import { holdsLogin } from './profile-snapshot.js';
import { moveAside } from './quarantine.js';
import { sessionFolder, sessionIdOfFolder } from './session-folder.js';

/** Where whatsapp-web.js's LocalAuth keeps its profiles unless told otherwise. */
const DEFAULT_FOLDER = '.wwebjs_auth';
/** How it names the profile of a client without an id. */
const UNNAMED = 'session';
const PRIVATE = 0o700;

/** A profile of another program; `obstacle` says why it cannot be taken over, null when it can. */
export interface ForeignProfile {
  sessionId: string;
  path: string;
  obstacle: string | null;
}

interface Destination {
  authDir: string;
  hostname: string;
}

/**
 * The profiles of LocalAuth in a folder: `session-<id>` each, in the folder itself or in its `.wwebjs_auth`; the folder may
 * also be one profile. A profile without an id is called `default`, or `as`, which renames any profile that is alone.
 */
export async function findForeignProfiles(
  folder: string,
  { as, ...destination }: Destination & { as: string | null },
): Promise<ForeignProfile[]> {
  const paths = await profilesAt(folder);
  const only = paths.length === 1 ? as : null;
  return Promise.all(
    paths.map(async (path) => {
      const sessionId = only ?? idOf(path) ?? basename(path);
      return { sessionId, path, obstacle: await obstacleOf(sessionId, path, destination) };
    }),
  );
}

/**
 * Copies or moves a profile to its place. It is there as a whole or not at all, for its owner alone, and without the locks
 * of its old browser. The caller has looked at the obstacle.
 */
export async function importProfile(
  { sessionId, path }: ForeignProfile,
  authDir: string,
  move: boolean,
): Promise<void> {
  const place = join(authDir, sessionFolder(sessionId));
  await mkdir(authDir, { recursive: true, mode: PRIVATE });
  if (move) {
    await clearLock(path);
    await chmod(path, PRIVATE);
    await moveAside(path, place);
  } else {
    await copyWhole(path, place, join(authDir, `importing-${sessionId}`));
  }
}

/** `partial` is no profile's name: a service that starts meanwhile does not adopt half a login. */
async function copyWhole(path: string, place: string, partial: string): Promise<void> {
  const isWanted = (file: string) => !isLockFile(basename(file));
  await rm(partial, { recursive: true, force: true });
  try {
    const options = { recursive: true, verbatimSymlinks: true, preserveTimestamps: true, filter: isWanted };
    await cp(path, partial, options);
    await chmod(partial, PRIVATE);
    await rename(partial, place);
  } catch (error) {
    // On a full disk half a copy is what keeps it full.
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}

async function profilesAt(folder: string): Promise<string[]> {
  const given = resolve(folder);
  if (idOf(given) !== null && (await holdsLogin(given))) return [await realpath(given)];
  for (const place of [given, join(given, DEFAULT_FOLDER)]) {
    const names = (await readdir(place, { withFileTypes: true }).catch(() => []))
      .filter((entry) => entry.isDirectory() && (entry.name === UNNAMED || entry.name.startsWith(`${UNNAMED}-`)))
      .map(({ name }) => name)
      .sort();
    if (names.length > 0) return Promise.all(names.map((name) => realpath(join(place, name))));
  }
  return [];
}

function idOf(path: string): string | null {
  return basename(path) === UNNAMED ? 'default' : sessionIdOfFolder(basename(path));
}

async function obstacleOf(sessionId: string, path: string, { authDir, hostname }: Destination): Promise<string | null> {
  if (sessionIdOfFolder(`${UNNAMED}-${sessionId}`) === null) return 'its id is not 1 to 64 letters, digits, "-" or "_"';
  if (dirname(path) === resolve(authDir)) return 'it is in its place already';
  if (existsSync(join(authDir, sessionFolder(sessionId)))) return `there is a profile of ${sessionId} already`;
  if (!(await holdsLogin(path))) return 'it holds no login';
  const [running] = await processesOfProfile(path);
  if (running !== undefined) return `a browser (pid ${running.pid}) runs on it: stop the program that has it`;
  const lock = await inspectLock(path, { hostname });
  return lock.kind === 'foreign' ? `${lock.why} Stop the program that has it.` : null;
}
