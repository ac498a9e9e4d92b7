import { mustHappen } from '../../support/waiting.js';
import type { Fault, Scene } from '../fault.js';
import { strike } from './page-faults.js';

const TAKEN_BACK_WITHIN_MS = 30_000;
/** More often than anybody takes a login back. */
const FIGHTS_AT_MOST = 20;

/** Another program that takes the login as soon as it has been taken back; resolves when it is left to that one. */
async function fight(scene: Scene): Promise<void> {
  const { world, victim, chronicle } = scene;
  for (let fights = 1; fights <= FIGHTS_AT_MOST; fights += 1) {
    await strike(scene, { kind: 'conflict' });
    const outcome = await mustHappen('the login is taken back or left', TAKEN_BACK_WITHIN_MS, async () => {
      const returns = (await chronicle.of(victim))?.filter(({ event }) => event === 'session.connected') ?? [];
      if (returns.length === fights) return 'taken back';
      return (await world.view(victim))?.status === 'error' && 'left';
    });
    if (outcome === 'left') return;
  }
  throw new Error(`${victim.id} took its login back ${FIGHTS_AT_MOST} times, and would have gone on`);
}

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
    name: 'conflict-fight',
    words: 'opened somewhere else again and again',
    reach: 'one',
    expectation: { kind: 'parked', reason: 'conflict' },
    withinMs: 60_000,
    inject: fight,
  },
  {
    name: 'conflict-yield',
    words: 'opened somewhere else, and told to yield',
    reach: 'one',
    expectation: { kind: 'parked', reason: 'conflict' },
    settings: { conflict: { policy: 'yield' } },
    settingsWords: 'conflict policy yield',
    withinMs: 30_000,
    inject: (scene) => strike(scene, { kind: 'conflict' }),
  },
  {
    name: 'logout',
    words: 'unlinked by the phone',
    reach: 'one',
    expectation: { kind: 'qr', reason: 'logged_out' },
    withinMs: 30_000,
    inject: (scene) => strike(scene, { kind: 'logout' }),
  },
  {
    name: 'logout-while-off',
    words: 'unlinked by the phone while stopped',
    reach: 'one',
    expectation: { kind: 'qr', reason: 'logged_out' },
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
