import { describe, expect, test } from '@jest/globals';
import { userActionOf } from '../../src/domain/description.js';
import { ownsBrowser, type SessionState } from '../../src/domain/session-state.js';
import { EVERY_STATUS, READY, RESTED_MS, stableStory, story } from './story.js';

const statuses = Object.keys(EVERY_STATUS);
const inStatus = (name: string) => {
  const make = EVERY_STATUS[name];
  if (!make) throw new Error(`no such status: ${name}`);
  return make();
};
const GRACEFUL = { type: 'close', mode: 'graceful' } as const;

test('the ordinary ways lead to the statuses they are named after', () => {
  for (const name of statuses) expect(inStatus(name).state.status).toBe(name.split(',')[0]);
});

describe('stop', () => {
  test.each(statuses)('while %s closes what runs and never launches again', (name) => {
    const told = inStatus(name);
    const hadBrowser = ownsBrowser(told.state);
    const wasConnected = told.state.status === 'connected';
    const launched = told.launches.length;
    told.tell({ type: 'stop', force: false });
    expect(told.effects.filter(({ type }) => type !== 'snapshot')).toEqual(hadBrowser ? [GRACEFUL] : []);
    expect(told.effects.some(({ type }) => type === 'snapshot')).toBe(wasConnected);
    expect(told.state).toMatchObject({ status: 'disconnected', desired: 'stopped', attempt: 0, lost: null });
    told.report({ type: 'browser-exited' }, { type: 'injected' }, READY);
    told.pass(RESTED_MS).tell({ type: 'monitor' }).tell({ type: 'restore', hasProfile: true });
    expect(told.state.status).toBe('disconnected');
    expect(told.launches).toHaveLength(launched);
  });

  test('a second stop changes nothing', () => {
    const told = stableStory().tell({ type: 'stop', force: false });
    const { state } = told;
    expect(told.tell({ type: 'stop', force: false }).state).toEqual(state);
    expect(told.effects).toEqual([]);
    expect(told.notes).toEqual([]);
  });

  test('does not hide that the phone unlinked the device', () => {
    const told = stableStory().report({ type: 'logged-out' }).tell({ type: 'stop', force: false });
    expect(told.state).toMatchObject({ reason: 'logged_out', desired: 'stopped' });
    expect(userActionOf(told.state)).toBe('scan_qr');
  });
});

describe('start', () => {
  test.each(statuses)('while %s gives at most one browser', (name) => {
    const told = inStatus(name);
    const resting = ['idle', 'disconnected', 'error'].includes(told.state.status);
    const { status, epoch } = told.state;
    told.tell({ type: 'start' });
    expect(told.effects).toEqual(resting ? [{ type: 'launch', epoch: epoch + 1 }] : []);
    expect(told.state).toMatchObject({ status: resting ? 'connecting' : status, desired: 'running' });
  });
});

describe('R26 force-reconnect', () => {
  test.each(statuses)('while %s starts fresh with all counters at rest', (name) => {
    const told = inStatus(name);
    const hadBrowser = ownsBrowser(told.state);
    const wasConnected = told.state.status === 'connected';
    const epoch = told.state.epoch + 1;
    told.tell({ type: 'force-reconnect' });
    const kept = wasConnected ? [{ type: 'snapshot' }] : [];
    expect(told.effects).toEqual([...(hadBrowser ? [GRACEFUL] : []), ...kept, { type: 'launch', epoch }]);
    expect(told.state).toMatchObject({
      status: 'connecting',
      reason: 'forced',
      desired: 'running',
      deadlineAt: null,
      epoch,
      attempt: 0,
      errorCount: 0,
      qrRounds: 0,
      breaker: { state: 'closed', failures: 0 },
    });
  });
});

describe('logout', () => {
  test.each(statuses)('while %s never launches', (name) => {
    const told = inStatus(name);
    const { state } = told;
    told.tell({ type: 'logout' });
    if (!ownsBrowser(state)) return expect(told.state).toBe(state);
    expect(told.effects).toEqual([{ type: 'logout', epoch: state.epoch }, GRACEFUL, { type: 'discard-snapshot' }]);
    expect(told.state).toMatchObject({ status: 'disconnected', desired: 'stopped', reason: 'logged_out' });
  });
});

describe('R10 restore after a start of the service', () => {
  const running = statuses.filter((name) => !/^(idle|disconnected)/.test(name));
  const restored = (state: SessionState, hasProfile = true) =>
    story(undefined, state).tell({ type: 'restore', hasProfile });

  test.each(running)('a linked session that was %s is started, without closing a browser that is gone', (name) => {
    const { state } = inStatus(name);
    const told = restored({ ...state, linked: true });
    expect(told.effects).toEqual([{ type: 'launch', epoch: state.epoch + 1 }]);
    expect(told.state).toMatchObject({ status: 'connecting', reason: 'starting', attempt: 0, since: told.now });
  });

  test.each(running)('a session that was %s and never linked waits for a person', (name) => {
    const told = restored({ ...inStatus(name).state, linked: false });
    expect(told.effects).toEqual([]);
    expect(told.state).toMatchObject({ status: 'disconnected', reason: 'not_linked', desired: 'running', lost: null });
    expect(userActionOf(told.state)).toBe('scan_qr');
    expect(told.pass(RESTED_MS).tell({ type: 'monitor' }).launches).toEqual([]);
  });

  test('a linked session whose profile is gone waits for a person', () => {
    const told = restored(stableStory().state, false);
    expect(told.state).toMatchObject({ status: 'disconnected', reason: 'not_linked', linked: false });
    expect(told.effects).toEqual([]);
  });

  test.each(statuses)('a session that was %s and is meant to be stopped is not started', (name) => {
    const told = restored({ ...inStatus(name).state, desired: 'stopped' });
    expect(told.effects).toEqual([]);
    expect(['idle', 'disconnected', 'error']).toContain(told.state.status);
    expect(told.pass(RESTED_MS).tell({ type: 'monitor' }).launches).toEqual([]);
  });

  test('a session that was logged out stays so', () => {
    const { state } = stableStory().report({ type: 'logged-out' });
    expect(restored(state).state).toBe(state);
  });
});
