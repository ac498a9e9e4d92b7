import type { Fault } from '../fault.js';
import { strike } from './page-faults.js';

const heals = { kind: 'heals' } as const;

/** The network for everybody is gone for that long. */
function networkDown(name: string, lastsMs: number, form?: 'short' | 'long'): Fault {
  const seconds = lastsMs / 1000;
  return {
    name,
    words: `network down for ${seconds < 120 ? `${seconds} s` : `${seconds / 60} min`}`,
    reach: 'all',
    expectation: heals,
    ...(form === undefined ? {} : { form }),
    lastsMs,
    withinMs: lastsMs + 120_000,
    inject: async ({ world }) => void (await world.phones.fault('*', { kind: 'network-down' })),
    relieve: ({ world }) => world.phones.clearFaults(),
  };
}

/** The way to WhatsApp fails, is slow or swallows everything. */
export const NETWORK_FAULTS: readonly Fault[] = [
  {
    name: 'socket-drop',
    words: 'socket cut for 3 s',
    reach: 'one',
    expectation: heals,
    form: 'short',
    lastsMs: 3000,
    inject: (scene) => strike(scene, { kind: 'drop', forMs: 3000 }),
  },
  networkDown('network-down', 20_000),
  networkDown('network-down-short', 8000, 'short'),
  networkDown('network-down-long', 600_000, 'long'),
  {
    name: 'black-hole',
    words: 'nothing passes for 30 s, all stays open',
    reach: 'one',
    expectation: heals,
    lastsMs: 30_000,
    withinMs: 180_000,
    inject: (scene) => strike(scene, { kind: 'black-hole' }),
    relieve: ({ world }) => world.phones.clearFaults(),
  },
  {
    name: 'slow-network',
    words: 'everything takes 1.5 s longer for 20 s',
    reach: 'one',
    expectation: heals,
    mayGoUnnoticed: true,
    lastsMs: 20_000,
    inject: (scene) => strike(scene, { kind: 'slow', latencyMs: 1500 }),
    relieve: ({ world }) => world.phones.clearFaults(),
  },
];
