import { existsSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { orphansOf } from '../support/leftovers.js';
import { processesOfBrowser } from '../support/process-table.js';
import { mustHappen, pause } from '../support/waiting.js';
import type { World } from '../support/world.js';
import { type FolderSize, sizeOf, sizesBelow } from './folder-size.js';

/** What the service knows of itself; memory after a collection of garbage. */
export interface InsideLook {
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Listeners on `process`, by event. */
  readonly listeners: Readonly<Record<string, number>>;
  /** What keeps the event loop going, timers among them, by kind. */
  readonly resources: Readonly<Record<string, number>>;
}

/** Everything that a restart could leave behind. */
export interface Look extends InsideLook {
  /** Processes of browsers that work for a session. */
  readonly browserProcesses: number;
  /** Processes nobody owns, zombies included, in words. */
  readonly orphans: readonly string[];
  /** Open files of the service, by what they are. */
  readonly openFiles: Readonly<Record<string, number>>;
  readonly threads: number;
  /** Everything below the service's TMPDIR, where browsers put theirs, too. */
  readonly tmpEntries: number;
  readonly shmEntries: number;
  readonly database: FolderSize;
  /** What SQLite has not yet moved into the database; it does so at 4 MB. */
  readonly journal: FolderSize;
  readonly logs: FolderSize;
  readonly snapshots: FolderSize;
  readonly otherData: FolderSize;
  readonly profiles: FolderSize;
  /** How often Node warned that something gathers listeners. */
  readonly listenerWarnings: number;
  /** How often two pages had the same login, as WhatsApp counts it. */
  readonly conflicts: number;
}

const INSIDE_WITHIN_MS = 10_000;
/** Until the service has closed the connection of our last question, too. */
const QUIET_MS = 500;
const SHARED_MEMORY = '/dev/shm';

const insideFile = (folder: string) => join(folder, 'inside-look.json');

/** The module for the service that answers `lookInside`. */
export function insideModule(folder: string): string {
  const module = new URL('./inside-look.js', import.meta.url);
  module.searchParams.set('to', insideFile(folder));
  return module.href;
}

/** What the service says of itself now. */
export async function lookInside(world: World): Promise<InsideLook> {
  const file = insideFile(world.folder);
  rmSync(file, { force: true });
  world.service.signal('SIGUSR2');
  return mustHappen('the service looks at itself', INSIDE_WITHIN_MS, async () => {
    return existsSync(file) && (JSON.parse(readFileSync(file, 'utf8')) as InsideLook);
  });
}

/** Looks at everything. Takes a while: all numbers have to be calm first. */
export async function lookAround(world: World): Promise<Look> {
  await world.allCalm();
  const browserPids = await Promise.all(world.numbers.map((number) => world.browserPid(number)));
  const orphans = await orphansOf(world);
  const accounts = await world.phones.accounts();
  await pause(QUIET_MS);
  const { place, service } = world;
  const data = sizesBelow(place.dataDir, kindOfData);
  return {
    ...(await lookInside(world)),
    browserProcesses: browserPids.reduce((sum, pid) => sum + processesOfBrowser(pid).length, 0),
    orphans,
    openFiles: openFilesOf(service.pid),
    threads: readdirSync(`/proc/${service.pid}/task`).length,
    tmpEntries: readdirSync(place.tmpDir, { recursive: true }).length,
    shmEntries: existsSync(SHARED_MEMORY) ? readdirSync(SHARED_MEMORY).length : 0,
    database: sizeOf(data, 'database'),
    journal: sizeOf(data, 'journal'),
    logs: sizeOf(data, 'logs'),
    snapshots: sizeOf(data, 'snapshots'),
    otherData: sizeOf(data, 'other'),
    profiles: sizeOf(
      sizesBelow(place.authDir, () => 'profile'),
      'profile',
    ),
    listenerWarnings: listenerWarningsIn(join(place.dataDir, 'output.log')),
    conflicts: accounts.reduce((sum, { conflicts }) => sum + conflicts, 0),
  };
}

function kindOfData(path: string): string {
  if (path.startsWith('snapshots/')) return 'snapshots';
  if (path.startsWith('wakeful.db-')) return 'journal';
  if (path.startsWith('wakeful.db')) return 'database';
  return path.endsWith('.log') ? 'logs' : 'other';
}

function openFilesOf(pid: number): Record<string, number> {
  const counts: Record<string, number> = {};
  const folder = `/proc/${pid}/fd`;
  for (const fd of readdirSync(folder)) {
    const kind = kindOfFile(join(folder, fd));
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/** `socket:[123]` and `pipe:[123]` without their numbers; a path as it is. */
function kindOfFile(link: string): string {
  try {
    return readlinkSync(link).replace(/:\[\d+\]$/, '');
  } catch {
    return 'closed meanwhile';
  }
}

function listenerWarningsIn(file: string): number {
  return readFileSync(file, 'utf8').split('MaxListenersExceededWarning').length - 1;
}
