import { describe, expect, test } from '@jest/globals';
import { ClientError } from '../../src/domain/ports.js';
import { settled } from '../support/fake-clock.js';
import { aFleet } from './fleet-driver.js';

describe('the end of the service', () => {
  test('by somebody else: from then on no session begins, decides or stores anything', async () => {
    const { supervisor, house, connected, client, launched } = aFleet();
    await supervisor.start();
    await connected('a');
    const stored = JSON.stringify(house.sessions.all());
    supervisor.abandon();
    client('a').tell({ type: 'browser-exited' });
    await house.clock.advance(600_000);
    expect(launched()).toEqual(['a']);
    expect(JSON.stringify(house.sessions.all())).toBe(stored);
    expect(supervisor.browsers()).toHaveLength(1);
  });

  test('counts a browser that is being closed among those that live', async () => {
    const { supervisor, connected, client } = aFleet();
    await supervisor.start();
    await connected('a');
    client('a').closePlan = 'hangs';
    const stopped = supervisor.stop();
    await settled();
    expect(supervisor.browsers()).toHaveLength(1);
    client('a').letGo();
    await stopped;
    expect(supervisor.browsers()).toEqual([]);
  });

  test('closes every browser at the same time and is over when none lives', async () => {
    const { supervisor, house, connected } = aFleet();
    await supervisor.start();
    const clients = [await connected('a'), await connected('b'), await connected('c')];
    for (const client of clients) client.closePlan = 'hangs';
    let over = false;
    const stopped = supervisor.stop().then(() => {
      over = true;
    });
    await settled();
    expect(clients.map(({ life }) => life)).toEqual(['closing', 'closing', 'closing']);
    expect(over).toBe(false);
    for (const client of clients) client.letGo();
    await stopped;
    expect(house.browsers.live()).toBe(0);
    expect(house.clock.pending).toBe(0);
    expect(house.sessions.all().map(({ state }) => state.status)).toEqual(['connected', 'connected', 'connected']);
  });

  test('closes the others when one cannot be closed', async () => {
    const { supervisor, house, connected } = aFleet();
    await supervisor.start();
    (await connected('a')).closePlan = new ClientError('browser_hung', 'it does not end');
    await connected('b');
    await supervisor.stop();
    expect(house.browsers.live('b')).toBe(0);
  });
});
