import { describe, expect, test } from '@jest/globals';
import { type Answer, pulseAfter, STEADY_PULSE } from '../../src/domain/heartbeat.js';
import { initialState, type SessionState } from '../../src/domain/session-state.js';
import { transition } from '../../src/domain/transition.js';
import { contextAt } from '../support/policy.js';

/** The silences that a row of answers makes, one number for each time that it is beyond doubt. */
function silencesOf(...answers: Answer[]): number[] {
  let pulse = STEADY_PULSE;
  const silences: number[] = [];
  for (const answer of answers) {
    const step = pulseAfter(pulse, answer);
    pulse = step.pulse;
    if (step.isSilent) silences.push(pulse.silences);
  }
  return silences;
}

describe('the pulse of a session', () => {
  test('one question without an answer is only a suspicion', () => {
    expect(silencesOf('silent')).toEqual([]);
    expect(silencesOf('silent', 'answered', 'silent')).toEqual([]);
  });

  test('two in a row are silence, and each further silence counts', () => {
    expect(silencesOf('silent', 'silent')).toEqual([1]);
    expect(silencesOf('silent', 'silent', 'silent', 'silent', 'silent', 'silent')).toEqual([1, 2, 3]);
  });

  test('an answer makes it begin anew', () => {
    expect(silencesOf('silent', 'silent', 'answered', 'silent', 'silent')).toEqual([1, 1]);
  });

  test('a page that will not ask is no proof of anything, however often', () => {
    expect(silencesOf('unknown', 'unknown', 'silent', 'unknown', 'silent', 'unknown')).toEqual([]);
  });
});

describe('a session that WhatsApp does not answer', () => {
  const connected = {
    ...initialState(0),
    status: 'connected',
    reason: 'ready',
    desired: 'running',
    linked: true,
    epoch: 3,
    stableAt: 0,
    stable: true,
  } as const;
  const silent = (silences: number, state: SessionState = connected) =>
    transition(state, { type: 'silent', epoch: 3, silences }, contextAt(1000)).state;

  test('opens a new socket, then loads its page anew, then gets a new browser', () => {
    expect(silent(1)).toMatchObject({ status: 'reconnecting', reason: 'socket_lost', rung: 'socket' });
    expect(silent(2)).toMatchObject({ status: 'reconnecting', reason: 'socket_lost', rung: 'reload' });
    expect(silent(3)).toMatchObject({ status: 'reconnecting', reason: 'socket_lost', step: 'waiting' });
  });

  test('is not told twice: what is being healed already goes on', () => {
    const healing = silent(1);
    expect(silent(2, healing)).toBe(healing);
  });

  test('is started anew at once where silence alone is a reason', () => {
    const { state } = transition(connected, { type: 'stale', epoch: 3 }, contextAt(1000));
    expect(state).toMatchObject({ status: 'reconnecting', reason: 'stale', rung: 'relaunch', epoch: 4 });
  });
});
