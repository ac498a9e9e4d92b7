import { describe, expect, test } from '@jest/globals';
import { describeState, userActionOf } from '../../src/domain/description.js';
import { policyOf, steadyPolicy } from '../support/policy.js';
import {
  comesUp,
  connectedStory,
  failsOnce,
  failsUntil,
  type Story,
  stableStory,
  story,
  waitingStory,
} from './story.js';

const KILL = { type: 'close', mode: 'kill' } as const;
const GRACEFUL = { type: 'close', mode: 'graceful' } as const;

/** A stable session whose browser died, and the first attempt at once with it: the next one is waiting. */
function crashedTwice(policy = steadyPolicy()): Story {
  return stableStory(policy).report({ type: 'browser-exited' }, { type: 'admitted' }, { type: 'browser-exited' });
}

describe('R06 R24 local faults', () => {
  test('a browser that dies when the session is stable is replaced at once', () => {
    const told = stableStory().report({ type: 'browser-exited' });
    expect(told.effects).toEqual([KILL, { type: 'launch', epoch: 2 }]);
    expect(told.state).toMatchObject({
      status: 'reconnecting',
      rung: 'relaunch',
      reason: 'browser_crashed',
      attempt: 1,
      deadlineAt: null,
      lost: { at: told.now, reason: 'browser_crashed' },
    });
    told.pass(4000);
    comesUp(told);
    expect(told.state).toMatchObject({
      status: 'connected',
      attempt: 1,
      healed: { reason: 'browser_crashed', rung: 'relaunch', tookMs: 4000 },
    });
  });

  test('a crash before the session was stable again does not reset the backoff', () => {
    const told = stableStory().report({ type: 'browser-exited' });
    const waitsMs: number[] = [];
    for (let flap = 0; flap < 4; flap += 1) {
      comesUp(told);
      told.pass(29_999).report({ type: 'browser-exited' });
      expect(told.effects).toEqual([KILL]);
      waitsMs.push(told.passUntilDue());
    }
    expect(waitsMs).toEqual([10_000, 20_000, 40_000, 80_000]);
  });

  test('a crash after 30 s of connection starts from nothing', () => {
    const told = crashedTwice();
    told.passUntilDue();
    comesUp(told);
    expect(told.state).toMatchObject({ attempt: 2, breaker: { failures: 1 } });
    expect(told.passUntilDue()).toBe(30_000);
    expect(told.state).toMatchObject({ attempt: 0, errorCount: 0, breaker: { state: 'closed', failures: 0 } });
    expect(told.report({ type: 'browser-exited' }).effects).toEqual([KILL, { type: 'launch', epoch: 4 }]);
  });

  test('a first connection whose browser dies before it was stable is tried again at once, but only once', () => {
    const told = connectedStory().report({ type: 'browser-exited' });
    expect(told.launches).toEqual([1, 2]);
    expect(told.report({ type: 'browser-exited' }).state).toMatchObject({ step: 'waiting', attempt: 1 });
  });
});

describe('R02 remote causes', () => {
  test('a conflict that the page cannot end waits for the backoff and closes politely', () => {
    const told = waitingStory();
    expect(told.effects).toEqual([GRACEFUL]);
    expect(told.state).toMatchObject({ step: 'waiting', reason: 'conflict', dueAt: told.now + 5000 });
    expect(told.notes.map(({ message }) => message)).toContain(
      'Attempting to reconnect sales (attempt 1) in 5s with existing credentials',
    );
    expect(told.pass(4999).launches).toEqual([1]);
    expect(told.pass(1).launches).toEqual([1, 2]);
    expect(told.notes.map(({ message }) => message)).toContain(
      'Attempting to reconnect sales (attempt 1) now with existing credentials',
    );
  });

  test('jitter shortens the wait', () => {
    const told = waitingStory(policyOf('standard'), 0.5);
    expect(told.state).toMatchObject({ dueAt: told.now + 4500 });
  });

  test.each([
    ['short', [10, 20, 40, 80], 5],
    ['patient', [10, 20, 40], null],
  ])('the preset %s is followed', (preset, waits, limit) => {
    const told = crashedTwice(steadyPolicy(preset));
    const waitsMs = failsUntil(told, ({ status }) => status !== 'reconnecting');
    expect(waitsMs.slice(0, waits.length).map((ms) => ms / 1000)).toEqual(waits.slice(0, waitsMs.length));
    expect(told.state.status).toBe(limit === 5 ? 'error' : 'suspended');
  });

  test('the tenth failed attempt is the last: error, and a person is asked', () => {
    const told = crashedTwice();
    failsUntil(told, ({ status }) => status === 'error');
    expect(told.state).toMatchObject({ attempt: 10, reason: 'init_timeout', desired: 'running' });
    expect(told.launches).toHaveLength(11);
    expect(userActionOf(told.state)).toBe('force_reconnect');
    expect(describeState(told.state, told.now)).toContain('after 10 attempts');
    expect(told.tell({ type: 'monitor' }).pass(10 ** 9).launches).toHaveLength(11);
    told.tell({ type: 'monitor' });
    expect(told.state.status).toBe('error');
  });

  test('the preset patient never gives up', () => {
    const told = crashedTwice(steadyPolicy('patient'));
    for (let failure = 0; failure < 500; failure += 1) failsOnce(told);
    expect(told.state).toMatchObject({ status: 'suspended', attempt: 501 });
  });
});

describe('R03 the circuit', () => {
  const suspended = (policy = steadyPolicy()) => {
    const told = crashedTwice(policy);
    failsUntil(told, ({ status }) => status === 'suspended');
    return told;
  };

  test('five failures in a row suspend the session, at least for 60 s', () => {
    const told = suspended();
    expect(told.state).toMatchObject({ attempt: 5, breaker: { state: 'open', failures: 5 } });
    expect(told.launches).toHaveLength(6);
    const waitMs = told.passUntilDue();
    expect(waitMs).toBe(160_000);
    const brief = suspended({ ...steadyPolicy(), backoff: { ...steadyPolicy().backoff, maxDelayMs: 5000 } });
    expect(brief.passUntilDue()).toBe(60_000);
  });

  test('then there is exactly one trial', () => {
    const told = suspended();
    const { launches } = told;
    expect(told.tell({ type: 'monitor' }).pass(159_999).tell({ type: 'start' }).launches).toHaveLength(6);
    told.pass(1);
    expect(told.effects).toEqual([{ type: 'launch', epoch: 7 }]);
    expect(told.state).toMatchObject({ status: 'reconnecting', attempt: 6, breaker: { state: 'half_open' } });
    told.pass(1000).tell({ type: 'wake' }).tell({ type: 'monitor' });
    expect(launches).toHaveLength(7);
  });

  test('a failed trial opens it again and counts toward the limit', () => {
    const told = suspended();
    failsOnce(told);
    expect(told.state).toMatchObject({ status: 'suspended', attempt: 6, breaker: { state: 'open', failures: 6 } });
  });

  test('a trial that connects but does not last opens it again', () => {
    const told = suspended();
    told.passUntilDue();
    comesUp(told);
    expect(told.state).toMatchObject({ status: 'connected', breaker: { state: 'half_open' } });
    expect(told.pass(29_000).report({ type: 'browser-exited' }).state.status).toBe('suspended');
  });

  test('a trial that connects and lasts closes it', () => {
    const told = suspended();
    told.passUntilDue();
    comesUp(told);
    told.passUntilDue();
    expect(told.state).toMatchObject({ stable: true, attempt: 0, breaker: { state: 'closed', failures: 0 } });
  });

  test('halted, it waits for a person for ever and says so', () => {
    const told = suspended(steadyPolicy('brisk'));
    expect(told.state).toMatchObject({ until: null, breaker: { until: null } });
    expect(userActionOf(told.state)).toBe('force_reconnect');
    expect(told.pass(10 ** 10).tell({ type: 'monitor' }).launches).toHaveLength(6);
    expect(told.tell({ type: 'force-reconnect' }).state).toMatchObject({
      status: 'connecting',
      attempt: 0,
      breaker: { state: 'closed', failures: 0 },
    });
  });
});

describe('B02 a network that is down', () => {
  test('costs neither attempts nor the circuit, however long it lasts', () => {
    const told = stableStory().report({ type: 'browser-exited' }, { type: 'admitted' });
    told.report({ type: 'failed', reason: 'network_down', detail: 'net::ERR_INTERNET_DISCONNECTED' });
    for (let attempt = 0; attempt < 50; attempt += 1) {
      expect(told.state).toMatchObject({ step: 'waiting', reason: 'network_down', attempt: 0 });
      expect(told.state.breaker).toEqual({ state: 'closed', failures: 0 });
      expect(failsOnce(told, 'network_down')).toBe(20_000);
    }
    told.passUntilDue();
    expect(comesUp(told).state).toMatchObject({ status: 'connected', attempt: 1 });
  });

  test('does not count against a first start', () => {
    const told = story().tell({ type: 'start' }).report({ type: 'admitted' });
    told.report({ type: 'failed', reason: 'network_down', detail: 'net::ERR_NAME_NOT_RESOLVED' });
    expect(told.state).toMatchObject({ step: 'waiting', attempt: 0, breaker: { failures: 0 } });
  });

  test('neither adds to nor takes away from failures that were counted before', () => {
    const told = crashedTwice();
    failsOnce(told);
    const { attempt, breaker } = told.state;
    failsOnce(told, 'network_down');
    failsOnce(told, 'network_down');
    expect(told.state).toMatchObject({ attempt, breaker });
  });

  test('leaves the last attempt to be tried when the network is back', () => {
    const told = crashedTwice();
    failsUntil(told, ({ attempt }) => attempt === 9);
    for (let outage = 0; outage < 5; outage += 1) failsOnce(told, 'network_down');
    told.passUntilDue();
    expect(told.state.attempt).toBe(10);
    expect(comesUp(told).state.status).toBe('connected');
  });

  test('spreads the return of many sessions by jitter', () => {
    const told = stableStory(policyOf('standard'), 0.75).report({ type: 'browser-exited' }, { type: 'admitted' });
    told.report({ type: 'failed', reason: 'network_down', detail: 'net::ERR_TIMED_OUT' });
    expect(told.state).toMatchObject({ dueAt: told.now + 17_000 });
  });
});
