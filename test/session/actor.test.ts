import { describe, expect, test } from '@jest/globals';
import { ClientError } from '../../src/domain/ports.js';
import { HEALTHY } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { anIncoming } from '../support/fake-whatsapp.js';
import { aSession } from './session-driver.js';

describe('a session', () => {
  test('comes up through admission, page, QR code and scan', async () => {
    const { house, actor, tell, client, status } = aSession();
    actor.dispatch({ type: 'start' });
    expect(actor.state).toMatchObject({ status: 'connecting', stage: 'launching', deadlineAt: null });
    await settled();
    expect(actor.state).toMatchObject({ status: 'connecting', stage: 'syncing' });
    await tell({ type: 'qr', text: 'one' });
    expect(status()).toBe('qr_pending');
    await tell({ type: 'authenticated' });
    expect(status()).toBe('connecting');
    await tell({ type: 'ready', phoneNumber: '491600000000', webVersion: '2.3000.1' });
    expect(status()).toBe('connected');
    expect(actor.record.facts).toMatchObject({
      phoneNumber: '491600000000',
      webVersion: '2.3000.1',
      lastQrScanAt: house.clock.now(),
    });
    expect(client().calls).toContain('start');
    expect(house.sessions.all()[0]?.state).toEqual(actor.state);
  });

  test('makes one browser of twenty starts at once', async () => {
    const { house, actor, launches, status } = aSession();
    for (let i = 0; i < 20; i += 1) actor.dispatch({ type: 'start' });
    await settled();
    expect(launches()).toBe(1);
    expect(house.browsers.live()).toBe(1);
    expect(status()).toBe('connecting');
  });

  test('never has two browsers in a storm of forced reconnects, and ends with one', async () => {
    const { house, actor, client, status } = aSession();
    house.browsers.prepare = (made) => {
      made.startPlan = 'hangs';
    };
    for (let i = 0; i < 30; i += 1) {
      actor.dispatch({ type: 'force-reconnect' });
      if (i % 3 === 0) await settled();
    }
    await settled();
    expect(house.browsers.live()).toBe(1);
    client().letGo();
    await settled();
    client().ready();
    expect(status()).toBe('connected');
    expect(house.browsers.breaches).toEqual([]);
  });

  test('launches again at once when its browser dies', async () => {
    const { connect, tell, launches, status, client } = aSession();
    await connect();
    await tell({ type: 'browser-exited' });
    expect(launches()).toBe(2);
    client().ready();
    expect(status()).toBe('connected');
  });

  test('drops what an old browser still says', async () => {
    const { connect, tell, actor, launches } = aSession();
    const old = await connect();
    await tell({ type: 'browser-exited' });
    const before = actor.state;
    old.tell({ type: 'browser-exited' }, { type: 'logged-out' }, { type: 'qr', text: 'x' }, { type: 'page-crashed' });
    old.ready();
    await settled();
    expect(actor.state).toEqual(before);
    expect(launches()).toBe(2);
  });

  test('tries again later when the browser cannot be started, and gives up for what only a person can mend', async () => {
    const { house, actor, status, launches } = aSession();
    house.browsers.prepare = (made, launch) => {
      made.startPlan = launch === 1 ? new ClientError('init_timeout', 'slow') : new ClientError('banned', 'TOS');
    };
    actor.dispatch({ type: 'start' });
    await settled();
    expect(status()).toBe('reconnecting/waiting');
    await house.clock.advance(5000);
    expect(launches()).toBe(2);
    expect(actor.state).toMatchObject({ status: 'error', reason: 'banned' });
  });

  test('takes a throw that nobody foresaw for a launch that failed', async () => {
    const { house, actor, status } = aSession();
    house.browsers.prepare = () => {
      throw new TypeError('a bug');
    };
    actor.dispatch({ type: 'start' });
    await settled();
    expect(status()).toBe('reconnecting/waiting');
    expect(actor.state.reason).toBe('launch_failed');
    expect(house.logger.lines.filter(({ message }) => message.includes('a bug')).length).toBeGreaterThan(0);
  });

  test('says why when its profile belongs to somebody else', async () => {
    const { house, actor } = aSession();
    house.profiles.prepareFails = new ClientError('profile_in_use', 'held by pid 1 of another host');
    actor.dispatch({ type: 'start' });
    await settled();
    expect(actor.state).toMatchObject({ status: 'error', reason: 'profile_in_use' });
    expect(house.browsers.clients).toEqual([]);
  });

  test('lets a logout finish before it closes the browser', async () => {
    const { connect, actor, house } = aSession();
    const client = await connect();
    client.logoutPlan = 'hangs';
    actor.dispatch({ type: 'logout' });
    await settled();
    expect(client.calls.at(-1)).toBe('logout');
    client.letGo();
    await actor.settled();
    expect(client.calls.slice(-2)).toEqual(['logged out', 'close graceful']);
    expect(house.browsers.live()).toBe(0);
    expect(actor.state).toMatchObject({ status: 'disconnected', reason: 'logged_out' });
  });

  test('does not let a send that hangs hold up a logout', async () => {
    const { connect, actor, accept } = aSession();
    const client = await connect();
    client.nextSend = () => 'hangs';
    accept('hello');
    await settled();
    actor.dispatch({ type: 'logout' });
    await actor.settled();
    expect(client.calls).toContain('logged out');
  });

  test('loads a page that hangs again although a send hangs in it', async () => {
    const { connect, actor, accept, tell } = aSession();
    const client = await connect();
    client.nextSend = () => 'hangs';
    accept('hello');
    await settled();
    await tell({ type: 'page-crashed' });
    expect(actor.state).toMatchObject({ status: 'reconnecting', rung: 'reload' });
    expect(client.calls.at(-1)).toBe('reload');
  });

  test('heals although nothing can be written down', async () => {
    const { connect, house, tell, client, launches, status } = aSession();
    await connect();
    house.sessions.broken = true;
    house.timeline.broken = true;
    house.outbox.broken = true;
    house.inbox.broken = true;
    await tell({ type: 'browser-exited' });
    expect(launches()).toBe(2);
    client().ready();
    await settled();
    expect(status()).toBe('connected');
    expect(house.logger.lines.some(({ level }) => level === 'error')).toBe(true);
  });

  test('stores what could not be stored with the next event, though nothing changes any more', async () => {
    const { connect, house, actor } = aSession();
    await connect();
    house.sessions.broken = true;
    actor.dispatch({ type: 'stop', force: false });
    await actor.settled();
    house.sessions.broken = false;
    actor.dispatch({ type: 'monitor' });
    expect(house.sessions.all()[0]?.state).toEqual(actor.state);
  });

  test('moves the profile away only after the browser is closed', async () => {
    const { connect, house, actor } = aSession();
    const client = await connect();
    client.closePlan = 'hangs';
    actor.dispatch({ type: 'stop', force: true });
    await settled();
    expect(house.profiles.quarantined).toEqual([]);
    client.letGo();
    await actor.settled();
    expect(house.profiles.quarantined).toEqual(['sales']);
    expect(house.browsers.breaches).toEqual([]);
  });

  test('takes a forced start in front of a QR code for no scan', async () => {
    const { actor, tell } = aSession();
    actor.dispatch({ type: 'start' });
    await settled();
    await tell({ type: 'qr', text: 'one' });
    actor.dispatch({ type: 'force-reconnect' });
    await settled();
    expect(actor.record.facts.lastQrScanAt).toBeNull();
  });

  test('keeps settings as they were when they cannot be stored', () => {
    const { house, actor } = aSession();
    house.sessions.broken = true;
    expect(() => actor.changeSettings({ label: 'Sales', webhook: null, proxy: null })).toThrow('SQLITE_FULL');
    expect(actor.record.label).toBeNull();
  });

  test('reads what came while it was away, and tries again until the page can be read', async () => {
    const { connect, house, client, tell } = aSession();
    await connect();
    await tell({ type: 'browser-exited' });
    house.browsers.whatsapp('sales').received.push(anIncoming('missed', house.clock.now()));
    const names = () => house.inbox.list('sales', { after: 0, limit: 9 }).map(({ message }) => message.id);
    client().catchUpPlan = new Error('the page is busy');
    client().ready();
    await house.clock.advance(30_000);
    expect(names()).toEqual([]);
    client().catchUpPlan = 'works';
    await house.clock.advance(300_000);
    expect(names()).toEqual(['missed']);
  });

  test('reads again when the page has synced, which may be after its socket is back', async () => {
    const { connect, house, tell } = aSession();
    await connect();
    await tell({ type: 'socket-state', socketState: 'TIMEOUT' });
    await tell({ type: 'socket-state', socketState: 'CONNECTED' });
    house.browsers.whatsapp('sales').received.push(anIncoming('came with the sync', house.clock.now()));
    await tell({ type: 'synced' });
    const names = house.inbox.list('sales', { after: 0, limit: 9 }).map(({ message }) => message.id);
    expect(names).toEqual(['came with the sync']);
  });

  test('looks once more a while later, should the page not tell that it has synced', async () => {
    const { connect, house } = aSession();
    await connect();
    house.browsers.whatsapp('sales').received.push(anIncoming('late', house.clock.now()));
    await house.clock.advance(15_000);
    const names = house.inbox.list('sales', { after: 0, limit: 9 }).map(({ message }) => message.id);
    expect(names).toEqual(['late']);
  });

  test('reads an outage to its beginning although messages come before the page is ready', async () => {
    const { connect, house, actor, client, tell } = aSession();
    const first = await connect();
    first.spec.onMessage(anIncoming('before', house.clock.now()));
    await tell({ type: 'logged-out' });
    const { received } = house.browsers.whatsapp('sales');
    received.push(anIncoming('missed', house.clock.now() + 60_000));
    await house.clock.advance(3_600_000);
    actor.dispatch({ type: 'start' });
    await settled();
    client().spec.onMessage(anIncoming('live', house.clock.now()));
    client().ready();
    await settled();
    const names = house.inbox.list('sales', { after: 0, limit: 9 }).map(({ message }) => message.id);
    expect(names).toEqual(['before', 'missed', 'live']);
  });

  test.each([
    { socketState: 'CONFLICT', call: 'takeOver', afterMs: 0 },
    { socketState: 'OPENING', call: 'reconnectSocket', afterMs: 20_000 },
  ] as const)('lets a send that hangs give way to $call', async ({ socketState, call, afterMs }) => {
    const { house, connect, accept, tell } = aSession();
    const client = await connect();
    client.nextSend = () => 'hangs';
    client.nextProbe = () => ({ ...HEALTHY, socketState });
    client.nextProbe = () => ({ ...HEALTHY, socketState });
    accept('large');
    await settled();
    await tell({ type: 'socket-state', socketState });
    await house.clock.advance(afterMs);
    expect(client.calls).toContain(call);
    expect(house.browsers.breaches).toEqual([]);
  });
});
