import { describe, expect, test } from '@jest/globals';
import { steadyPolicy } from '../support/policy.js';
import { READY, type Story, stableStory } from './story.js';

const HOUR_MS = 3_600_000;
const offline = { type: 'network-checked', reachable: false } as const;
const online = { type: 'network-checked', reachable: true } as const;

/** A stable session whose socket is gone, at the rung that looks whether WhatsApp can be reached. */
function looking(random = 0): Story {
  const told = stableStory(undefined, random);
  told.report({ type: 'socket-state', socketState: 'TIMEOUT' }).passUntilDue();
  expect(told.state).toMatchObject({ rung: 'socket', reason: 'socket_lost' });
  return told;
}

describe('B02 an outage of the network, seen by the page', () => {
  test('asks the page what it reaches before it is loaded anew', () => {
    expect(looking().effects.map(({ type }) => type)).toEqual(['reconnect-socket', 'check-network']);
  });

  test('keeps page and browser for as long as nothing reaches WhatsApp', () => {
    const told = looking();
    const { epoch } = told.state;
    for (const end = told.now + 10 * HOUR_MS; told.now < end; ) {
      told.report(offline);
      expect(told.state).toMatchObject({ rung: 'grace', reason: 'network_down', attempt: 0, epoch });
      told.passUntilDue();
      expect(told.state).toMatchObject({ rung: 'socket', reason: 'network_down' });
    }
    expect(told.launches).toEqual([epoch]);
  });

  test('tells of the outage once, however long it lasts', () => {
    const told = looking().report(offline);
    expect(told.notes.map(({ event }) => event)).toEqual(['session.healing']);
    told.passUntilDue();
    expect(told.notes).toEqual([]);
    expect(told.report(offline).notes).toEqual([]);
  });

  test('is over when the socket is back, without a new page', () => {
    const told = looking().report(offline, { type: 'socket-state', socketState: 'CONNECTED' });
    expect(told.state).toMatchObject({ status: 'connected', healed: { reason: 'socket_lost', rung: 'grace' } });
  });

  test('goes on with the ladder when WhatsApp can be reached and only the socket cannot', () => {
    const told = looking().report(online);
    expect(told.state).toMatchObject({ rung: 'socket', reason: 'socket_lost' });
    told.passUntilDue();
    expect(told.state).toMatchObject({ rung: 'reload' });
  });

  test('a page that answers nothing about the network is loaded anew after its time', () => {
    const told = looking().report(offline);
    told.passUntilDue();
    told.passUntilDue();
    expect(told.state).toMatchObject({ rung: 'reload', reason: 'network_down' });
    told.report(READY);
    expect(told.state.status).toBe('connected');
  });
});

describe('B02 the gate, closed by what another session saw', () => {
  test('keeps a page that has lost its socket from asking and from being loaded anew', () => {
    const told = stableStory().gate('closed');
    told.report({ type: 'socket-state', socketState: 'TIMEOUT' });
    for (let round = 0; round < 100; round += 1) {
      told.passUntilDue();
      expect(told.state).toMatchObject({ status: 'reconnecting', rung: 'grace', attempt: 0 });
      expect(told.effects).toEqual([]);
    }
  });

  test('keeps an attempt that is due waiting, at no cost', () => {
    const told = stableStory().gate('closed').report({ type: 'browser-exited' });
    expect(told.effects).toEqual([{ type: 'close', mode: 'kill' }]);
    for (let round = 0; round < 100; round += 1) {
      expect(told.passUntilDue()).toBe(20_000);
      expect(told.state).toMatchObject({ step: 'waiting', reason: 'browser_crashed', attempt: 0 });
    }
    expect(told.launches).toHaveLength(1);
  });

  test('lets it go on within the spread when it opens', () => {
    const told = stableStory().gate('closed').report({ type: 'browser-exited' });
    told.gate('open').tell({ type: 'gate-opened' });
    expect(told.passUntilDue()).toBeLessThanOrEqual(5000);
    expect(told.state).toMatchObject({ step: 'healing', rung: 'relaunch', attempt: 1 });
  });

  test('opens for a page that waits without a browser being touched', () => {
    const told = looking().report(offline).gate('closed');
    told.passUntilDue();
    told.gate('open').tell({ type: 'gate-opened' });
    expect(told.passUntilDue()).toBeLessThanOrEqual(5000);
    expect(told.state).toMatchObject({ rung: 'socket', reason: 'network_down' });
  });

  test.each([
    [0, 0],
    [0.25, 1250],
    [0.5, 2500],
    [0.999, 4995],
  ])('brings sessions back spread over the time that is set for it: chance %p after %p ms', (random, afterMs) => {
    expect(steadyPolicy().backoff.returnSpreadMs).toBe(5000);
    const waiting = stableStory(undefined, random).gate('closed').report({ type: 'browser-exited' });
    const inGrace = looking(random).report(offline).gate('closed');
    for (const told of [waiting, inGrace]) {
      told.gate('open').tell({ type: 'gate-opened' });
      expect(told.passUntilDue()).toBe(afterMs);
    }
    expect(waiting.state).toMatchObject({ step: 'healing', rung: 'relaunch', attempt: 1 });
    expect(inGrace.state).toMatchObject({ rung: 'socket', reason: 'network_down' });
  });

  test('spreads them over as much time as is set, and makes nobody wait longer than before', () => {
    const policy = steadyPolicy();
    const wide = { ...policy, backoff: { ...policy.backoff, returnSpreadMs: 60_000 } };
    const early = stableStory(wide, 0.1).gate('closed').report({ type: 'browser-exited' });
    expect(early.gate('open').tell({ type: 'gate-opened' }).passUntilDue()).toBe(6000);
    const late = stableStory(wide, 0.9).gate('closed').report({ type: 'browser-exited' });
    expect(late.gate('open').tell({ type: 'gate-opened' }).passUntilDue()).toBe(20_000);
  });

  test('does not keep what needs no network: a stop, a scan, a QR code that has its time', () => {
    const told = stableStory().gate('closed').tell({ type: 'stop', force: false });
    expect(told.state).toMatchObject({ status: 'disconnected', reason: 'stopped_by_operator' });
  });
});
