import type { Fault as SimulatorFault } from '../../../simulator/client.js';
import type { Fault, Scene } from '../fault.js';

const heals = { kind: 'heals' } as const;
const OUT_OF_MEMORY_MS = 4000;

/** Strikes the pages of the victims, and fails when there is none to strike. */
export async function strike({ world, victims }: Scene, fault: SimulatorFault): Promise<void> {
  for (const { phoneNumber, id } of victims) {
    const { struck } = await world.phones.fault(phoneNumber, fault);
    if (struck === 0) throw new Error(`${fault.kind} struck no page of ${id}`);
  }
}

/** Mishaps within the page. */
export const PAGE_FAULTS: readonly Fault[] = [
  {
    name: 'page-hang',
    words: 'endless loop in the page',
    reach: 'one',
    expectation: heals,
    promise: { foundMs: 31_000, healedMs: 45_000 },
    form: 'short',
    inject: (scene) => strike(scene, { kind: 'hang-page' }),
  },
  {
    name: 'page-crash',
    words: 'page crashes (stack overflow)',
    reach: 'one',
    expectation: heals,
    // The page itself needs up to a second to die.
    promise: { foundMs: 2000 },
    inject: (scene) => strike(scene, { kind: 'crash-page' }),
  },
  {
    name: 'page-memory',
    words: 'page runs out of memory',
    reach: 'one',
    expectation: heals,
    // A real exhaustion, of a heap that is small enough to leave the machine to others.
    settings: { browser: { extraArgs: ['--js-flags=--max-old-space-size=200'] } },
    settingsWords: 'heap of 200 MB',
    lastsMs: OUT_OF_MEMORY_MS,
    async inject(scene) {
      await scene.world.phones.settings({ heapBallastMb: 600 });
      await strike(scene, { kind: 'self-reload' });
    },
    relieve: async ({ world }) => void (await world.phones.settings({ heapBallastMb: 0 })),
    tidy: async ({ world }) => void (await world.phones.settings({ heapBallastMb: 0 })),
  },
  {
    name: 'page-reload',
    words: 'page reloads itself',
    reach: 'one',
    expectation: heals,
    form: 'short',
    inject: (scene) => strike(scene, { kind: 'self-reload' }),
  },
  {
    name: 'push-state',
    words: '200 navigations within the page',
    reach: 'one',
    expectation: { kind: 'untouched' },
    inject: (scene) => strike(scene, { kind: 'push-state', times: 200 }),
  },
];
