import type { KeptNumber } from '../support/kept-number.js';
import { sendSignal } from '../support/process-table.js';
import { mustHappen } from '../support/waiting.js';
import type { World } from '../support/world.js';

/** One way to start something anew; resolves with how long it took until all numbers were connected, milliseconds. */
export interface Restart {
  readonly words: string;
  play(world: World): Promise<number>;
}

const CONNECTED_WITHIN_MS = 60_000;

const sessionRestart = (words: string, strike: (world: World, number: KeptNumber) => Promise<void>): Restart => ({
  words,
  async play(world) {
    const beganAt = Date.now();
    for (const number of world.numbers) {
      const before = await world.browserPid(number);
      await strike(world, number);
      await connected(world, number, before);
    }
    return Date.now() - beganAt;
  },
});

const serviceRestart = (signal: 'SIGTERM' | 'SIGKILL'): Restart => ({
  words: `service ${signal}`,
  async play(world) {
    const beganAt = Date.now();
    await world.restartService(signal);
    for (const number of world.numbers) await connected(world, number, null);
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

/** Connected by another browser than `before`. Nobody scans a code: a login that was lost is a failure. */
async function connected(world: World, number: KeptNumber, before: number | null): Promise<void> {
  await mustHappen(`${number.id} is connected again`, CONNECTED_WITHIN_MS, async () => {
    const view = await world.view(number);
    return view?.status === 'connected' && view.browser !== null && view.browser.pid !== before;
  });
}
