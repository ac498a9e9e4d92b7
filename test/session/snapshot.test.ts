import { describe, expect, test } from '@jest/globals';
import { settled } from '../support/fake-clock.js';
import { aSession, type Session } from './session-driver.js';

/** A linked session that was stopped cleanly. */
async function aStopped(): Promise<Session> {
  const session = aSession();
  await session.connect();
  session.actor.dispatch({ type: 'stop', force: false });
  await session.actor.settled();
  return session;
}

const eventsOf = ({ house }: Session) =>
  house.timeline.list('sales', { after: 0, limit: 999 }).map(({ event }) => event);

describe('the copy of a login', () => {
  test('is taken when a connected session is stopped, never under its browser', async () => {
    const { house } = await aStopped();
    expect([...house.profiles.snapshots]).toEqual(['sales']);
    expect(house.browsers.breaches).toEqual([]);
  });

  test('is taken at the end of the service', async () => {
    const session = aSession();
    await session.connect();
    await session.actor.stop();
    expect([...session.house.profiles.snapshots]).toEqual(['sales']);
    expect(session.house.browsers.breaches).toEqual([]);
  });

  test('is not taken of a session that was not connected', async () => {
    const session = aSession();
    session.actor.dispatch({ type: 'start' });
    await settled();
    await session.actor.stop();
    expect([...session.house.profiles.snapshots]).toEqual([]);
  });

  test('that cannot be taken stops nothing', async () => {
    const session = aSession();
    await session.connect();
    session.house.profiles.snapshot = async () => {
      throw new Error('ENOSPC');
    };
    await session.actor.stop();
    expect(session.house.browsers.live()).toBe(0);
  });

  test('heals a damaged profile', async () => {
    const session = await aStopped();
    const { house, actor } = session;
    house.profiles.corrupt.add('sales');
    actor.dispatch({ type: 'start' });
    await settled();
    await house.clock.advance(0);
    expect(session.status()).toBe('reconnecting/snapshot');
    await session.tell({ type: 'ready', phoneNumber: '4915112345678', webVersion: '2.3000.1' });
    expect(actor.state).toMatchObject({ status: 'connected', healed: { reason: 'profile_corrupt', rung: 'snapshot' } });
    expect(house.profiles.restored).toEqual(['sales']);
    expect(eventsOf(session)).toContain('session.snapshot_restored');
    expect(house.browsers.breaches).toEqual([]);
  });

  test('that is missing leaves a damaged profile to the quarantine and to a person', async () => {
    const session = await aStopped();
    const { house, actor } = session;
    house.profiles.corrupt.add('sales');
    house.profiles.snapshots.clear();
    actor.dispatch({ type: 'start' });
    await settled();
    await actor.settled();
    expect(actor.state).toMatchObject({ status: 'disconnected', reason: 'profile_corrupt', linked: false });
    expect(house.profiles.quarantined).toEqual(['sales']);
  });

  test('is gone after a logout', async () => {
    const session = await aStopped();
    await session.connect();
    await session.tell({ type: 'logged-out' });
    await session.actor.settled();
    expect([...session.house.profiles.snapshots]).toEqual([]);
  });
});
