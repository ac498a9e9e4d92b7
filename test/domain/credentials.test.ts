import { describe, expect, test } from '@jest/globals';
import { userActionOf } from '../../src/domain/description.js';
import { REASONS, type Reason } from '../../src/domain/reason.js';
import { steadyPolicy } from '../support/policy.js';
import { comesUp, connectedStory, RESTED_MS, type Story, stableStory, story } from './story.js';

const GRACEFUL = { type: 'close', mode: 'graceful' } as const;
const QUARANTINE = { type: 'quarantine' } as const;
const DISCARD = { type: 'discard-snapshot' } as const;
const SNAPSHOT = { type: 'snapshot' } as const;

/** Every reason that leaves the login as it is; a damaged profile has lost it. */
const FAULTS = (Object.keys(REASONS) as Reason[]).filter((reason) => reason !== 'profile_corrupt');

/** The phone unlinks the device before the session was ready again. */
function unlinkedAgain(told: Story): Story {
  return told.tell({ type: 'start' }).report({ type: 'admitted' }, { type: 'injected' }, { type: 'logged-out' });
}

describe('R17 a logout', () => {
  test.each([
    ['logged-out', 'logged_out'],
    ['auth-failed', 'auth_failed'],
  ] as const)('%s disconnects, is not retried and asks for a scan', (type, reason) => {
    const told = stableStory().report({ type });
    expect(told.state).toMatchObject({ status: 'disconnected', reason, linked: false, credentials: { failures: 1 } });
    expect(told.effects).toEqual([GRACEFUL, DISCARD]);
    expect(userActionOf(told.state)).toBe('scan_qr');
    expect(told.pass(RESTED_MS).tell({ type: 'monitor' }).launches).toEqual([1]);
  });

  test('by our own hand tells WhatsApp first, then closes, and wants nothing more', () => {
    const told = stableStory().tell({ type: 'logout' });
    expect(told.effects).toEqual([{ type: 'logout', epoch: 1 }, GRACEFUL, DISCARD]);
    expect(told.state).toMatchObject({
      status: 'disconnected',
      reason: 'logged_out',
      desired: 'stopped',
      linked: false,
    });
    const { state } = told;
    expect(told.report({ type: 'logged-out' }).state).toBe(state);
    expect(told.tell({ type: 'logout' }).state).toBe(state);
  });
});

describe('R14 R15 the count of credential failures', () => {
  test('quarantines the profile at the third in a row, after the browser is closed, and starts anew', () => {
    const told = stableStory().report({ type: 'logged-out' });
    expect(unlinkedAgain(told).state.credentials.failures).toBe(2);
    expect(told.effects).toEqual([GRACEFUL, DISCARD]);
    unlinkedAgain(told);
    expect(told.effects).toEqual([GRACEFUL, DISCARD, QUARANTINE]);
    expect(told.state).toMatchObject({ status: 'disconnected', credentials: { failures: 0, lastFailureAt: told.now } });
    expect(told.notes.find(({ event }) => event === 'session.credentials_failed')?.data).toEqual({
      failures: 3,
      discardAfter: 3,
      discard: true,
    });
  });

  test('quarantines at the first with the preset patient', () => {
    expect(stableStory(steadyPolicy('patient')).report({ type: 'logged-out' }).effects).toEqual([
      GRACEFUL,
      DISCARD,
      QUARANTINE,
    ]);
  });

  test('is reset by a connection, but the time of the last failure stays known', () => {
    const told = stableStory().report({ type: 'logged-out' });
    const failedAt = told.now;
    comesUp(told.pass(1000).tell({ type: 'start' }));
    expect(told.state.credentials).toEqual({ failures: 0, lastFailureAt: failedAt });
  });

  test('grows when a linked profile shows a QR code, and nothing is discarded under the running browser', () => {
    const told = connectedStory(steadyPolicy('patient')).tell({ type: 'force-reconnect' });
    told.report({ type: 'admitted' }, { type: 'injected' }, { type: 'qr', text: 'one' });
    expect(told.state).toMatchObject({ status: 'qr_pending', reason: 'auth_failed', linked: false });
    expect(told.effects).toEqual([DISCARD]);
    expect(told.notes.find(({ event }) => event === 'session.credentials_failed')?.data).toMatchObject({
      discard: false,
    });
    expect(told.notes.map(({ event }) => event)).toEqual(['session.credentials_failed', 'session.qr_shown']);
    const standard = connectedStory().tell({ type: 'force-reconnect' });
    standard.report({ type: 'admitted' }, { type: 'injected' }, { type: 'qr', text: 'one' });
    expect(standard.state.credentials.failures).toBe(1);
    expect(standard.report({ type: 'qr', text: 'two' }).state.credentials.failures).toBe(1);
  });

  test('does not grow when a profile that was never linked shows a QR code', () => {
    const told = story().tell({ type: 'start' }).report({ type: 'admitted' }, { type: 'qr', text: 'one' });
    expect(told.state.credentials).toEqual({ failures: 0, lastFailureAt: null });
  });

  test.each(FAULTS)('a failure for %s never costs the credentials', (reason) => {
    const told = stableStory(steadyPolicy('patient')).tell({ type: 'force-reconnect' });
    told.report({ type: 'admitted' }, { type: 'failed', reason, detail: 'simulated' });
    expect(told.state).toMatchObject({ linked: true, credentials: { failures: 0 } });
    expect(told.effects).not.toContainEqual(QUARANTINE);
  });

  test('ten crashes never cost the credentials', () => {
    const told = stableStory(steadyPolicy('patient'));
    for (let crash = 0; crash < 10; crash += 1) {
      told.report({ type: 'browser-exited' });
      if (told.effects.every(({ type }) => type !== 'launch')) told.passUntilDue();
      expect(comesUp(told).state.status).toBe('connected');
    }
    expect(told.state).toMatchObject({ linked: true, credentials: { failures: 0 } });
  });
});

describe('R16 disconnecting', () => {
  test('keeps the credentials', () => {
    const told = stableStory().tell({ type: 'stop', force: false });
    expect(told.effects).toEqual([GRACEFUL, SNAPSHOT]);
    expect(told.state).toMatchObject({ status: 'disconnected', reason: 'stopped_by_operator', linked: true });
  });

  test('by force discards them at once, after the browser is closed, and resets the count', () => {
    const told = stableStory().report({ type: 'logged-out' });
    comesUpUnlinked(told).tell({ type: 'stop', force: true });
    expect(told.effects).toEqual([GRACEFUL, QUARANTINE]);
    expect(told.state).toMatchObject({ linked: false, credentials: { failures: 0, lastFailureAt: null } });
  });

  test('by force works on a session that is down already', () => {
    const told = stableStory().tell({ type: 'stop', force: false }).tell({ type: 'stop', force: true });
    expect(told.effects).toEqual([QUARANTINE]);
    expect(told.state).toMatchObject({ status: 'disconnected', reason: 'stopped_by_operator', linked: false });
  });
});

function comesUpUnlinked(told: Story): Story {
  return told.tell({ type: 'start' }).report({ type: 'admitted' }, { type: 'qr', text: 'one' });
}
