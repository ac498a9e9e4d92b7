// Loaded into the service before it starts: writes on SIGUSR2 what only the process itself knows into the file that the
// address of this module names (`?to=`).
import { renameSync, writeFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { InsideLook } from './look.js';

setFlagsFromString('--expose-gc');
const collectGarbage: unknown = runInNewContext('gc');
const target = new URL(import.meta.url).searchParams.get('to') ?? '';

function countBy(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

async function look(): Promise<void> {
  if (typeof collectGarbage !== 'function') throw new Error('this Node gives no gc');
  // What a first collection lets go is told in a later turn, and only then free.
  for (let times = 0; times < 2; times += 1) {
    collectGarbage();
    await nextTurn();
  }
  collectGarbage();
  const { rss, heapUsed } = process.memoryUsage();
  const events = process.eventNames();
  const seen: InsideLook = {
    rssBytes: rss,
    heapBytes: heapUsed,
    listeners: Object.fromEntries(events.map((name) => [String(name), process.listenerCount(name)])),
    resources: countBy(process.getActiveResourcesInfo()),
  };
  writeFileSync(`${target}.new`, JSON.stringify(seen));
  renameSync(`${target}.new`, target);
}

process.on('SIGUSR2', () => void look());
