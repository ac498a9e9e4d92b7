import { describe, expect, test } from '@jest/globals';
import { DomainError, type ErrorCode } from '../../src/domain/error-catalogue.js';
import { settled } from '../support/fake-clock.js';
import { aFleet, aRequest } from './fleet-driver.js';

/** The code of the refusal. */
async function refusal(call: () => unknown): Promise<ErrorCode | 'no refusal'> {
  try {
    await call();
    return 'no refusal';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

async function runningFleet() {
  const made = aFleet();
  await made.supervisor.start();
  return made;
}

describe('the fleet', () => {
  test('creates a session, started or not', async () => {
    const { fleet, launched, house } = await runningFleet();
    expect(await fleet.create({ id: 'a', label: 'Sales' }, false)).toMatchObject({ status: 'idle', label: 'Sales' });
    expect(await fleet.create({ id: 'b' }, true)).toMatchObject({ status: 'connecting', desired: 'running' });
    await settled();
    expect(launched()).toEqual(['b']);
    expect(house.sessions.all().map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('tells the house what was created, changed and removed', async () => {
    const { fleet, house } = await runningFleet();
    await fleet.create({ id: 'a' }, false);
    fleet.change('a', { label: 'Sales' });
    await fleet.remove('a');
    const told = house.events.flatMap((event) =>
      event.type === 'session' ? [`${event.change} ${event.sessionId}`] : [],
    );
    expect(told).toEqual(['created a', 'changed a', 'removed a']);
  });

  test('refuses an id that is taken, also when both come at once', async () => {
    const { fleet, launched } = await runningFleet();
    const both = await Promise.all([
      refusal(() => fleet.create({ id: 'a' }, true)),
      refusal(() => fleet.create({ id: 'a' }, true)),
    ]);
    expect(both).toEqual(['no refusal', 'session_exists']);
    await settled();
    expect(launched()).toEqual(['a']);
  });

  test('refuses every question about a session that is not there', async () => {
    const { fleet } = await runningFleet();
    const calls = [
      () => fleet.get('x'),
      () => fleet.remove('x'),
      () => fleet.connect('x'),
      () => fleet.disconnect('x', { force: false }),
      () => fleet.forceReconnect('x'),
      () => fleet.logout('x'),
      () => fleet.qr('x'),
      () => fleet.send('x', aRequest()),
      () => fleet.cancelMessage('x', 'm1'),
      () => fleet.events('x', { after: 0, limit: 1 }),
    ];
    for (const call of calls) expect(await refusal(call)).toBe('session_not_found');
  });

  test('removes a session with its browser and its login', async () => {
    const { fleet, house, connected } = await runningFleet();
    await connected('a');
    await fleet.remove('a');
    expect(house.browsers.live()).toBe(0);
    expect(house.profiles.quarantined).toEqual(['a']);
    expect(fleet.list()).toEqual([]);
    expect(house.sessions.all()).toEqual([]);
    expect(await refusal(() => fleet.create({ id: 'a' }, false))).toBe('no refusal');
  });

  test('resolves a disconnect when the browser is gone, and keeps the login', async () => {
    const { fleet, house, connected } = await runningFleet();
    await connected('a');
    expect(await fleet.disconnect('a', { force: false })).toMatchObject({ status: 'disconnected', browser: null });
    expect(house.browsers.live()).toBe(0);
    expect(house.profiles.quarantined).toEqual([]);
    await fleet.disconnect('a', { force: true });
    expect(house.profiles.quarantined).toEqual(['a']);
  });

  test('gives the QR code only while it is on show', async () => {
    const { fleet, client, house } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    expect(await refusal(() => fleet.qr('a'))).toBe('no_qr');
    await settled();
    client('a').tell({ type: 'qr', text: 'one' });
    expect(fleet.qr('a')).toEqual({
      qr: 'one',
      expiresAt: new Date(house.clock.now() + 120_000).toISOString(),
    });
    client('a').ready();
    expect(await refusal(() => fleet.qr('a'))).toBe('no_qr');
  });

  test('asks for a pairing code only while it waits to be linked', async () => {
    const { fleet, client } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    await settled();
    expect(await refusal(() => fleet.pairingCode('a', '491511234567'))).toBe('not_waiting_for_scan');
    client('a').tell({ type: 'qr', text: 'one' });
    expect(await fleet.pairingCode('a', '491511234567')).toBe('ABCD-1234');
    expect(await refusal(() => fleet.pairingCode('a', '0'))).toBe('client_failed');
    client('a').ready();
    expect(await refusal(() => fleet.pairingCode('a', '491511234567'))).toBe('not_waiting_for_scan');
  });

  test('asks nothing of a page that is not there', async () => {
    const { fleet } = await runningFleet();
    await fleet.create({ id: 'a' }, false);
    for (const call of [
      () => fleet.screenshot('a'),
      () => fleet.chats('a'),
      () => fleet.contact('a', '1'),
      () => fleet.logout('a'),
    ]) {
      expect(await refusal(call)).toBe('not_connected');
    }
  });

  test('changes only the settings that a change names', async () => {
    const { fleet, house } = await runningFleet();
    await fleet.create({ id: 'a', label: 'Sales', proxy: 'http://proxy:8080' }, false);
    expect(fleet.change('a', { label: 'Support' }).label).toBe('Support');
    expect(house.sessions.all()[0]).toMatchObject({ label: 'Support', proxy: 'http://proxy:8080' });
  });

  test('counts time to recover', async () => {
    const { fleet, connected, client, house } = await runningFleet();
    await connected('a');
    client('a').tell({ type: 'browser-exited' });
    await house.clock.advance(3000);
    client('a').ready();
    expect(fleet.stats()).toMatchObject({ sessions: 1, timeToRecoverMs: { p50: 3000, p95: 3000, count: 1 } });
    expect(fleet.stats().byStatus).toMatchObject({ connected: 1, idle: 0 });
  });
});
