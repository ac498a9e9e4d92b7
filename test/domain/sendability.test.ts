import { describe, expect, test } from '@jest/globals';
import { nextWakeAt } from '../../src/domain/due.js';
import type { Policy } from '../../src/domain/policy.js';
import type { Reason } from '../../src/domain/reason.js';
import { sendabilityOf } from '../../src/domain/sendability.js';
import { initialState, type SessionState } from '../../src/domain/session-state.js';
import { steadyPolicy } from '../support/policy.js';
import { comesUp, EVERY_STATUS, failsOnce, failsUntil, type Story, stableStory, story, waitingStory } from './story.js';

const takes = { takes: true, wakes: false };
const wakes = { takes: true, wakes: true };
const notConnected = { takes: false, code: 'not_connected' };
const notLinked = { takes: false, code: 'not_linked' };

const steadyBut = (breaker: Partial<Policy['breaker']>) => {
  const policy = steadyPolicy();
  return { ...policy, breaker: { ...policy.breaker, ...breaker } };
};
const inState = (name: string) => EVERY_STATUS[name]?.().state as SessionState;
const gaveUp = (reason: Reason) => ({ ...stableStory().state, status: 'error', reason }) as SessionState;

describe('R11 a message for a session', () => {
  test.each([
    ['connected, stable', takes],
    ['connecting, page loaded', takes],
    ['reconnecting, grace', takes],
    ['reconnecting, relaunch', takes],
    ['reconnecting, waiting', wakes],
    ['suspended', wakes],
    ['idle', notLinked],
    ['qr_pending', notLinked],
    ['disconnected, logged out', notLinked],
    ['disconnected, stopped', notConnected],
    ['error', notConnected],
  ])('that is %s is taken or refused: %j', (name, sendability) => {
    expect(sendabilityOf(inState(name))).toEqual(sendability);
  });

  test('that has a login and was never started here wakes it', () => {
    expect(sendabilityOf({ ...initialState(0), linked: true })).toEqual(wakes);
  });

  test('that was never linked and cannot start is refused', () => {
    const told = story().tell({ type: 'start' }).report({ type: 'admitted' });
    told.report({ type: 'failed', reason: 'init_timeout', detail: 'simulated' });
    expect(told.state.status).toBe('reconnecting');
    expect(sendabilityOf(told.state)).toEqual(notLinked);
  });

  test.each<[Reason, object]>([
    ['banned', notConnected],
    ['conflict', notConnected],
    ['proxy_blocked', notConnected],
    ['auth_failed', notLinked],
    ['profile_corrupt', notLinked],
    ['page_hung', wakes],
    ['socket_lost', wakes],
    ['disk_full', wakes],
    ['browser_missing', wakes],
  ])('that gave up because of %s is taken or refused: %j', (reason, sendability) => {
    expect(sendabilityOf(gaveUp(reason))).toEqual(sendability);
  });

  test('whose circuit stays open until a person resets it is refused', () => {
    const told = stableStory(steadyBut({ failureThreshold: 1, whenOpen: 'halt' }));
    told.report({ type: 'browser-exited' }, { type: 'browser-exited' });
    failsUntil(told, ({ status }) => status === 'suspended');
    expect(sendabilityOf(told.state)).toEqual(notConnected);
  });
});

describe('a message that waits', () => {
  const wants = (told: Story) => told.tell({ type: 'wanted' });
  const isLaunching = ({ effects }: Story) => effects.some(({ type }) => type === 'launch');

  test('starts a session that has a login and rests', () => {
    const told = story(steadyPolicy(), { ...initialState(0), linked: true });
    expect(isLaunching(wants(told))).toBe(true);
    expect(told.state).toMatchObject({ status: 'connecting', desired: 'running' });
  });

  test('brings the next attempt forward, without counting it as one more', () => {
    const told = waitingStory(steadyBut({ failureThreshold: 100 }));
    while ((nextWakeAt(told.state, 0) ?? 0) - told.now < 80_000) failsOnce(told);
    const { attempt } = told.state;
    told.pass(60_000);
    expect(isLaunching(told)).toBe(false);
    expect(isLaunching(wants(told))).toBe(true);
    expect(told.state).toMatchObject({ status: 'reconnecting', step: 'healing', attempt });
  });

  test('does so once a minute, however many there are, and never brings a session nearer to giving up', () => {
    const told = waitingStory();
    const attempts: number[] = [];
    for (let second = 0; second < 1800; second += 1) {
      told.pass(1000);
      wants(told);
      if (isLaunching(told)) {
        attempts.push(told.now);
        told.report({ type: 'admitted' }, { type: 'failed', reason: 'init_timeout', detail: 'simulated' });
      }
    }
    expect(told.state.status).not.toBe('error');
    const woken = attempts.filter((at, index) => at - (attempts[index - 1] ?? 0) >= 60_000);
    expect(woken.length).toBeLessThanOrEqual(31);
  });

  test('gives an open circuit its one trial as soon as it has paused (R03), not after the backoff', () => {
    const told = stableStory().report({ type: 'browser-exited' }, { type: 'browser-exited' });
    failsUntil(told, ({ breaker }) => breaker.failures === 4);
    told.passUntilDue();
    // An attempt that fails slowly: counted from its begin, messages could bring the next one forward at once.
    told.pass(80_000).report({ type: 'admitted' }, { type: 'failed', reason: 'init_timeout', detail: 'simulated' });
    expect(told.state).toMatchObject({ status: 'suspended', breaker: { state: 'open', until: told.now + 60_000 } });
    told.pass(59_999);
    expect(isLaunching(wants(told))).toBe(false);
    told.pass(1);
    expect(isLaunching(wants(told))).toBe(true);
    expect(told.state).toMatchObject({ status: 'reconnecting', breaker: { state: 'half_open' } });
  });

  test('tries a session that gave up with its circuit open, as it does any that gave up', () => {
    const halts = steadyBut({ whenOpen: 'halt' });
    const told = stableStory({ ...halts, backoff: { ...halts.backoff, maxAttempts: 5 } }).report(
      { type: 'browser-exited' },
      { type: 'browser-exited' },
    );
    failsUntil(told, ({ status }) => status === 'error');
    expect(told.state.breaker.state).toBe('open');
    told.pass(300_000);
    expect(isLaunching(wants(told))).toBe(true);
  });

  test('makes one try of a session that gave up, and another only after the longest backoff', () => {
    const told = stableStory().report({ type: 'browser-exited' }, { type: 'browser-exited' });
    failsUntil(told, ({ status }) => status === 'error');
    const { attempt } = told.state;
    expect(isLaunching(wants(told))).toBe(false);
    told.pass(300_000);
    expect(isLaunching(wants(told))).toBe(true);
    told.report({ type: 'admitted' }, { type: 'failed', reason: 'init_timeout', detail: 'simulated' });
    expect(told.state).toMatchObject({ status: 'error', attempt });
    expect(isLaunching(wants(told))).toBe(false);
    told.pass(300_000);
    expect(comesUp(wants(told)).state.status).toBe('connected');
  });

  test('changes nothing while nothing reaches WhatsApp', () => {
    const told = waitingStory().gate('closed');
    expect(wants(told).effects).toEqual([]);
  });

  test.each(['qr_pending', 'disconnected, stopped', 'disconnected, logged out', 'error', 'connected, stable'])(
    'does not move a session that is %s',
    (name) => {
      const told = EVERY_STATUS[name]?.() as Story;
      const before = told.state;
      expect(wants(told).state).toBe(before);
    },
  );
});
