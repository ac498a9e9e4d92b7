import type { KeptNumber } from '../support/kept-number.js';
import { sendSignal } from '../support/process-table.js';
import type { World } from '../support/world.js';

/** One way to start something anew; resolves with how long it took until all numbers were connected, milliseconds. */
export interface Restart {
  readonly words: string;
  play(world: World): Promise<number>;
}

const sessionRestart = (words: string, strike: (world: World, number: KeptNumber) => Promise<void>): Restart => ({
  words,
  async play(world) {
    const beganAt = Date.now();
    for (const number of world.numbers) {
      const before = await world.browserPid(number);
      await strike(world, number);
      await world.connectedAgain(number, before);
    }
    return Date.now() - beganAt;
  },
});

const serviceRestart = (signal: 'SIGTERM' | 'SIGKILL'): Restart => ({
  words: `service ${signal}`,
  async play(world) {
    const beganAt = Date.now();
    await world.restartService(signal);
    for (const number of world.numbers) await world.connectedAgain(number, null);
    return Date.now() - beganAt;
  },
});

/** The ways to restart a session, in turns. */
export const SESSION_RESTARTS: readonly Restart[] = [
  sessionRestart('force-reconnect', async ({ api }, { id }) => {
    await api.call('POST', `/api/sessions/${id}/force-reconnect`, {});
  }),
  sessionRestart('browser SIGKILL', async (world, number) => sendSignal(await world.browserPid(number), 'SIGKILL')),
];

/** The ways to restart the service, in turns. */
export const SERVICE_RESTARTS: readonly Restart[] = [serviceRestart('SIGTERM'), serviceRestart('SIGKILL')];
