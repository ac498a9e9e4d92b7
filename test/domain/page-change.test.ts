import { describe, expect, test } from '@jest/globals';
import { initialState, type SessionState } from '../../src/domain/session-state.js';
import { transition } from '../../src/domain/transition.js';
import { contextAt } from '../support/policy.js';

const NOW = 50_000;
const base = { ...initialState(0), desired: 'running', linked: true, epoch: 4, attempt: 7 } as const;
const healing = { ...base, status: 'reconnecting', step: 'healing', stage: 'launching', deadlineAt: NOW + 1 } as const;

const changed = (state: SessionState, gateClosed = false) =>
  transition(state, { type: 'page-changed' }, contextAt(NOW, { gateClosed }));

const launches = (state: SessionState) =>
  changed(state)
    .effects.filter(({ type }) => type === 'launch' || type === 'close')
    .map(({ type }) => type);

describe('when another page of WhatsApp Web is loaded from now on', () => {
  const waiting = { ...base, status: 'reconnecting', step: 'waiting', dueAt: NOW + 99_000 } as const;
  const open = { state: 'open', failures: 5, until: NOW + 60_000 } as const;

  test('a session that waits after a failed load tries at once, with all its attempts before it', () => {
    const { state } = changed({ ...waiting, reason: 'init_timeout' });
    expect(state).toMatchObject({ status: 'reconnecting', step: 'healing', rung: 'relaunch', attempt: 1, epoch: 5 });
  });

  test('a circuit that opened because of it is closed', () => {
    const { state } = changed({
      ...base,
      status: 'suspended',
      until: NOW + 60_000,
      reason: 'ready_timeout',
      breaker: open,
    });
    expect([state.status, state.breaker.state]).toEqual(['reconnecting', 'closed']);
  });

  test('a session that had given up on it, or was told that its version is too old, begins again', () => {
    expect(changed({ ...base, status: 'error', reason: 'init_timeout' }).state.status).toBe('reconnecting');
    expect(changed({ ...base, status: 'error', reason: 'outdated' }).state.status).toBe('reconnecting');
  });

  test('one that is loading the other page right now begins anew', () => {
    expect(launches({ ...healing, rung: 'relaunch', reason: 'browser_crashed' })).toEqual(['close', 'launch']);
    expect(launches({ ...healing, rung: 'reload', reason: 'page_hung' })).toEqual(['close', 'launch']);
    const starting = { ...base, status: 'connecting', stage: 'launching', reason: 'starting' } as const;
    expect(launches({ ...starting, deadlineAt: NOW + 1 })).toEqual(['close', 'launch']);
    expect(launches({ ...starting, deadlineAt: null })).toEqual([]);
  });

  test.each<[string, SessionState]>([
    ['is connected', { ...base, status: 'connected', stableAt: 0, stable: true, reason: 'ready' }],
    ['waits for its socket', { ...healing, rung: 'grace', reason: 'socket_lost' }],
    ['waits for another reason', { ...waiting, reason: 'browser_crashed' }],
    ['is parked for another reason', { ...base, status: 'error', reason: 'banned' }],
    ['was stopped', { ...waiting, reason: 'init_timeout', desired: 'stopped' }],
  ])('a session that %s is left alone', (_what, state) => {
    expect(changed(state)).toEqual({ state, effects: [] });
  });

  test('nobody tries while the network is down', () => {
    const state = { ...waiting, reason: 'init_timeout' } as const;
    expect(changed(state, true)).toEqual({ state, effects: [] });
  });
});
