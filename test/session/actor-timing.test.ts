import { describe, expect, test } from '@jest/globals';
import { ClientError } from '../../src/domain/ports.js';
import { HEALTHY } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { aSession } from './session-driver.js';

describe('the probes of a session', () => {
  test('begin when it is connected: what was seen before the login is no suspicion', async () => {
    const { house, actor, tell, client, status } = aSession();
    house.browsers.prepare = (made) => {
      made.nextProbe = () => ({ ...HEALTHY, socketState: 'UNPAIRED' });
    };
    actor.dispatch({ type: 'start' });
    await settled();
    await tell({ type: 'qr', text: 'one' });
    await house.clock.advance(60_000);
    expect(house.logger.count('probe.miss')).toBe(0);
    client().ready();
    await house.clock.advance(12_000);
    expect(status()).toBe('connected');
    await house.clock.advance(3000);
    expect(status()).toBe('reconnecting/grace');
  });

  test('find a page that hangs, and the ladder goes up to a new browser', async () => {
    const { connect, house, status, launches } = aSession();
    const client = await connect();
    client.nextProbe = () => ({ ...HEALTHY, pageAnswered: false });
    client.reloadPlan = 'hangs';
    await house.clock.advance(30_000);
    expect(status()).toBe('reconnecting/reload');
    await house.clock.advance(45_000);
    expect(launches()).toBe(2);
    expect(house.browsers.breaches).toEqual([]);
  });

  test('find a socket that came back by itself', async () => {
    const { connect, house, tell, status } = aSession();
    await connect();
    await tell({ type: 'socket-state', socketState: 'OPENING' });
    expect(status()).toBe('reconnecting/grace');
    await house.clock.advance(19_000);
    expect(status()).toBe('connected');
  });

  test('end with the browser', async () => {
    const { connect, house, actor } = aSession();
    const client = await connect();
    actor.dispatch({ type: 'stop', force: false });
    await actor.settled();
    const before = client.calls.length;
    await house.clock.advance(120_000);
    expect(client.calls).toHaveLength(before);
  });
});

describe('the timer of a session', () => {
  test('wakes it when something is due, and rests when nothing is', async () => {
    const { connect, house, actor } = aSession();
    await connect();
    expect(actor.state).toMatchObject({ status: 'connected', stable: false });
    await house.clock.advance(30_000);
    expect(actor.state).toMatchObject({ status: 'connected', stable: true });
    actor.dispatch({ type: 'stop', force: false });
    await actor.settled();
    expect(house.clock.pending).toBe(0);
  });

  test('is set again when it came early, without a busy loop', async () => {
    const { house, actor, launches } = aSession();
    house.browsers.prepare = (made, launch) => {
      if (launch === 1) made.startPlan = new ClientError('init_timeout', 'slow');
    };
    actor.dispatch({ type: 'start' });
    await settled();
    await house.clock.fireEarly();
    expect(launches()).toBe(1);
    expect(house.clock.pending).toBe(1);
    await house.clock.advance(1);
    expect(launches()).toBe(2);
    expect(house.clock.fired).toBe(1);
  });

  test('ends a launch that hangs at its deadline', async () => {
    const { house, actor, launches } = aSession();
    house.browsers.prepare = (made) => {
      made.startPlan = 'hangs';
    };
    actor.dispatch({ type: 'start' });
    await house.clock.advance(135_000);
    expect(actor.state).toMatchObject({ status: 'reconnecting', reason: 'init_timeout' });
    expect(house.browsers.live()).toBe(0);
    expect(launches()).toBe(1);
  });
});
