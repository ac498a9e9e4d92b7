import { createHash, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { errorCode, isAlive, startTime } from './chromium/process-tree.js';

const LOCK_FILE = 'wakeful.lock';
const MAX_ROUNDS = 50;
const BETWEEN_ROUNDS_MS = 20;

const ownerSchema = z.object({
  pid: z.number().int().positive(),
  /** Clock ticks since boot; null where the system does not say. */
  startTime: z.number().nullable(),
  host: z.string(),
  bootId: z.string().nullable(),
});
type Owner = z.infer<typeof ownerSchema>;

/** The data folder is ours until `release`, which is idempotent. */
export interface DataFolderLock {
  release(): Promise<void>;
}

/**
 * Takes the data folder for this process; makes it with mode 0700 when it is not there. A lock of a dead process is
 * replaced: pid, start time and boot must all agree, so that a pid that was used again blocks nothing.
 * Rejects with an Error that names the owner when another Wakeful runs on the folder.
 */
export async function acquireDataFolder(dataDir: string, setting = 'WAKEFUL_DATA_DIR'): Promise<DataFolderLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // One that was there before may be open to everybody.
  await chmod(dataDir, 0o700);
  const file = join(dataDir, LOCK_FILE);
  const mine = JSON.stringify({ ...(await thisProcess()), nonce: randomUUID() });
  const draft = `${file}.${randomUUID()}`;
  // A link to a finished file: nobody ever reads a lock that is half written.
  await writeFile(draft, mine, { mode: 0o600, flag: 'wx' });
  try {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (await linkIfFree(draft, file)) return { release: () => release(file, mine) };
      const found = await readIfThere(file);
      if (found !== null && (await isHeld(found))) throw new Error(inUse(found, dataDir, setting));
      if (found !== null && (await replaceStale(file, found, draft))) return { release: () => release(file, mine) };
      await wait(BETWEEN_ROUNDS_MS);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new Error(`The lock ${file} kept changing hands; start only one Wakeful on ${dataDir}.`);
}

/**
 * Puts our draft in the place of a stale lock; false when somebody else is at it or was first. Reading a lock and then
 * removing it would, with two at once, remove the lock that the other has just made. So the right to replace this very
 * content is a file of its own, which only one can make.
 */
async function replaceStale(file: string, stale: string, draft: string): Promise<boolean> {
  const right = `${file}.replacing-${createHash('sha256').update(stale).digest('hex').slice(0, 16)}`;
  if (!(await linkIfFree(draft, right))) {
    const holder = await readIfThere(right);
    // Died in the middle; the next round tries again.
    if (holder !== null && !(await isHeld(holder))) await rm(right, { force: true });
    return false;
  }
  try {
    if ((await readIfThere(file)) !== stale) return false;
    await rename(draft, file);
    return true;
  } finally {
    await rm(right, { force: true });
  }
}

async function release(file: string, mine: string): Promise<void> {
  if ((await readIfThere(file)) === mine) await rm(file, { force: true });
}

function inUse(lock: string, dataDir: string, setting: string): string {
  return `another Wakeful (pid ${parseOwner(lock)?.pid}) is running on ${dataDir}; stop it or set ${setting}`;
}

async function thisProcess(): Promise<Owner> {
  return { pid: process.pid, startTime: startTime(process.pid), host: hostname(), bootId: await readBootId() };
}

async function isHeld(lock: string): Promise<boolean> {
  const owner = parseOwner(lock);
  if (owner === null || owner.bootId !== (await readBootId())) return false;
  return isAlive(owner.pid) && startTime(owner.pid) === owner.startTime;
}

function parseOwner(text: string): Owner | null {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

async function readBootId(): Promise<string | null> {
  return (await readIfThere('/proc/sys/kernel/random/boot_id').catch(() => null))?.trim() ?? null;
}

async function linkIfFree(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
