import { renderersOf, sendSignal } from '../../support/process-table.js';
import type { Fault, Scene } from '../fault.js';

const heals = { kind: 'heals' } as const;
/** A death is an event. */
const DEATH = { foundMs: 1000 } as const;
/** What stands still shows at the next probe and at the one 3 s later; two seconds for a busy machine, then one start. */
const STANDSTILL = { foundMs: 20_000, healedMs: 35_000 } as const;
const LAUNCH_FAILS_MS = 8000;

async function signalBrowsers({ world, victims }: Scene, signal: NodeJS.Signals): Promise<void> {
  const pids = await Promise.all(victims.map((victim) => world.browserPid(victim)));
  for (const pid of pids) sendSignal(pid, signal);
}

async function signalRenderers({ world, victim }: Scene, signal: NodeJS.Signals): Promise<void> {
  const renderers = renderersOf(await world.browserPid(victim));
  if (renderers.length === 0) throw new Error(`the browser of ${victim.id} has no renderer`);
  for (const pid of renderers) sendSignal(pid, signal);
}

/** Processes of a browser that die or stand still. */
export const PROCESS_FAULTS: readonly Fault[] = [
  {
    name: 'browser-kill',
    words: 'browser SIGKILL',
    reach: 'one',
    expectation: heals,
    promise: DEATH,
    form: 'short',
    inject: (scene) => signalBrowsers(scene, 'SIGKILL'),
  },
  {
    name: 'browser-stop',
    words: 'browser SIGSTOP',
    reach: 'one',
    expectation: heals,
    promise: STANDSTILL,
    form: 'short',
    inject: (scene) => signalBrowsers(scene, 'SIGSTOP'),
  },
  {
    name: 'renderer-kill',
    words: 'renderer SIGKILL',
    reach: 'one',
    expectation: heals,
    promise: DEATH,
    form: 'short',
    inject: (scene) => signalRenderers(scene, 'SIGKILL'),
  },
  {
    name: 'renderer-stop',
    words: 'renderer SIGSTOP',
    reach: 'one',
    expectation: heals,
    promise: STANDSTILL,
    inject: (scene) => signalRenderers(scene, 'SIGSTOP'),
  },
  {
    name: 'six-browsers-kill',
    words: 'six browsers SIGKILL at once',
    reach: 'six',
    expectation: heals,
    promise: DEATH,
    inject: (scene) => signalBrowsers(scene, 'SIGKILL'),
  },
  {
    name: 'launch-fails',
    words: 'Chromium cannot start for 8 s',
    reach: 'one',
    expectation: heals,
    settings: { backoff: { baseDelayMs: 2000 } },
    settingsWords: 'backoff from 2 s',
    lastsMs: LAUNCH_FAILS_MS,
    async inject(scene) {
      scene.world.gate.shut();
      await signalBrowsers(scene, 'SIGKILL');
    },
    relieve: async ({ world }) => world.gate.open(),
    tidy: async ({ world }) => world.gate.open(),
  },
];
