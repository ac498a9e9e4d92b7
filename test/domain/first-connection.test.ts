import { describe, expect, test } from '@jest/globals';
import { userActionOf } from '../../src/domain/description.js';
import { steadyPolicy } from '../support/policy.js';
import { comesUp, connectedStory, READY, story } from './story.js';

const QR_TIMEOUT_MS = 120_000;
const showsQr = () =>
  story().tell({ type: 'start' }).report({ type: 'admitted' }, { type: 'injected' }, { type: 'qr', text: 'one' });

describe('the first connection', () => {
  test('a new session is idle and asks for nothing', () => {
    const told = story();
    expect(told.state).toMatchObject({ status: 'idle', desired: 'stopped', epoch: 0 });
    expect(told.pass(10 ** 9).effects).toEqual([]);
    expect(told.tell({ type: 'monitor' }).effects).toEqual([]);
  });

  test('start launches one browser, whose time runs only from its turn on', () => {
    const told = story().tell({ type: 'start' });
    expect(told.effects).toEqual([{ type: 'launch', epoch: 1 }]);
    expect(told.state).toMatchObject({
      status: 'connecting',
      stage: 'launching',
      deadlineAt: null,
      desired: 'running',
    });
    expect(told.pass(10 ** 9).state.status).toBe('connecting');
    told.report({ type: 'admitted' });
    expect(told.state).toMatchObject({ stage: 'launching', deadlineAt: told.now + 135_000 });
    told.report({ type: 'launched', pid: 4711, engine: 'headless-shell', hasOther: true }, { type: 'injected' });
    expect(told.state).toMatchObject({ stage: 'syncing', deadlineAt: told.now + 60_000 });
  });

  test('QR code, scan, ready, connected, stable', () => {
    const told = showsQr();
    expect(told.state).toMatchObject({ status: 'qr_pending', reason: 'waiting_for_scan', qr: { text: 'one' } });
    expect(userActionOf(told.state)).toBe('scan_qr');
    told.report({ type: 'socket-state', socketState: 'CONNECTED' });
    expect(told.state).toMatchObject({ status: 'connecting', stage: 'syncing', deadlineAt: told.now + 60_000 });
    expect(userActionOf(told.state)).toBe('none');
    told.report({ type: 'authenticated' }, { type: 'progress', percent: 50 }, READY);
    expect(told.state).toMatchObject({
      status: 'connected',
      reason: 'ready',
      linked: true,
      stable: false,
      healed: null,
    });
    expect(told.passUntilDue()).toBe(30_000);
    expect(told.state).toMatchObject({ status: 'connected', stable: true, attempt: 0 });
    expect(told.launches).toEqual([1]);
  });

  test('a login that was accepted takes the QR code off show, also when the socket never said so', () => {
    expect(showsQr().report({ type: 'authenticated' }).state).toMatchObject({ status: 'connecting', stage: 'syncing' });
  });

  test('a linked profile comes up without a QR code', () => {
    expect(comesUp(story().tell({ type: 'start' })).state).toMatchObject({ status: 'connected', linked: true });
  });

  test('every progress report renews the time for the sync', () => {
    const told = story().tell({ type: 'start' }).report({ type: 'admitted' }, { type: 'injected' });
    told.pass(50_000).report({ type: 'progress', percent: 40 });
    expect(told.state).toMatchObject({ deadlineAt: told.now + 60_000 });
    expect(told.pass(59_999).state.status).toBe('connecting');
    expect(told.pass(1).state).toMatchObject({ status: 'reconnecting', step: 'waiting', reason: 'ready_timeout' });
  });

  test('a launch that outlasts its time, and that for the reason of it, is an attempt that failed', () => {
    const told = story().tell({ type: 'start' }).report({ type: 'admitted' });
    expect(told.passUntilDue()).toBe(90_000 + 45_000);
    expect(told.state).toMatchObject({ reason: 'init_timeout', step: 'waiting', breaker: { failures: 1 } });
    expect(told.effects).toEqual([{ type: 'close', mode: 'graceful' }]);
  });

  test('a second ready changes nothing', () => {
    const told = connectedStory();
    const { state } = told;
    expect(told.report(READY).state).toBe(state);
  });
});

describe('R21 QR codes', () => {
  test('two codes within 2 s: one is shown, and the newest when its time has come', () => {
    const told = showsQr().pass(500).report({ type: 'qr', text: 'two' });
    expect(told.notes).toEqual([]);
    expect(told.report({ type: 'qr', text: 'three' }).state).toMatchObject({ qr: { text: 'one', next: 'three' } });
    expect(told.passUntilDue()).toBe(1500);
    expect(told.state).toMatchObject({ qr: { text: 'three', next: null } });
    expect(told.notes.map(({ event }) => event)).toEqual(['session.qr_shown']);
  });

  test('a code after 2 s is shown at once', () => {
    const told = showsQr().pass(2000).report({ type: 'qr', text: 'two' });
    expect(told.state).toMatchObject({ qr: { text: 'two', next: null } });
    expect(told.notes.map(({ event }) => event)).toEqual(['session.qr_shown']);
  });

  test('new codes do not prolong the two minutes of a round', () => {
    const told = showsQr();
    for (let code = 0; code < 5; code += 1) told.pass(20_000).report({ type: 'qr', text: `code ${code}` });
    expect(told.passUntilDue()).toBe(20_000);
    expect(told.state).toMatchObject({ status: 'reconnecting', reason: 'qr_timeout' });
  });

  test('unscanned rounds wait longer and longer, then the session rests and says who must act', () => {
    const told = showsQr();
    const waitsMs: number[] = [];
    for (let round = 1; round <= 4; round += 1) {
      expect(told.passUntilDue()).toBe(QR_TIMEOUT_MS);
      expect(told.effects).toEqual([{ type: 'close', mode: 'graceful' }]);
      expect(told.state).toMatchObject({ status: 'reconnecting', reason: 'qr_timeout', qrRounds: round, attempt: 0 });
      expect(userActionOf(told.state)).toBe('scan_qr');
      waitsMs.push(told.passUntilDue());
      told.report({ type: 'admitted' }, { type: 'injected' }, { type: 'qr', text: `round ${round + 1}` });
    }
    expect(waitsMs).toEqual([5000, 10_000, 20_000, 40_000]);
    told.passUntilDue();
    expect(told.state).toMatchObject({ status: 'disconnected', reason: 'qr_timeout', qrRounds: 5 });
    expect(told.effects).toEqual([{ type: 'close', mode: 'graceful' }]);
    expect(userActionOf(told.state)).toBe('scan_qr');
    expect(told.tell({ type: 'monitor' }).pass(10 ** 9).launches).toHaveLength(5);
  });

  test('rounds without a scan are no failed attempts, also when attempts are fewer than rounds', () => {
    const policy = steadyPolicy();
    const told = story({ ...policy, backoff: { ...policy.backoff, maxAttempts: 2 } }).tell({ type: 'start' });
    for (let round = 1; round <= 4; round += 1) {
      told.report({ type: 'admitted' }, { type: 'injected' }, { type: 'qr', text: `round ${round}` });
      told.passUntilDue();
      told.passUntilDue();
    }
    told.report({ type: 'admitted' }, { type: 'failed', reason: 'init_timeout', detail: 'slow' });
    expect(told.state).toMatchObject({ status: 'reconnecting', step: 'waiting', attempt: 1 });
  });

  test('a start by a person begins the rounds anew', () => {
    const told = showsQr();
    for (let round = 1; round <= 4; round += 1) {
      told.passUntilDue();
      told.passUntilDue();
      told.report({ type: 'admitted' }, { type: 'injected' }, { type: 'qr', text: `round ${round}` });
    }
    told.passUntilDue();
    told.tell({ type: 'start' });
    expect(told.state).toMatchObject({ status: 'connecting', qrRounds: 0 });
    expect(told.effects).toEqual([{ type: 'launch', epoch: 6 }]);
  });

  test('a browser that dies while a code is on show is replaced at once', () => {
    const told = showsQr().report({ type: 'browser-exited' });
    expect(told.effects).toEqual([
      { type: 'close', mode: 'kill' },
      { type: 'launch', epoch: 2 },
    ]);
    expect(told.state.lost).toBeNull();
  });
});
