import type { Fault } from '../fault.js';
import { strike } from './page-faults.js';

/** What WhatsApp or the phone's owner does to the account. */
export const ACCOUNT_FAULTS: readonly Fault[] = [
  {
    name: 'conflict',
    words: 'opened somewhere else',
    reach: 'one',
    expectation: { kind: 'heals' },
    inject: (scene) => strike(scene, { kind: 'conflict' }),
  },
  {
    name: 'logout',
    words: 'unlinked by the phone',
    reach: 'one',
    expectation: { kind: 'qr' },
    withinMs: 30_000,
    inject: (scene) => strike(scene, { kind: 'logout' }),
  },
  {
    name: 'logout-while-off',
    words: 'unlinked by the phone while stopped',
    reach: 'one',
    expectation: { kind: 'qr' },
    withinMs: 60_000,
    async prepare({ world, victim }) {
      await world.api.disconnect(victim.id);
      await world.phones.unlink(victim.phoneNumber);
    },
    inject: async ({ world, victim }) => void (await world.api.connect(victim.id)),
  },
  {
    name: 'banned',
    words: 'number blocked by WhatsApp',
    reach: 'one',
    expectation: { kind: 'parked', reason: 'banned' },
    withinMs: 60_000,
    inject: (scene) => strike(scene, { kind: 'terminal', state: 'TOS_BLOCK' }),
  },
  {
    name: 'outdated',
    words: 'WhatsApp Web too old',
    reach: 'one',
    expectation: { kind: 'parked', reason: 'outdated' },
    withinMs: 60_000,
    inject: (scene) => strike(scene, { kind: 'terminal', state: 'DEPRECATED_VERSION' }),
  },
];
