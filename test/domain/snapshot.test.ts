import { describe, expect, test } from '@jest/globals';
import { describeState, userActionOf } from '../../src/domain/description.js';
import type { Reason } from '../../src/domain/reason.js';
import { READY, RESTED_MS, type Report, type Story, stableStory } from './story.js';

const KILL = { type: 'close', mode: 'kill' } as const;
const GRACEFUL = { type: 'close', mode: 'graceful' } as const;
const SNAPSHOT = { type: 'snapshot' } as const;
const RESTORE = { type: 'restore-snapshot' } as const;
const QUARANTINE = { type: 'quarantine' } as const;
const CORRUPT: Report = { type: 'failed', reason: 'profile_corrupt', detail: 'CURRENT is missing' };
const QR: Report = { type: 'qr', text: 'one' };
const failed = (reason: Reason): Report => ({ type: 'failed', reason, detail: 'simulated' });

/** A linked session that was stopped, with or without a copy of its login, starts again. */
function startsAgain(hasSnapshot = true): Story {
  const told = stableStory().tell({ type: 'stop', force: false }).tell({ type: 'start' });
  return told.report({ type: 'admitted', hasSnapshot });
}

/** The copy is in the profile, and the next browser is launched on it. */
function launchesRestored(told: Story): Story {
  expect(told.tell({ type: 'snapshot-restored' }).notes.map(({ event }) => event)).toEqual([
    'session.snapshot_restored',
  ]);
  told.passUntilDue();
  return told.report({ type: 'admitted', hasSnapshot: true });
}

describe('the last good copy of a login is kept', () => {
  test.each<[string, () => Story]>([
    ['a stop', () => stableStory().tell({ type: 'stop', force: false })],
    ['a forced start', () => stableStory().tell({ type: 'force-reconnect' })],
  ])('after %s of a connected session', (_what, happens) => {
    expect(happens().effects.slice(0, 2)).toEqual([GRACEFUL, SNAPSHOT]);
  });

  test.each<[string, () => Story]>([
    ['a crash', () => stableStory().report({ type: 'browser-exited' })],
    ['a session that is only starting', () => startsAgain().tell({ type: 'stop', force: false })],
    ['a logout', () => stableStory().report({ type: 'logged-out' })],
    ['our own logout', () => stableStory().tell({ type: 'logout' })],
    ['a disconnect by force', () => stableStory().tell({ type: 'stop', force: true })],
    ['a ban', () => stableStory().report(failed('banned'))],
  ])('but not after %s', (_what, happens) => {
    expect(happens().effects).not.toContainEqual(SNAPSHOT);
  });
});

describe('a damaged profile', () => {
  test('is healed by the copy at once, without a person, and says so', () => {
    const told = startsAgain().report(CORRUPT);
    expect(told.effects).toEqual([KILL, RESTORE]);
    expect(told.state).toMatchObject({
      status: 'reconnecting',
      step: 'waiting',
      reason: 'profile_corrupt',
      dueAt: told.now,
    });
    expect(userActionOf(told.state)).toBe('none');
    launchesRestored(told);
    expect(told.state).toMatchObject({ rung: 'snapshot', attempt: 1, linked: true });
    expect(describeState(told.state, told.now)).toContain('last good copy of the login');
    told.report({ type: 'injected' }, READY);
    expect(told.state).toMatchObject({
      status: 'connected',
      healed: { reason: 'profile_corrupt', rung: 'snapshot' },
      credentials: { failures: 0 },
    });
  });

  test('goes to quarantine when there is no copy, and a person has to scan', () => {
    const told = startsAgain(false).report(CORRUPT);
    expect(told.effects).toEqual([GRACEFUL, QUARANTINE]);
    expect(told.state).toMatchObject({ status: 'disconnected', reason: 'profile_corrupt', linked: false });
    expect(userActionOf(told.state)).toBe('scan_qr');
    expect(told.pass(RESTED_MS).launches).toHaveLength(2);
  });

  test('goes to quarantine when the copy is damaged as well', () => {
    const told = launchesRestored(startsAgain().report(CORRUPT)).report(CORRUPT);
    expect(told.effects).toEqual([GRACEFUL, QUARANTINE]);
    expect(told.state).toMatchObject({ status: 'disconnected', reason: 'profile_corrupt' });
  });

  test('can be healed again after it was connected in between', () => {
    const told = launchesRestored(startsAgain().report(CORRUPT)).report({ type: 'injected' }, READY);
    told.tell({ type: 'stop', force: false }).tell({ type: 'start' }).report({ type: 'admitted', hasSnapshot: true });
    expect(told.report(CORRUPT).effects).toEqual([KILL, RESTORE]);
  });
});

describe('launches that fail in a row', () => {
  const launchFails = (told: Story, reason: Reason) => {
    told.passUntilDue();
    return told.report({ type: 'admitted', hasSnapshot: true }, failed(reason));
  };

  test.each<Reason>(['init_timeout', 'ready_timeout', 'launch_failed', 'browser_crashed'])(
    'with %s make the third try the copy, once',
    (reason) => {
      const told = startsAgain().report(failed(reason));
      expect(told.effects).not.toContainEqual(RESTORE);
      expect(launchFails(told, reason).effects).not.toContainEqual(RESTORE);
      expect(launchFails(told, reason).effects.at(-1)).toEqual(RESTORE);
      launchesRestored(told);
      expect(told.state).toMatchObject({ rung: 'snapshot' });
      for (let more = 0; more < 4; more += 1) {
        told.report(failed(reason));
        expect(told.effects).not.toContainEqual(RESTORE);
        told.passUntilDue();
        told.report({ type: 'admitted', hasSnapshot: true });
      }
    },
  );

  test('do not while the network is down', () => {
    const told = startsAgain().report(failed('network_down'));
    for (let more = 0; more < 6; more += 1)
      expect(launchFails(told, 'network_down').effects).not.toContainEqual(RESTORE);
  });

  test('do not when one of them got through in between', () => {
    const told = startsAgain().report(failed('init_timeout'));
    launchFails(told, 'init_timeout');
    told.passUntilDue();
    told.report({ type: 'admitted', hasSnapshot: true }, { type: 'injected' }, READY, { type: 'browser-exited' });
    expect(launchFails(told, 'init_timeout').effects).not.toContainEqual(RESTORE);
  });
});

describe('a QR code in place of a login that nobody took back', () => {
  test('is answered with the copy before a person is asked', () => {
    const told = startsAgain().report({ type: 'injected' }, QR);
    expect(told.effects).toEqual([KILL, RESTORE]);
    expect(told.state).toMatchObject({ status: 'reconnecting', reason: 'auth_failed', linked: true });
    expect(userActionOf(told.state)).toBe('none');
    launchesRestored(told).report({ type: 'injected' }, READY);
    expect(told.state).toMatchObject({ status: 'connected', healed: { reason: 'auth_failed', rung: 'snapshot' } });
  });

  test('is shown when the copy did not help, and the copy is discarded', () => {
    const told = launchesRestored(startsAgain().report({ type: 'injected' }, QR)).report({ type: 'injected' }, QR);
    expect(told.state).toMatchObject({ status: 'qr_pending', linked: false, credentials: { failures: 1 } });
    expect(told.effects).toEqual([{ type: 'discard-snapshot' }]);
  });

  test('is shown at once when there is no copy', () => {
    expect(startsAgain(false).report({ type: 'injected' }, QR).state).toMatchObject({ status: 'qr_pending' });
  });
});
