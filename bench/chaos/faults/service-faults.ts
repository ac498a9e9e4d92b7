import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pause } from '../../support/waiting.js';
import type { Fault, Scene } from '../fault.js';

const heals = { kind: 'heals' } as const;
/** Nobody may take a silence of the service for a death of its browsers. */
const untouched = { kind: 'untouched' } as const;
const HOUR_MS = 3_600_000;

/** The whole service stands still and goes on; its browsers do not. */
function serviceStop(name: string, lastsMs: number, form?: 'short' | 'long'): Fault {
  return {
    name,
    words: `service SIGSTOP for ${lastsMs / 1000} s, then SIGCONT`,
    reach: 'all',
    expectation: untouched,
    ...(form === undefined ? {} : { form }),
    lastsMs,
    withinMs: lastsMs + 120_000,
    inject: async ({ world }) => world.service.signal('SIGSTOP'),
    relieve: async ({ world }) => world.service.signal('SIGCONT'),
    tidy: async ({ world }) => world.service.signal('SIGCONT'),
  };
}

function restart(name: string, words: string, signal: 'SIGTERM' | 'SIGKILL', form?: 'short'): Fault {
  return {
    name,
    words,
    reach: 'all',
    expectation: heals,
    ...(form === undefined ? {} : { form }),
    inject: ({ world }) => world.restartService(signal),
  };
}

/**
 * Node cannot be given another clock from outside, so a module that it loads first adds what a file says to every
 * reading of the wall clock. The monotonic clock stays as it is, as it does when somebody sets the time.
 */
const MOVABLE_CLOCK = `
import { readFileSync } from 'node:fs';
const RealDate = globalThis.Date;
let offsetMs = 0;
const read = () => { try { offsetMs = Number(readFileSync(new URL('./clock-offset', import.meta.url), 'utf8')) || 0; } catch {} };
read();
setInterval(read, 250).unref();
globalThis.Date = class Date extends RealDate {
  constructor(...parts) { if (parts.length === 0) super(RealDate.now() + offsetMs); else super(...parts); }
  static now() { return RealDate.now() + offsetMs; }
};
`;

function clockJump(name: string, byMs: number): Fault {
  const set = ({ world }: Pick<Scene, 'world'>, offsetMs: number) =>
    writeFileSync(join(world.folder, 'clock-offset'), String(offsetMs));
  return {
    name,
    words: `wall clock jumps ${byMs > 0 ? 'forward' : 'back'} by ${Math.abs(byMs) / HOUR_MS} h`,
    reach: 'all',
    expectation: untouched,
    async prepare({ world }) {
      set({ world }, 0);
      const module = join(world.folder, 'movable-clock.mjs');
      writeFileSync(module, MOVABLE_CLOCK);
      world.preload = [module];
      await world.restartService('SIGTERM');
      await world.allCalm();
    },
    inject: async (scene) => set(scene, byMs),
    async tidy(scene) {
      set(scene, 0);
      scene.world.preload = [];
      // Long enough for the service to see its clock come back before the next fault.
      await pause(1000);
      await scene.world.restartService('SIGTERM');
    },
  };
}

/** The service itself dies, stands still or is told another time. */
export const SERVICE_FAULTS: readonly Fault[] = [
  restart('service-kill', 'service SIGKILL, then start', 'SIGKILL', 'short'),
  restart('service-restart', 'service SIGTERM, then start', 'SIGTERM'),
  serviceStop('loop-stall', 7000),
  serviceStop('service-stop', 20_000),
  serviceStop('service-stop-long', 60_000, 'long'),
  clockJump('clock-forward', 2 * HOUR_MS),
  clockJump('clock-back', -2 * HOUR_MS),
];
