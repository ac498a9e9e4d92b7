import { describe, expect, test } from '@jest/globals';
import { ClientError } from '../../src/domain/ports.js';
import { settled } from '../support/fake-clock.js';
import { aFleet } from './fleet-driver.js';

const DOWN = { type: 'failed', reason: 'network_down', detail: 'net::ERR_INTERNET_DISCONNECTED' } as const;
const MINUTE_MS = 60_000;

/** A fleet whose sessions were connected when the network went away, in this order. */
async function anOutage(...ids: string[]) {
  const made = aFleet({ maxConcurrentStarts: 99 });
  const { supervisor, house, connected, client } = made;
  await supervisor.start();
  for (const id of ids) await connected(id);
  let networkIsUp = true;
  house.browsers.prepare = (browser) => {
    if (!networkIsUp) browser.startPlan = new ClientError('network_down', 'net::ERR_INTERNET_DISCONNECTED');
  };
  const launchesOf = (id: string) => made.launched().filter((launched) => launched === id).length;
  return {
    ...made,
    launchesOf,
    async goesDown() {
      networkIsUp = false;
      // One after the other: while somebody is connected the trouble is not the network's.
      for (const id of ids) client(id).tell({ type: 'browser-exited' });
      await settled();
    },
    comesBack() {
      networkIsUp = true;
    },
    /** Browsers that wait to be ready are. */
    async ready() {
      for (const id of ids) if (client(id).life === 'running') client(id).ready();
      await settled();
    },
  };
}

describe('while WhatsApp cannot be reached', () => {
  test('one session tries and the others wait', async () => {
    const { goesDown, house, launchesOf, status } = await anOutage('a', 'b', 'c');
    await goesDown();
    const before = ['a', 'b', 'c'].map(launchesOf);
    await house.clock.advance(10 * MINUTE_MS);
    const tried = ['a', 'b', 'c'].map((id, i) => launchesOf(id) - (before[i] ?? 0)).toSorted((x, y) => x - y);
    expect(tried.slice(0, 2)).toEqual([0, 0]);
    expect(tried[2]).toBeGreaterThan(20);
    expect(new Set(['a', 'b', 'c'].map(status))).toEqual(new Set(['reconnecting network_down']));
  });

  test('no attempt is spent, however long it lasts', async () => {
    const { goesDown, house, fleet } = await anOutage('a', 'b');
    await goesDown();
    await house.clock.advance(3 * 60 * MINUTE_MS);
    for (const { status, attempt, circuit } of fleet.list()) {
      expect({ status, circuit: circuit.state }).toEqual({ status: 'reconnecting', circuit: 'closed' });
      expect(attempt).toBeLessThanOrEqual(1);
    }
  });

  test('all return within a minute once it is back', async () => {
    const { goesDown, comesBack, ready, house, fleet } = await anOutage('a', 'b', 'c', 'd');
    await goesDown();
    await house.clock.advance(10 * MINUTE_MS);
    comesBack();
    for (let seconds = 0; seconds < 60; seconds += 1) {
      await house.clock.advance(1000);
      await ready();
    }
    expect(fleet.list().map(({ status }) => status)).toEqual(['connected', 'connected', 'connected', 'connected']);
    expect(house.browsers.breaches).toEqual([]);
  });

  test('another session looks when the one that looked is stopped, though one that is stopped comes first', async () => {
    const outage = await anOutage('at-rest', 'a', 'b', 'c');
    const { goesDown, comesBack, ready, house, supervisor, fleet, status, launchesOf } = outage;
    await fleet.disconnect('at-rest', { force: false });
    await goesDown();
    await house.clock.advance(2 * MINUTE_MS);
    const canary = ['a', 'b', 'c'].toSorted((x, y) => launchesOf(y) - launchesOf(x))[0] ?? '';
    await fleet.disconnect(canary, { force: false });
    supervisor.actors.get('at-rest')?.dispatch({ type: 'monitor' });
    await house.clock.advance(5 * MINUTE_MS);
    comesBack();
    for (let seconds = 0; seconds < 60; seconds += 1) {
      await house.clock.advance(1000);
      await ready();
    }
    for (const id of ['a', 'b', 'c']) if (id !== canary) expect(status(id)).toBe('connected ready');
    expect(fleet.get('at-rest').status).toBe('disconnected');
  });

  test('another session looks when the one that looked is removed', async () => {
    const { goesDown, comesBack, ready, house, fleet, launchesOf } = await anOutage('a', 'b');
    await goesDown();
    await house.clock.advance(2 * MINUTE_MS);
    const canary = launchesOf('a') > launchesOf('b') ? 'a' : 'b';
    await fleet.remove(canary);
    comesBack();
    for (let seconds = 0; seconds < 60; seconds += 1) {
      await house.clock.advance(1000);
      if (house.browsers.latest.spec.sessionId !== canary) await ready();
    }
    expect(fleet.list().map(({ status }) => status)).toEqual(['connected']);
  });
});

describe('when one way out is down', () => {
  test('sessions behind another one go on', async () => {
    const { supervisor, fleet, connected, client, house, launched } = aFleet();
    await supervisor.start();
    await fleet.create({ id: 'behind-proxy', proxy: 'http://proxy:8080' }, true);
    await settled();
    client('behind-proxy').ready();
    await connected('direct');
    client('behind-proxy').tell(DOWN, { type: 'socket-state', socketState: 'CONFLICT' }, DOWN);
    client('direct').tell({ type: 'browser-exited' });
    await settled();
    expect(launched().filter((id) => id === 'direct')).toHaveLength(2);
    expect(house.browsers.live('direct')).toBe(1);
  });

  test('a session that is alone in its trouble does not keep the others from trying', async () => {
    const { supervisor, connected, client, house, launched, status } = aFleet();
    await supervisor.start();
    for (const id of ['a', 'b', 'c']) await connected(id);
    house.browsers.prepare = (browser) => {
      if (browser.spec.sessionId === 'a') browser.startPlan = new ClientError('network_down', 'net::ERR_FAILED');
    };
    client('a').tell({ type: 'browser-exited' });
    await settled();
    expect(status('a')).toBe('reconnecting network_down');
    client('b').tell({ type: 'browser-exited' });
    await settled();
    expect(launched().filter((id) => id === 'b')).toHaveLength(2);
  });
});
