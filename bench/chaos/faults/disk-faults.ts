import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { sendSignal } from '../../support/process-table.js';
import type { World } from '../../support/world.js';
import type { Fault } from '../fault.js';

const DISK_MB = 1500;
const FULL_FOR_MS = 20_000;

const smallDisk = (world: World) => join(world.folder, 'small-disk');
const ballast = (world: World) => join(smallDisk(world), 'ballast');

function run(program: string, args: readonly string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
}

function move(world: World, folder: string): void {
  const place = world.placeIn(folder);
  // Profiles hold sockets and dangling links, which are copied as what they are or not at all.
  const options = { recursive: true, verbatimSymlinks: true, filter: (path: string) => !path.includes('/Singleton') };
  cpSync(world.place.dataDir, place.dataDir, options);
  cpSync(world.place.authDir, place.authDir, options);
  world.place = place;
}

/** The disk itself. */
export const DISK_FAULTS: readonly Fault[] = [
  {
    name: 'disk-full',
    words: `disk full for ${FULL_FOR_MS / 1000} s, and the browser dies`,
    reach: 'one',
    expectation: { kind: 'heals' },
    settings: { backoff: { maxDelayMs: 10_000 }, health: { stableAfterMs: 5000, monitorIntervalMs: 5000 } },
    settingsWords: 'longest backoff 10 s, monitor every 5 s',
    lastsMs: FULL_FOR_MS,
    obstacle: () => (process.getuid?.() === 0 ? null : 'needs root, to mount a small disk'),
    async prepare({ world }) {
      await world.service.end('SIGTERM');
      mkdirSync(smallDisk(world), { recursive: true });
      run('mount', ['-t', 'tmpfs', '-o', `size=${DISK_MB}m,mode=0700`, 'none', smallDisk(world)]);
      world.atEnd(() => spawnSync('umount', ['--lazy', smallDisk(world)], { stdio: 'ignore' }));
      move(world, smallDisk(world));
      await world.startService(world.service.settings);
      await world.allCalm();
    },
    async inject({ world, victim }) {
      const pid = await world.browserPid(victim);
      // Until the disk takes no more; dd ends with an error then, as it should.
      spawnSync('dd', ['if=/dev/zero', `of=${ballast(world)}`, 'bs=64k'], { stdio: 'ignore' });
      sendSignal(pid, 'SIGKILL');
    },
    relieve: async ({ world }) => rmSync(ballast(world), { force: true }),
    async tidy({ world }) {
      rmSync(ballast(world), { force: true });
      await world.service.end('SIGTERM');
      rmSync(world.placeIn(world.folder).dataDir, { recursive: true, force: true });
      rmSync(world.placeIn(world.folder).authDir, { recursive: true, force: true });
      move(world, world.folder);
      run('umount', [smallDisk(world)]);
      await world.startService(world.service.settings);
    },
  },
];
