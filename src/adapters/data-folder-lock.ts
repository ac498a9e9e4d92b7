import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { chmod, link, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { isSameOwner, type LockOwner, ownerInWords, proofOf } from '../domain/lock-owner.js';
import type { Clock } from '../domain/ports.js';
import { errorCode, isAlive, startTime } from './chromium/process-tree.js';
import { keepBeating, type LockSight, lookAt, watchHeartbeat } from './lock-heartbeat.js';

const LOCK_FILE = 'wakeful.lock';
const MAX_ROUNDS = 50;
const BETWEEN_ROUNDS_MS = 20;

const ownerSchema: z.ZodType<LockOwner> = z.object({
  pid: z.number().int().positive(),
  startTime: z.number().nullable(),
  host: z.string(),
  bootId: z.string().nullable(),
  // Locks of earlier versions have neither.
  pidNamespace: z.string().nullable().default(null),
  machineId: z.string().nullable().default(null),
});

/** The data folder is ours until `release`, which is idempotent, or until it is lost. */
export interface DataFolderLock {
  /** The owner whose silence let us in; null when nobody had to be waited for. */
  readonly silentOwner: LockOwner | null;
  /**
   * Resolves with a sentence when the folder is ours no more: only after a standstill of the whole process, or when
   * somebody removed the lock. From then on nothing may be written into it.
   */
  readonly lost: Promise<string>;
  /** Shows that we live, and says whether the folder is still ours; also happens by itself all the time. */
  beat(): boolean;
  release(): Promise<void>;
}

interface AcquireOptions {
  /** The variable that chooses this folder, for whoever is refused. */
  setting: string;
  clock: Clock;
  /** Takes a sentence for the console: the log lies in the folder, which is not ours yet. */
  tell: (words: string) => void;
  /** An owner that was silent on another folder: it need not be waited for again. */
  silentOwner?: LockOwner | null;
}

/**
 * Takes the data folder for this process; makes it with mode 0700 when it is not there. The lock of a dead process is
 * replaced: at once where its pid, start time and boot prove it dead, after 20 s without a heartbeat where it ran on
 * another host or in another container. Rejects with an Error that names the owner when another Wakeful runs on the folder.
 */
export async function acquireDataFolder(dataDir: string, options: AcquireOptions): Promise<DataFolderLock> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // One that was there before may be open to everybody.
  await chmod(dataDir, 0o700);
  const file = join(dataDir, LOCK_FILE);
  const self = thisProcess();
  const judge = createJudge(self, options);
  const mine = JSON.stringify({ ...self, nonce: randomUUID() });
  const draft = `${file}.${randomUUID()}`;
  // A link to a finished file: nobody ever reads a lock that is half written.
  await writeFile(draft, mine, { mode: 0o600, flag: 'wx' });
  try {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      if (await linkIfFree(draft, file)) return hold(file, mine, null, options);
      const found = lookAt(file);
      if (found !== null) {
        const verdict = await judge(file, found);
        if (verdict.is === 'alive') throw new Error(inUse(found.text, dataDir, options.setting));
        if (verdict.is === 'gone' && (await replaceStale(file, found, draft, judge))) {
          return hold(file, mine, verdict.silentOwner, options);
        }
      }
      await wait(BETWEEN_ROUNDS_MS);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw new Error(`The lock ${file} kept changing hands; start only one Wakeful on ${dataDir}.`);
}

/**
 * Who holds a folder, as far as one look can tell and without touching anything: `unsure` where only a heartbeat could show
 * whether the owner lives.
 */
export function lookAtFolderLock(dataDir: string): { held: 'no' | 'yes' | 'unsure'; owner: string | null } {
  const self = thisProcess();
  const text = lookAt(join(dataDir, LOCK_FILE))?.text;
  const owner = text === undefined ? null : parseOwner(text);
  const proof = owner === null ? 'dead' : proofOf(owner, self);
  if (owner === null || proof === 'dead' || (proof === 'process' && !runs(owner))) return { held: 'no', owner: null };
  return { held: proof === 'process' ? 'yes' : 'unsure', owner: ownerInWords(owner, self) };
}

/** What became of the owner of a lock; `changed` when the lock was given to somebody else while we looked. */
type Verdict = { is: 'alive' } | { is: 'gone'; silentOwner: LockOwner | null } | { is: 'changed' };
type Judge = (file: string, seen: LockSight) => Promise<Verdict>;

const ALIVE: Verdict = { is: 'alive' };
const GONE: Verdict = { is: 'gone', silentOwner: null };

function createJudge(self: LockOwner, { clock, tell, silentOwner = null }: AcquireOptions): Judge {
  // Counts once: who was silent may wake up.
  let known = silentOwner;

  return async (file, seen) => {
    const owner = parseOwner(seen.text);
    if (owner === null) return GONE;
    const proof = proofOf(owner, self);
    if (proof === 'dead') return GONE;
    if (proof === 'process') return runs(owner) ? ALIVE : GONE;
    const wasSilent = known !== null && isSameOwner(owner, known);
    known = null;
    if (wasSilent) return { is: 'gone', silentOwner: owner };
    tell(
      `waiting up to 20 s to see whether the Wakeful with ${ownerInWords(owner, self)} still runs on ${dirname(file)}`,
    );
    const heartbeat = await watchHeartbeat(file, seen, clock);
    if (heartbeat === 'silent') return { is: 'gone', silentOwner: owner };
    return heartbeat === 'beating' ? ALIVE : { is: 'changed' };
  };
}

/**
 * Puts our draft in the place of a stale lock; false when somebody else is at it or was first. Reading a lock and then
 * removing it would, with two at once, remove the lock that the other has just made. So the right to replace this very
 * content is a file of its own, which only one can make.
 */
async function replaceStale(file: string, stale: LockSight, draft: string, judge: Judge): Promise<boolean> {
  const right = `${file}.replacing-${createHash('sha256').update(stale.text).digest('hex').slice(0, 16)}`;
  if (!(await linkIfFree(draft, right))) {
    const holder = lookAt(right);
    // Died in the middle; the next round tries again.
    if (holder !== null && (await judge(right, holder)).is === 'gone') await rm(right, { force: true });
    return false;
  }
  try {
    const now = lookAt(file);
    // Another lock, or an owner that was only asleep.
    if (now?.text !== stale.text || now.beatAt !== stale.beatAt) return false;
    await rename(draft, file);
    return true;
  } finally {
    await rm(right, { force: true });
  }
}

function hold(
  file: string,
  mine: string,
  silentOwner: LockOwner | null,
  { clock, tell }: AcquireOptions,
): DataFolderLock {
  const heartbeat = keepBeating(file, mine, clock, tell);
  return {
    silentOwner,
    lost: heartbeat.lost.then((found) =>
      found === null
        ? `the lock ${file} was removed under a running Wakeful`
        : `another Wakeful (${namedIn(found)}) has taken over ${dirname(file)} while this one stood still`,
    ),
    beat: heartbeat.beat,
    async release() {
      heartbeat.stop();
      if (lookAt(file)?.text === mine) await rm(file, { force: true });
    },
  };
}

function inUse(lock: string, dataDir: string, setting: string): string {
  return `another Wakeful (${namedIn(lock)}) is running on ${dataDir}; stop it or set ${setting}`;
}

function namedIn(lock: string): string {
  const owner = parseOwner(lock);
  return owner === null ? 'unknown' : ownerInWords(owner, thisProcess());
}

function thisProcess(): LockOwner {
  return {
    pid: process.pid,
    startTime: startTime(process.pid),
    host: hostname(),
    bootId: firstLine('/proc/sys/kernel/random/boot_id'),
    pidNamespace: ownPidNamespace(),
    machineId: machineId(),
  };
}

/** Hashed, since systemd asks not to tell it as it is (machine-id(5)). */
function machineId(): string | null {
  // Until its first boot an image says `uninitialized`, or nothing.
  const id = firstLine('/etc/machine-id')?.match(/^[0-9a-f]{32}$/)?.[0];
  return id === undefined ? null : createHash('sha256').update(`wakeful ${id}`).digest('hex').slice(0, 32);
}

function runs({ pid, startTime: startedAt }: LockOwner): boolean {
  return isAlive(pid) && startTime(pid) === startedAt;
}

function parseOwner(text: string): LockOwner | null {
  try {
    return ownerSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function ownPidNamespace(): string | null {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return null;
  }
}

function firstLine(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim();
  } catch {
    return null;
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
