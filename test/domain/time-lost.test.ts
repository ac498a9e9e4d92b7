import { describe, expect, test } from '@jest/globals';
import { afterTimeLost } from '../../src/domain/time-lost.js';
import { connectedStory, READY, stableStory, story, waitingStory } from './story.js';

const stall = (stallMs: number) => ({ type: 'time-lost', stallMs, jumpMs: 0 }) as const;

describe('time in which the service could not act', () => {
  test('costs a launch nothing of the time that it had left', () => {
    const told = story().tell({ type: 'start' }).report({ type: 'admitted' }).pass(80_000);
    told.tell(stall(60_000)).pass(60_000);
    expect(told.state.status).toBe('connecting');
    expect(told.passUntilDue()).toBe(55_000);
    expect(told.state).toMatchObject({ status: 'reconnecting', reason: 'init_timeout' });
  });

  test('costs a rung of the ladder nothing either', () => {
    const told = stableStory().report({ type: 'page-crashed' }).pass(1000);
    told.tell(stall(3_600_000)).pass(3_600_000);
    expect(told.state).toMatchObject({ status: 'reconnecting', rung: 'reload' });
    told.report(READY);
    expect(told.state.status).toBe('connected');
  });

  test('does not make an attempt wait longer that was due meanwhile', () => {
    const told = waitingStory();
    told.tell(stall(60_000)).pass(60_000);
    expect(told.state).toMatchObject({ status: 'reconnecting', step: 'healing', attempt: 1 });
  });

  test('is no time of being stable', () => {
    const told = connectedStory().pass(10_000).tell(stall(60_000)).pass(60_000);
    expect(told.state).toMatchObject({ status: 'connected', stable: false });
    expect(told.passUntilDue()).toBe(20_000);
  });
});

describe('a wall clock that is set', () => {
  test.each([86_400_000, -86_400_000])('by %d ms moves every time of the state with it', (jumpMs) => {
    const waiting = waitingStory().state;
    const moved = afterTimeLost(waiting, 0, jumpMs);
    expect(moved).toMatchObject({
      status: 'reconnecting',
      step: 'waiting',
      since: waiting.since + jumpMs,
      lost: { at: (waiting.lost?.at ?? 0) + jumpMs },
    });
    if (moved.status === 'reconnecting' && moved.step === 'waiting' && waiting.status === 'reconnecting') {
      expect(moved.dueAt - moved.since).toBe(waiting.step === 'waiting' ? waiting.dueAt - waiting.since : null);
    }
  });
});
