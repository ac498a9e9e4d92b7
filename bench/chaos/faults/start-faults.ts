import { BUILD_AFTER } from '../../../simulator/client.js';
import { sendSignal } from '../../support/process-table.js';
import type { Fault, Scene } from '../fault.js';
import { strike } from './page-faults.js';

const heals = { kind: 'heals' } as const;
const STALLS_MS = 20_000;
const BROKEN_BUILD = '2.3000.1099000000';
const NEXT_BUILD = '2.3000.1050000000';

/** Deadlines of a start that are minutes by default. */
const HURRIED = {
  settings: { deadlines: { launchMs: 15_000, readyMs: 12_000 }, backoff: { baseDelayMs: 2000 } },
  settingsWords: 'launch 15 s, ready 12 s, backoff from 2 s',
} as const;

async function killBrowsers({ world, victims }: Scene): Promise<void> {
  for (const pid of await Promise.all(victims.map((victim) => world.browserPid(victim)))) sendSignal(pid, 'SIGKILL');
}

/** A start that does not get through: the browser is killed, and its successor meets the fault. */
export const START_FAULTS: readonly Fault[] = [
  {
    name: 'stalled-socket',
    words: 'at start the socket stays in OPENING for 20 s',
    reach: 'one',
    expectation: heals,
    ...HURRIED,
    lastsMs: STALLS_MS,
    async inject(scene) {
      await strike(scene, { kind: 'stalled-socket' });
      await killBrowsers(scene);
    },
    relieve: ({ world }) => world.phones.clearFaults(),
  },
  {
    name: 'stalled-ready',
    words: 'at start ready does not come for 20 s',
    reach: 'one',
    expectation: heals,
    ...HURRIED,
    lastsMs: STALLS_MS,
    async inject(scene) {
      await strike(scene, { kind: 'stalled-ready' });
      await killBrowsers(scene);
    },
    relieve: ({ world }) => world.phones.clearFaults(),
  },
  {
    name: 'auth-timeout',
    words: 'at start the page loads but offers nothing for 20 s',
    reach: 'one',
    expectation: heals,
    ...HURRIED,
    lastsMs: STALLS_MS,
    async inject(scene) {
      await scene.world.phones.settings({ loadDelayMs: 120_000 });
      await killBrowsers(scene);
    },
    relieve: async ({ world }) => void (await world.phones.settings({ loadDelayMs: 0 })),
    tidy: async ({ world }) => void (await world.phones.settings({ loadDelayMs: 0 })),
  },
  {
    name: 'load-black-hole',
    words: 'at start nothing passes for 20 s',
    reach: 'one',
    expectation: heals,
    ...HURRIED,
    lastsMs: STALLS_MS,
    async inject(scene) {
      await strike(scene, { kind: 'black-hole' });
      await killBrowsers(scene);
    },
    relieve: ({ world }) => world.phones.clearFaults(),
  },
  {
    name: 'broken-build',
    words: 'new WhatsApp Web version that never gets ready',
    reach: 'all',
    expectation: heals,
    withinMs: 240_000,
    async inject(scene) {
      await scene.world.phones.settings({ build: BROKEN_BUILD, brokenBuilds: [BROKEN_BUILD] });
      await killBrowsers(scene);
    },
    tidy: async ({ world }) => void (await world.phones.settings({ build: BUILD_AFTER, brokenBuilds: [] })),
  },
  {
    name: 'outdated-build',
    words: 'WhatsApp no longer takes the version that is loaded, and serves a new one',
    reach: 'all',
    expectation: heals,
    async inject(scene) {
      await scene.world.phones.settings({ build: NEXT_BUILD, deprecatedBuilds: [BUILD_AFTER] });
      await strike(scene, { kind: 'drop' });
    },
    tidy: async ({ world }) => void (await world.phones.settings({ build: BUILD_AFTER, deprecatedBuilds: [] })),
  },
];
