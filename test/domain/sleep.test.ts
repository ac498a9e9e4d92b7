import { describe, expect, test } from '@jest/globals';
import { describeState, userActionOf } from '../../src/domain/description.js';
import { standingOf } from '../../src/domain/incident.js';
import type { ParkingPolicy } from '../../src/domain/policy.js';
import { sendabilityOf } from '../../src/domain/sendability.js';
import { sessionGauges } from '../../src/domain/session-gauges.js';
import type { SessionState } from '../../src/domain/session-state.js';
import { type IdleLook, isAsleep, isSleepDue } from '../../src/domain/sleep.js';
import { steadyPolicy } from '../support/policy.js';
import { comesUp, EVERY_STATUS, stableStory, story } from './story.js';

const MINUTE_MS = 60_000;
const PARKING: ParkingPolicy = { afterIdleMs: 10 * MINUTE_MS, wakeEveryMs: null, sessions: null };
const policy = (change: Partial<ParkingPolicy> = {}) => ({ ...steadyPolicy(), parking: { ...PARKING, ...change } });
const asleep = (change: Partial<ParkingPolicy> = {}) => stableStory(policy(change)).report({ type: 'sleep' });

function look(quietMs: number, change: Partial<IdleLook> = {}): [IdleLook, number] {
  const { state } = stableStory();
  const now = state.since + 100 * MINUTE_MS;
  return [{ sessionId: 'sales', state, lastActivityAt: now - quietMs, hasPendingMessages: false, ...change }, now];
}
function isDue([idle, now]: [IdleLook, number], parking = PARKING): boolean {
  return isSleepDue(idle, parking, now);
}

describe('a session may sleep', () => {
  test('after so long without a message, and not before', () => {
    expect(isDue(look(10 * MINUTE_MS))).toBe(true);
    expect(isDue(look(10 * MINUTE_MS - 1))).toBe(false);
  });

  test('never by default', () => {
    expect(isDue(look(90 * MINUTE_MS), steadyPolicy().parking)).toBe(false);
  });

  test('only when it is among those that may', () => {
    expect(isDue(look(90 * MINUTE_MS), { ...PARKING, sessions: ['sales'] })).toBe(true);
    expect(isDue(look(90 * MINUTE_MS), { ...PARKING, sessions: ['shop'] })).toBe(false);
  });

  test('not while a message is under way', () => {
    expect(isDue(look(90 * MINUTE_MS, { hasPendingMessages: true }))).toBe(false);
  });

  test('not when it has only just come back, however old its last message is', () => {
    const [idle, now] = look(90 * MINUTE_MS);
    const back = { ...idle, state: { ...idle.state, since: now - MINUTE_MS } };
    expect(isDue([back, now])).toBe(false);
  });

  test.each(Object.keys(EVERY_STATUS).filter((name) => name !== 'connected, stable'))('not when it is %s', (name) => {
    const state = EVERY_STATUS[name]?.().state ?? stableStory().state;
    expect(isDue(look(90 * MINUTE_MS, { state }))).toBe(false);
  });
});

describe('a session that sleeps', () => {
  test('has no browser, keeps its login, and nothing is wrong with it', () => {
    const told = asleep();
    expect(told.effects).toEqual([{ type: 'close', mode: 'graceful' }, { type: 'snapshot' }]);
    expect(told.state).toMatchObject({
      status: 'idle',
      reason: 'asleep',
      desired: 'running',
      linked: true,
      lost: null,
    });
    expect(userActionOf(told.state)).toBe('none');
    expect(standingOf(told.state)).toBe('at_rest');
    const session = { id: 'sales', state: told.state, lastActivityAt: null, memoryBytes: null };
    expect(sessionGauges([session], told.now).wakeful_session_wanted).toEqual([
      { labels: { session: 'sales' }, value: 0 },
    ]);
  });

  test('is woken by a message at once', () => {
    const told = asleep();
    expect(sendabilityOf(told.state)).toEqual({ takes: true, wakes: true });
    told.tell({ type: 'wanted' });
    expect(told.state).toMatchObject({ status: 'connecting', attempt: 0 });
    expect(comesUp(told).state).toMatchObject({ status: 'connected', healed: null });
  });

  test('is woken by a person, and left alone by the monitor', () => {
    expect(asleep().tell({ type: 'start' }).state.status).toBe('connecting');
    expect(isAsleep(asleep().pass(9e9).tell({ type: 'monitor' }).state)).toBe(true);
  });

  test('wakes by itself when it is to look for messages now and then, and says when', () => {
    const told = asleep({ wakeEveryMs: 60 * MINUTE_MS });
    expect(describeState(told.state, told.now)).toContain('It looks for messages in 3600 s.');
    expect(told.passUntilDue()).toBe(60 * MINUTE_MS);
    expect(told.state.status).toBe('connecting');
  });

  test('does not try while nothing reaches WhatsApp', () => {
    const told = asleep({ wakeEveryMs: 60 * MINUTE_MS }).gate('closed');
    told.passUntilDue();
    expect(isAsleep(told.state)).toBe(true);
    told.gate('open').passUntilDue();
    expect(told.state.status).toBe('connecting');
  });

  test('sleeps on when the service starts again, unless nobody is to sleep any more', () => {
    const { state } = asleep();
    const restored = (change: Partial<ParkingPolicy>) =>
      story(policy(change), state).tell({ type: 'restore', hasProfile: true });
    expect(restored({}).state).toEqual(state);
    expect(restored({ afterIdleMs: 0 }).state.status).toBe('connecting');
    expect(restored({ sessions: [] }).state.status).toBe('connecting');
  });

  test('is woken by a service that starts again as often as that has it set, whatever the clock was before', () => {
    const start = story().now;
    const wakesAt = (before: number | null, wakeEveryMs: number | null) => {
      const sleeping: SessionState = { ...asleep().state, status: 'idle', wakeAt: before };
      return story(policy({ wakeEveryMs }), sleeping).tell({ type: 'restore', hasProfile: true }).state;
    };
    expect(wakesAt(null, 60 * MINUTE_MS)).toMatchObject({ reason: 'asleep', wakeAt: start + 60 * MINUTE_MS });
    expect(wakesAt(start + MINUTE_MS, 60 * MINUTE_MS)).toMatchObject({ wakeAt: start + MINUTE_MS });
    expect(wakesAt(start + 9e9, 60 * MINUTE_MS)).toMatchObject({ wakeAt: start + 60 * MINUTE_MS });
    expect(wakesAt(start + MINUTE_MS, null)).toMatchObject({ wakeAt: null });
  });

  test('stays stopped when somebody stops it', () => {
    expect(asleep().tell({ type: 'stop', force: false }).state).toMatchObject({
      status: 'disconnected',
      desired: 'stopped',
    });
  });
});
