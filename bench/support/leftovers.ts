import { readdirSync } from 'node:fs';
import { processTable } from './process-table.js';
import { eventually } from './waiting.js';
import type { World } from './world.js';

/** A process that was killed a moment ago may still be on its way out. */
const GONE_WITHIN_MS = 5000;

/** Processes that should not be there, in words: browsers nobody owns, their children, zombies of the service. */
export async function orphansOf(world: World): Promise<string[]> {
  let orphans: string[] = [];
  const gone = async () => {
    orphans = await look(world);
    return orphans.length === 0;
  };
  await eventually(GONE_WITHIN_MS, gone, 250);
  return orphans;
}

/** How many entries the service and its browsers have in their folder for temporary files. */
export function tmpEntries(world: World): number {
  return readdirSync(world.place.tmpDir).length;
}

async function look(world: World): Promise<string[]> {
  const views = await Promise.all(world.numbers.map((number) => world.view(number)));
  const owned = new Set(views.flatMap((view) => (view?.browser ? [view.browser.pid] : [])));
  const servicePid = world.service.pid;
  const profiles = `--user-data-dir=${world.place.authDir}/`;
  return processTable().flatMap(({ pid, parentPid, groupId, state, commandLine }) => {
    if (owned.has(groupId)) return [];
    // One whose parent is the init of this machine is not ours to bury.
    if (state === 'Z') return parentPid === servicePid ? [`zombie ${pid}`] : [];
    const isBrowser = commandLine.includes(profiles);
    const wasBrowser = world.browsersSeen.has(groupId);
    return isBrowser || wasBrowser ? [`${pid} (${state}) ${commandLine.slice(0, 80)}`] : [];
  });
}
