import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode, isAlive, startTime } from './chromium/process-tree.js';

const LOCK_FILE = 'wakeful.lock';
const MAX_ROUNDS = 10;

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
export async function acquireDataFolder(dataDir: string): Promise<DataFolderLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const file = join(dataDir, LOCK_FILE);
  const mine = JSON.stringify(await thisProcess());
  const draft = `${file}.${randomUUID()}`;
  // A link to a finished file: nobody ever reads a lock that is half written.
  await writeFile(draft, mine, { mode: 0o600, flag: 'wx' });
  try {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (await linkIfFree(draft, file)) return { release: () => removeIfSame(file, mine) };
      const found = await readIfThere(file);
      if (found === null) continue;
      const owner = parseOwner(found);
      if (owner !== null && (await isRunning(owner))) throw new Error(inUse(owner.pid, dataDir));
      await removeIfSame(file, found);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new Error(`The lock ${file} kept changing hands; start only one Wakeful on ${dataDir}.`);
}

function inUse(pid: number, dataDir: string): string {
  return `another Wakeful (pid ${pid}) is running on ${dataDir}; stop it or set WAKEFUL_DATA_DIR`;
}

async function thisProcess(): Promise<Owner> {
  return { pid: process.pid, startTime: startTime(process.pid), host: hostname(), bootId: await readBootId() };
}

async function isRunning(owner: Owner): Promise<boolean> {
  if (owner.bootId !== (await readBootId())) return false;
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

/** Removes a lock of this content. Another process may have replaced it since: that one is put back. */
async function removeIfSame(file: string, content: string): Promise<void> {
  if ((await readIfThere(file)) !== content) return;
  const aside = `${file}.${randomUUID()}`;
  try {
    await rename(file, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  try {
    if ((await readIfThere(aside)) !== content) await linkIfFree(aside, file);
  } finally {
    await rm(aside, { force: true });
  }
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
