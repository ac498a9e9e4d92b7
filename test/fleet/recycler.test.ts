import { describe, expect, test } from '@jest/globals';
import { settled } from '../support/fake-clock.js';
import { buildHouse, steadyConfig } from '../support/fake-house.js';
import { anIncoming } from '../support/fake-whatsapp.js';
import { aFleet } from './fleet-driver.js';

const MB = 2 ** 20;
const MINUTE_MS = 60_000;
const CUSTOMER = '491511234567@c.us';

/** Sessions that are connected, calm and idle, in a fleet that looks at them once a minute. */
async function anIdleFleet(...ids: string[]) {
  const made = aFleet();
  await made.supervisor.start();
  for (const id of ids) await made.connected(id);
  await made.house.clock.advance(2 * MINUTE_MS);
  const launches = (id: string) => made.launched().filter((launched) => launched === id).length;
  return {
    ...made,
    launches,
    size: (id: string, megabytes: number) => made.machine.browserBytes.set(id, megabytes * MB),
    /** The next look of the monitor, and everything that follows at once. */
    look: () => made.house.clock.advance(MINUTE_MS),
    timeline: (id: string) => made.fleet.events(id, { after: 0, limit: 999 }).map(({ event }) => event),
    accept: async (id: string, text: string) =>
      (await made.fleet.send(id, { to: CUSTOMER, content: { type: 'text', text } })).message,
  };
}

describe('B08 a browser that has grown too large', () => {
  test('is replaced, closed cleanly, its login kept, without an outage in the figures', async () => {
    const { look, size, client, launches, house, status, timeline, fleet } = await anIdleFleet('shop', 'other');
    const old = client('shop');
    const since = fleet.get('other').since;
    size('shop', 1600);
    await look();
    expect(old.calls.filter((call) => call.startsWith('close'))).toEqual(['close graceful']);
    expect([...house.profiles.snapshots]).toEqual(['shop']);
    expect(status('shop')).toBe('connecting recycled');
    client('shop').ready();
    await settled();
    expect(status('shop')).toBe('connected ready');
    expect(launches('shop')).toBe(2);
    expect(timeline('shop')).not.toContain('session.lost');
    expect(timeline('shop').slice(-3)).toEqual(['session.recycled', 'session.starting', 'session.connected']);
    expect(fleet.stats().timeToRecoverMs.count).toBe(0);
    expect(fleet.get('other')).toMatchObject({ status: 'connected', since });
    expect(house.browsers.breaches).toEqual([]);
  });

  test('is not replaced while it is in use', async () => {
    const { look, size, client, launches, house } = await anIdleFleet('shop');
    size('shop', 1600);
    for (let minute = 0; minute < 5; minute += 1) {
      await house.clock.advance(MINUTE_MS - 1000);
      client('shop').spec.onMessage(anIncoming(`m${minute}`, house.clock.now()));
      await house.clock.advance(1000);
    }
    expect(launches('shop')).toBe(1);
    await look();
    expect(launches('shop')).toBe(2);
  });

  test('is replaced once an hour at most', async () => {
    const { look, size, client, launches, house } = await anIdleFleet('shop');
    size('shop', 1600);
    await look();
    client('shop').ready();
    await house.clock.advance(59 * MINUTE_MS);
    expect(launches('shop')).toBe(2);
    await house.clock.advance(2 * MINUTE_MS);
    expect(launches('shop')).toBe(3);
  });

  test('loses no message: what came meanwhile is read, what was accepted meanwhile is sent, each once', async () => {
    const { look, size, client, house, fleet, accept } = await anIdleFleet('shop');
    const old = client('shop');
    old.closePlan = 'hangs';
    size('shop', 1600);
    await look();
    const whatsapp = house.browsers.whatsapp('shop');
    whatsapp.received.push(anIncoming('in the close', house.clock.now()));
    const first = await accept('shop', 'accepted in the close');
    old.letGo();
    await settled();
    whatsapp.received.push(anIncoming('in the start', house.clock.now()));
    const second = await accept('shop', 'accepted in the start');
    await settled();
    expect([first, second].map(({ id }) => fleet.message('shop', id).status)).toEqual(['queued', 'queued']);
    client('shop').nextSend = () => 'acked';
    client('shop').ready();
    await house.clock.advance(20_000);
    expect(whatsapp.texts).toEqual(['accepted in the close', 'accepted in the start']);
    expect([first, second].map(({ id }) => fleet.message('shop', id).status)).toEqual(['sent', 'sent']);
    const read = fleet.inbox('shop', { after: 0, limit: 9 }).items.map(({ id }) => id);
    expect(read.toSorted()).toEqual(['in the close', 'in the start']);
  });
});

describe('B08 a browser that leaks', () => {
  test('is replaced although its session is busy, but not before the message is handed over', async () => {
    const { look, size, client, launches, house, accept } = await anIdleFleet('shop');
    const old = client('shop');
    old.nextSend = (text) => (text === 'one' ? 'hangs' : 'acked');
    size('shop', 2300);
    await accept('shop', 'one');
    await accept('shop', 'two');
    await settled();
    house.clock.schedule(MINUTE_MS - 1, () => void accept('shop', 'three'));
    await look();
    expect(launches('shop')).toBe(1);
    expect(old.life).toBe('running');
    old.letGo();
    await settled();
    expect(launches('shop')).toBe(2);
    expect(house.browsers.whatsapp('shop').texts).toEqual(['one']);
    client('shop').nextSend = () => 'acked';
    client('shop').ready();
    await house.clock.advance(MINUTE_MS);
    expect(house.browsers.whatsapp('shop').texts).toEqual(['one', 'two', 'three']);
  });

  test('is left to the recovery when it ends while that message is waited for', async () => {
    const { look, size, client, launches, accept, timeline } = await anIdleFleet('shop');
    const old = client('shop');
    old.nextSend = () => 'hangs';
    size('shop', 2300);
    await accept('shop', 'one');
    await look();
    old.tell({ type: 'browser-exited' });
    await settled();
    client('shop').ready();
    await settled();
    expect(launches('shop')).toBe(2);
    expect(timeline('shop')).not.toContain('session.recycled');
  });
});

describe('the fleet', () => {
  test('replaces one browser at a time when they have run for a day, the oldest first', async () => {
    const { house, launches, client } = await anIdleFleet('older', 'younger');
    await house.clock.advance(24 * 3_600_000 - 2 * MINUTE_MS);
    house.browsers.prepare = (made) => {
      made.startPlan = 'hangs';
    };
    await house.clock.advance(2 * MINUTE_MS);
    expect([launches('older'), launches('younger')]).toEqual([2, 1]);
    client('older').letGo();
    await settled();
    client('older').ready();
    await house.clock.advance(MINUTE_MS);
    expect([launches('older'), launches('younger')]).toEqual([2, 2]);
  });

  test('replaces none while a number is on its way back', async () => {
    const { look, size, client, launches, house } = await anIdleFleet('shop', 'other');
    size('shop', 1600);
    await house.clock.advance(MINUTE_MS - 1000);
    client('other').tell({ type: 'browser-exited' });
    await house.clock.advance(1000);
    expect(launches('shop')).toBe(1);
    client('other').ready();
    await look();
    expect(launches('shop')).toBe(2);
  });

  test('replaces none, and measures none, without limits', async () => {
    const config = steadyConfig();
    const made = aFleet({
      house: buildHouse({
        config: { ...config, browser: { ...config.browser, maxMemoryMb: null, maxAgeHours: null } },
      }),
    });
    made.machine.browserBytes.set('shop', 9000 * MB);
    await made.supervisor.start();
    await made.connected('shop');
    await made.house.clock.advance(72 * 3_600_000);
    expect(made.launched()).toEqual(['shop']);
  });

  test('goes on looking after a round in which the database was broken', async () => {
    const { look, size, launches, house } = await anIdleFleet('shop');
    size('shop', 1600);
    const { hasOpen } = house.outbox;
    house.outbox.hasOpen = () => {
      throw new Error('disk I/O error');
    };
    await look();
    expect(launches('shop')).toBe(1);
    expect(house.logger.lines.some(({ level }) => level === 'error')).toBe(true);
    house.outbox.hasOpen = hasOpen;
    await look();
    expect(launches('shop')).toBe(2);
  });

  test('tells the memory of its browsers and of the machine', async () => {
    const { fleet, machine, size } = await anIdleFleet('shop', 'other');
    size('shop', 400);
    size('other', 100);
    expect(fleet.stats().memory).toEqual({ availableBytes: null, browsersBytes: 500 * MB });
    machine.availableBytes = 7;
    expect(fleet.stats().memory.availableBytes).toBe(7);
  });

  test('starts a session that waited for memory when there is some, and stops one that waits', async () => {
    const { machine, fleet, launched, house } = await anIdleFleet('shop');
    machine.availableBytes = 0;
    for (const id of ['patient', 'stopped']) await fleet.create({ id }, true);
    await house.clock.advance(10 * MINUTE_MS);
    expect(fleet.get('patient')).toMatchObject({
      status: 'connecting',
      message: expect.stringMatching(/waits for its turn/),
    });
    expect(await fleet.disconnect('stopped', { force: false })).toMatchObject({ status: 'disconnected' });
    machine.availableBytes = 400 * MB;
    await house.clock.advance(2000);
    expect(launched()).toEqual(['shop', 'patient']);
  });
});
