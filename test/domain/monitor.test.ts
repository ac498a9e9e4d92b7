import { describe, expect, test } from '@jest/globals';
import { transition } from '../../src/domain/transition.js';
import { contextAt } from '../support/policy.js';
import { EVERY_STATUS, failsUntil, READY, type Report, stableStory, story, waitingStory } from './story.js';

const LONGEST_WAIT_MS = 300_000;
const statuses = Object.entries(EVERY_STATUS);

describe('R05 the persistent monitor', () => {
  test.each(statuses)('leaves a session alone that is %s and has nothing overdue', (_, make) => {
    const told = make();
    const { state } = told;
    expect(told.tell({ type: 'monitor' }).state).toBe(state);
    expect(told.effects).toEqual([]);
  });

  test('begins an attempt whose wake-up never came', () => {
    const told = waitingStory();
    const late = contextAt(told.now + 65_000);
    const { state, effects } = transition(told.state, { type: 'monitor' }, late);
    expect(state).toMatchObject({ rung: 'relaunch', attempt: 1 });
    expect(effects).toContainEqual({ type: 'launch', epoch: 2 });
    expect(transition(state, { type: 'monitor' }, late)).toEqual({ state, effects: [] });
  });

  test('ends a launch whose deadline passed unseen', () => {
    const told = story().tell({ type: 'start' }).report({ type: 'admitted' });
    const { state } = transition(told.state, { type: 'monitor' }, contextAt(told.now + 135_000));
    expect(state).toMatchObject({ reason: 'init_timeout' });
  });

  test('starts a session that should run and was never started', () => {
    const told = story(undefined, { ...story().state, desired: 'running' }).tell({ type: 'monitor' });
    expect(told.effects).toEqual([{ type: 'launch', epoch: 1 }]);
    expect(told.tell({ type: 'monitor' }).launches).toEqual([1]);
  });

  test.each(['disk_full', 'profile_in_use', 'browser_missing', 'outdated'] as const)(
    'looks again now and then whether %s was mended, never twice at once',
    (reason) => {
      const told = stableStory().report({ type: 'failed', reason, detail: 'simulated' });
      expect(told.pass(LONGEST_WAIT_MS - 1).tell({ type: 'monitor' }).launches).toEqual([1]);
      expect(told.pass(1).tell({ type: 'monitor' }).launches).toEqual([1, 2]);
      expect(told.state).toMatchObject({ status: 'reconnecting', rung: 'relaunch', attempt: 1 });
      expect(told.tell({ type: 'monitor' }).launches).toEqual([1, 2]);
      told.report({ type: 'admitted' }, { type: 'failed', reason, detail: 'still so' });
      expect(told.state).toMatchObject({ status: 'error', reason, since: told.now });
      expect(told.tell({ type: 'monitor' }).launches).toEqual([1, 2]);
      told.pass(LONGEST_WAIT_MS).tell({ type: 'monitor' });
      expect(told.report({ type: 'admitted' }, { type: 'injected' }, READY).state.status).toBe('connected');
      expect(told.launches).toEqual([1, 2, 3]);
    },
  );

  test.each(['banned', 'proxy_blocked'] as const)('leaves %s to a person', (reason) => {
    const told = stableStory().report({ type: 'failed', reason, detail: 'simulated' });
    expect(told.pass(10 ** 10).tell({ type: 'monitor' }).launches).toEqual([1]);
  });

  test('does not revive a session that the operator stopped while its disk was full', () => {
    const told = stableStory().report({ type: 'failed', reason: 'disk_full', detail: 'simulated' });
    told.tell({ type: 'stop', force: false });
    expect(told.pass(10 ** 10).tell({ type: 'monitor' }).launches).toEqual([1]);
  });

  test('does not shorten the pause of an open circuit', () => {
    const told = stableStory().report({ type: 'browser-exited' }, { type: 'browser-exited' });
    failsUntil(told, ({ status }) => status === 'suspended');
    const { state } = told;
    const almost = contextAt(told.now + 159_999);
    expect(transition(state, { type: 'monitor' }, almost).state).toBe(state);
  });
});

describe('events of a launch that is over', () => {
  const REPORTS: readonly Report[] = [
    { type: 'admitted' },
    { type: 'injected' },
    { type: 'launched', pid: 1, engine: 'headless-shell', hasOther: true },
    { type: 'qr', text: 'old' },
    { type: 'authenticated' },
    { type: 'progress', percent: 1 },
    READY,
    { type: 'socket-state', socketState: 'CONNECTED' },
    { type: 'socket-state', socketState: 'CONFLICT' },
    { type: 'navigated' },
    { type: 'page-crashed' },
    { type: 'browser-exited' },
    { type: 'logged-out' },
    { type: 'auth-failed' },
    { type: 'failed', reason: 'banned', detail: 'old' },
    { type: 'probed', verdict: 'browser_hung' },
  ];

  test.each(statuses)('change nothing while %s', (_, make) => {
    const { state, now } = make();
    for (const report of REPORTS) {
      for (const epoch of [state.epoch - 1, state.epoch + 1]) {
        const step = transition(state, { ...report, epoch }, contextAt(now));
        expect(step.state).toBe(state);
        expect(step.effects).toEqual([]);
      }
    }
  });

  test.each(['suspended', 'reconnecting, waiting', 'disconnected, stopped', 'error'])(
    'nor does the last launch speak once it is closed: %s',
    (name) => {
      const told = EVERY_STATUS[name]?.() ?? story();
      const { state } = told;
      expect(told.report(...REPORTS).state).toBe(state);
      expect(told.effects).toEqual([]);
    },
  );
});
