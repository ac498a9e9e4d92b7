import { describe, expect, test } from '@jest/globals';
import { describeState, userActionOf } from '../../src/domain/description.js';
import { REASONS, type Reason, reasonEntry, USER_ACTIONS } from '../../src/domain/reason.js';
import { initialState, type Phase, type SessionState, STATUSES } from '../../src/domain/session-state.js';

const NOW = 1_000_000;
const PHASES: readonly Phase[] = [
  { status: 'idle', wakeAt: null },
  { status: 'connecting', stage: 'launching', deadlineAt: null },
  { status: 'connecting', stage: 'launching', deadlineAt: NOW + 1 },
  { status: 'connecting', stage: 'syncing', deadlineAt: NOW + 1 },
  { status: 'qr_pending', qr: { text: 'qr', shownAt: NOW, next: null }, hideAt: NOW + 90_000 },
  { status: 'connected', stableAt: NOW, stable: false },
  { status: 'connected', stableAt: NOW, stable: true },
  { status: 'reconnecting', step: 'waiting', dueAt: NOW + 4200 },
  { status: 'reconnecting', step: 'healing', rung: 'grace', stage: 'syncing', deadlineAt: NOW + 1 },
  { status: 'reconnecting', step: 'healing', rung: 'socket', stage: 'syncing', deadlineAt: NOW + 1 },
  { status: 'reconnecting', step: 'healing', rung: 'reload', stage: 'syncing', deadlineAt: NOW + 1 },
  { status: 'reconnecting', step: 'healing', rung: 'relaunch', stage: 'launching', deadlineAt: null },
  { status: 'suspended', until: NOW + 60_000 },
  { status: 'suspended', until: null },
  { status: 'disconnected' },
  { status: 'error' },
];
const REASON_CODES = Object.keys(REASONS) as Reason[];

const stateOf = (phase: Phase, reason: Reason, change: Partial<SessionState> = {}): SessionState =>
  ({ ...initialState(NOW), reason, ...change, ...phase }) as SessionState;

const EVERY_STATE = PHASES.flatMap((phase) => REASON_CODES.map((reason) => stateOf(phase, reason)));

describe('what a state says to a person', () => {
  test('covers every status there is', () => {
    expect(new Set(PHASES.map((phase) => phase.status))).toEqual(new Set(STATUSES));
  });

  test('every status with every reason is a sentence without a hole', () => {
    for (const state of EVERY_STATE) {
      const words = describeState(state, NOW);
      expect(words).toMatch(/^[A-Z].*\.$/);
      expect(words).not.toMatch(/undefined|null|NaN|Infinity/);
    }
  });

  test('every status with every reason has an action from the catalogue', () => {
    for (const state of EVERY_STATE) expect(USER_ACTIONS).toContain(userActionOf(state));
  });

  test.each(REASON_CODES)('a session that gave up for %s tells what to do', (reason) => {
    expect(userActionOf(stateOf({ status: 'error' }, reason))).not.toBe('none');
  });

  test.each(REASON_CODES.filter((reason) => reasonEntry(reason).kind === 'final' && reason !== 'stopped_by_operator'))(
    'a disconnected session with the final cause %s tells what to do',
    (reason) => {
      expect(userActionOf(stateOf({ status: 'disconnected' }, reason))).not.toBe('none');
    },
  );

  test('a session that the operator stopped needs nothing', () => {
    expect(userActionOf(stateOf({ status: 'disconnected' }, 'stopped_by_operator'))).toBe('none');
  });

  test.each([
    ['a QR code on show asks to be scanned', 'qr_pending', 'waiting_for_scan', 'scan_qr'],
    ['a QR code that comes again still asks to be scanned', 'reconnecting', 'qr_timeout', 'scan_qr'],
    ['a recovery that runs asks nothing', 'reconnecting', 'browser_crashed', 'none'],
    ['a connected session asks nothing', 'connected', 'ready', 'none'],
    ['a full disk asks for room', 'error', 'disk_full', 'free_disk'],
    ['a blocked number asks WhatsApp', 'error', 'banned', 'contact_whatsapp'],
    ['repeated crashes ask for a fresh start', 'error', 'browser_crashed', 'force_reconnect'],
  ] as const)('%s', (_, status, reason, action) => {
    const states = EVERY_STATE.filter((state) => state.status === status && state.reason === reason);
    expect(states.length).toBeGreaterThan(0);
    for (const state of states) expect(userActionOf(state)).toBe(action);
  });

  test('only a circuit that halts asks for a person', () => {
    expect(userActionOf(stateOf({ status: 'suspended', until: null }, 'init_timeout'))).toBe('force_reconnect');
    expect(userActionOf(stateOf({ status: 'suspended', until: NOW + 1 }, 'init_timeout'))).toBe('none');
  });

  test('names the next attempt and rounds its wait up to seconds', () => {
    const state = stateOf({ status: 'reconnecting', step: 'waiting', dueAt: NOW + 4200 }, 'conflict', { attempt: 2 });
    expect(describeState(state, NOW)).toContain('Next attempt (3) in 5 s.');
    expect(describeState(state, NOW + 9000)).toContain('in 0 s.');
  });

  test('says what the last fault was, how long it took, and what helped', () => {
    const healed = { reason: 'socket_lost', rung: 'socket', tookMs: 23_440 } as const;
    const state = stateOf({ status: 'connected', stableAt: NOW, stable: false }, 'ready', { healed });
    expect(describeState(state, NOW)).toBe(
      'Connected again after 23.4 s. The connection to WhatsApp was lost. What helped: the page was asked to reconnect.',
    );
  });

  test('says after how many attempts it gave up', () => {
    expect(describeState(stateOf({ status: 'error' }, 'init_timeout', { attempt: 10 }), NOW)).toContain(
      'Gave up after 10 attempts.',
    );
    expect(describeState(stateOf({ status: 'error' }, 'banned'), NOW)).toContain('Gave up.');
  });
});
