import { describe, expect, test } from '@jest/globals';
import { isAsleep } from '../../src/domain/sleep.js';
import { settled } from '../support/fake-clock.js';
import { buildHouse, steadyConfig } from '../support/fake-house.js';
import { aFleet, aRequest } from './fleet-driver.js';

const MINUTE_MS = 60_000;

/** A fleet whose numbers sleep after ten minutes, with one that is connected and has nothing to do. */
async function quietFleet() {
  const parking = { afterIdleMs: 10 * MINUTE_MS, wakeEveryMs: null, sessions: null };
  // Silence of the line is another matter.
  const keepAlive = { intervalMs: null };
  const made = aFleet({ house: buildHouse({ config: { ...steadyConfig(), parking, keepAlive } }) });
  made.known('shop');
  await made.supervisor.start();
  await settled();
  made.client('shop').ready();
  await settled();
  const shop = () => made.supervisor.actors.get('shop')?.state ?? null;
  const sleeps = () => {
    const state = shop();
    return state !== null && isAsleep(state);
  };
  return { ...made, sleeps };
}

describe('a fleet whose numbers may sleep', () => {
  test('closes the browser of one that is quiet for long enough, cleanly, and calls it no loss', async () => {
    const { house, sleeps, client } = await quietFleet();
    await house.clock.advance(9 * MINUTE_MS);
    expect(sleeps()).toBe(false);
    await house.clock.advance(3 * MINUTE_MS);
    expect(sleeps()).toBe(true);
    expect(client('shop').browser()).toBeNull();
    expect(house.timeline.list('shop', { after: 0, limit: 99 }).map(({ event }) => event)).not.toContain(
      'session.lost',
    );
  });

  test('answers a call for its chats with the request to ask again, and wakes it', async () => {
    const { house, fleet, sleeps, supervisor } = await quietFleet();
    await house.clock.advance(12 * MINUTE_MS);
    await expect(fleet.chats('shop')).rejects.toMatchObject({
      code: 'not_connected',
      message: expect.stringContaining('It is being woken: try again in a moment.'),
    });
    await settled();
    expect([sleeps(), supervisor.actors.get('shop')?.state.status]).toEqual([false, 'connecting']);
  });

  test('wakes it for a message', async () => {
    const { house, fleet, sleeps } = await quietFleet();
    await house.clock.advance(12 * MINUTE_MS);
    await fleet.send('shop', aRequest());
    await settled();
    expect(sleeps()).toBe(false);
  });
});
