import type { KeptNumber } from '../../support/kept-number.js';
import { sendSignal } from '../../support/process-table.js';
import { pause } from '../../support/waiting.js';
import type { World } from '../../support/world.js';

/** A way in which numbers stop listening, and listen again when `play` resolves. */
interface Mishap {
  readonly words: string;
  play(scene: Scene): Promise<void>;
}

interface Scene {
  readonly world: World;
  readonly victim: KeptNumber;
  readonly offMs: number;
  /** Called right before a SIGKILL. */
  readonly onKill: () => void;
}

function serviceRestart(signal: 'SIGTERM' | 'SIGKILL'): Mishap {
  return {
    words: signal === 'SIGTERM' ? 'service stopped' : 'service killed',
    async play({ world, offMs, onKill }) {
      const { settings } = world.service;
      if (signal === 'SIGKILL') onKill();
      await world.service.end(signal);
      await pause(offMs);
      await world.startService(settings);
      for (const number of world.numbers) await world.connectedAgain(number, null);
    },
  };
}

const MISHAPS: readonly Mishap[] = [
  {
    words: 'disconnected by the operator',
    async play({ world, victim, offMs }) {
      await world.api.disconnect(victim.id);
      await pause(offMs);
      await world.api.connect(victim.id);
      await world.connectedAgain(victim, null);
    },
  },
  {
    words: 'browser killed',
    async play({ world, victim }) {
      const pid = await world.browserPid(victim);
      sendSignal(pid, 'SIGKILL');
      await world.connectedAgain(victim, pid);
    },
  },
  serviceRestart('SIGTERM'),
  serviceRestart('SIGKILL'),
];

/** What was played, in words, and when the service was killed, milliseconds since 1970. */
export interface Played {
  readonly counts: Readonly<Record<string, number>>;
  readonly kills: readonly number[];
}

interface Playing {
  readonly random: () => number;
  /** How long a number or the service stays off, at most. */
  readonly longestOffMs: number;
  /** Between two mishaps. */
  readonly calmMs: number;
  /** Asked after each: false ends it, once every mishap was played. */
  readonly goesOn: () => boolean;
}

/** Plays one mishap after the other, in turns, on numbers that chance names. */
export async function playMishaps(world: World, { random, longestOffMs, calmMs, goesOn }: Playing): Promise<Played> {
  const counts: Record<string, number> = {};
  const kills: number[] = [];
  for (let turn = 0; turn < MISHAPS.length || goesOn(); turn += 1) {
    const mishap = MISHAPS[turn % MISHAPS.length];
    const victim = world.numbers[Math.floor(random() * world.numbers.length)];
    if (mishap === undefined || victim === undefined) break;
    await pause(calmMs);
    await mishap.play({ world, victim, offMs: random() * longestOffMs, onKill: () => kills.push(Date.now()) });
    counts[mishap.words] = (counts[mishap.words] ?? 0) + 1;
  }
  return { counts, kills };
}
