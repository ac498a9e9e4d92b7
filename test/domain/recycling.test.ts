import { describe, expect, test } from '@jest/globals';
import { describeState, userActionOf } from '../../src/domain/description.js';
import { chooseRecycling, type RecyclingLimits, type SessionLook } from '../../src/domain/recycling.js';
import { comesUp, connectedStory, EVERY_STATUS, stableStory } from './story.js';

const MB = 2 ** 20;
const HOUR_MS = 3_600_000;
const NOW = 1_000 * HOUR_MS;
const LIMITS: RecyclingLimits = { maxMemoryMb: 1500, maxAgeHours: 24, recycleAfterIdleMs: 60_000 };
const ROOMY = { now: NOW, availableBytes: 4000 * MB, minFreeMemoryMb: 300 };

interface Look {
  memoryMb?: number;
  ageHours?: number;
  quietMs?: number;
}

/** A calm, idle session with a small young browser, but for what is said. */
function look(sessionId: string, { memoryMb = 200, ageHours = 1, quietMs = HOUR_MS }: Look = {}): SessionLook {
  return {
    sessionId,
    state: stableStory().state,
    browser: { memoryBytes: memoryMb * MB, startedAt: NOW - ageHours * HOUR_MS },
    lastActivityAt: NOW - quietMs,
    hasPendingMessages: false,
    memoryRecycledAt: null,
  };
}

const inStatus = (name: string) => EVERY_STATUS[name]?.().state ?? stableStory().state;
const chosen = (sessions: SessionLook[], limits = LIMITS, context = ROOMY) =>
  chooseRecycling(sessions, limits, context)?.sessionId ?? null;

describe('a browser is replaced', () => {
  test('when it is above the limit of memory and its session is idle', () => {
    expect(chooseRecycling([look('a'), look('b', { memoryMb: 1501, ageHours: 2.04 })], LIMITS, ROOMY)).toEqual({
      sessionId: 'b',
      event: { type: 'recycle', epoch: 1, why: 'memory', memoryMb: 1501, ageHours: 2 },
    });
  });

  test('when it is older than it may be, also when its memory cannot be told', () => {
    expect(chooseRecycling([look('a', { memoryMb: 0, ageHours: 24.1 })], LIMITS, ROOMY)).toEqual({
      sessionId: 'a',
      event: { type: 'recycle', epoch: 1, why: 'age', memoryMb: 0, ageHours: 24.1 },
    });
  });

  test('not at its limits, and never without limits', () => {
    expect(chosen([look('a', { memoryMb: 1500, ageHours: 24 })])).toBeNull();
    const none = { ...LIMITS, maxMemoryMb: null, maxAgeHours: null };
    expect(chosen([look('a', { memoryMb: 9000, ageHours: 900 })], none)).toBeNull();
  });

  test('the biggest first, the oldest when none is too big', () => {
    const old = [look('old', { ageHours: 30 }), look('older', { ageHours: 40 })];
    expect(chosen(old)).toBe('older');
    expect(chosen([...old, look('big', { memoryMb: 1600 }), look('bigger', { memoryMb: 1700 })])).toBe('bigger');
  });
});

describe('a browser above its limit is left alone', () => {
  test('until its session was without activity for a while', () => {
    expect(chosen([look('a', { memoryMb: 1600, quietMs: 59_999 })])).toBeNull();
    expect(chosen([look('a', { memoryMb: 1600, quietMs: 60_000 })])).toBe('a');
    expect(chosen([{ ...look('a', { memoryMb: 1600 }), lastActivityAt: null }])).toBe('a');
  });

  test('while a message waits to be sent or for its receipt', () => {
    expect(chosen([{ ...look('a', { ageHours: 99 }), hasPendingMessages: true }])).toBeNull();
  });

  test('while its session is not connected, or not yet for long', () => {
    for (const name of Object.keys(EVERY_STATUS)) {
      const session = { ...look('a', { memoryMb: 1600 }), state: inStatus(name) };
      expect([name, chosen([session])]).toEqual([name, name === 'connected, stable' ? 'a' : null]);
    }
    expect(chosen([{ ...look('a'), browser: null }])).toBeNull();
  });

  test('while another session is on its way back, but not for one that waits for a person', () => {
    for (const name of Object.keys(EVERY_STATUS)) {
      const session = { ...look('b'), state: inStatus(name) };
      const blocks = /^(connecting|reconnecting|suspended)/.test(name);
      expect([name, chosen([look('a', { ageHours: 99 }), session])]).toEqual([name, blocks ? null : 'a']);
    }
    const halted = { ...look('b'), state: { ...inStatus('suspended'), until: null } as SessionLook['state'] };
    expect(chosen([look('a', { ageHours: 99 }), halted])).toBe('a');
  });

  test('within an hour after it was replaced for its memory, so that a limit set too low makes no loop', () => {
    const again = (agoMs: number, memoryMb: number) =>
      chosen([{ ...look('a', { memoryMb }), memoryRecycledAt: NOW - agoMs }]);
    expect(again(HOUR_MS - 1, 1600)).toBeNull();
    expect(again(HOUR_MS - 1, 9000)).toBeNull();
    expect(again(HOUR_MS, 1600)).toBe('a');
  });

  test('when the machine could not hold the new one', () => {
    const context = { ...ROOMY, availableBytes: 50 * MB };
    expect(chosen([look('a', { ageHours: 99, memoryMb: 249 })], LIMITS, context)).toBeNull();
    expect(chosen([look('a', { ageHours: 99, memoryMb: 250 })], LIMITS, context)).toBe('a');
  });
});

describe('a browser that leaks, above 1.5 times its limit', () => {
  const leaking = { ...look('a', { memoryMb: 2251, quietMs: 0 }), hasPendingMessages: true };

  test('waits neither for idleness nor for other sessions', () => {
    expect(chosen([{ ...leaking, browser: { memoryBytes: 2250 * MB, startedAt: NOW } }])).toBeNull();
    expect(chosen([leaking])).toBe('a');
    expect(chosen([leaking, { ...look('b'), state: inStatus('reconnecting, waiting') }])).toBe('a');
  });

  test('waits for another one that is being replaced', () => {
    const recycled = stableStory().report({ type: 'recycle', why: 'age', memoryMb: 200, ageHours: 25 });
    expect(chosen([leaking, { ...look('b'), state: recycled.state }])).toBeNull();
    expect(chosen([leaking, { ...look('b'), state: comesUp(recycled).state }])).toBe('a');
  });
});

describe('a session whose browser is replaced', () => {
  const RECYCLE = { type: 'recycle', why: 'memory', memoryMb: 1600, ageHours: 30.5 } as const;

  test('closes it cleanly, keeps its login and launches another', () => {
    const told = stableStory().report(RECYCLE);
    expect(told.effects).toEqual([
      { type: 'close', mode: 'graceful' },
      { type: 'snapshot' },
      { type: 'launch', epoch: 2 },
    ]);
    expect(told.state).toMatchObject({ status: 'connecting', reason: 'recycled', deadlineAt: null, attempt: 0 });
    expect(userActionOf(told.state)).toBe('none');
    expect(describeState(told.state, told.now)).toMatch(/replaced .* It waits for its turn to start\.$/);
  });

  test('says why, with the figures', () => {
    const { event, message, data } = stableStory().report(RECYCLE).notes[0] ?? {};
    expect(event).toBe('session.recycled');
    expect(message).toBe('sales: its browser is 1600 MB large and is replaced by a new one');
    expect(data).toEqual({ why: 'memory', memoryMb: 1600, ageHours: 30.5 });
    const aged = stableStory().report({ ...RECYCLE, why: 'age' });
    expect(aged.notes[0]?.message).toContain('30.5 h old');
  });

  test('was not lost: nothing is healed when it is connected again', () => {
    const told = comesUp(stableStory().report(RECYCLE));
    expect(told.state).toMatchObject({ status: 'connected', reason: 'ready', lost: null, healed: null, errorCount: 0 });
  });

  test('is brought back like any other when the new browser fails', () => {
    const told = stableStory().report(RECYCLE, { type: 'admitted' });
    told.report({ type: 'failed', reason: 'init_timeout', detail: 'simulated' });
    expect(told.state).toMatchObject({ status: 'reconnecting', step: 'waiting', reason: 'init_timeout' });
  });

  test.each(Object.keys(EVERY_STATUS).filter((name) => name !== 'connected, stable'))(
    'is left alone while %s',
    (name) => {
      const told = EVERY_STATUS[name]?.() ?? connectedStory();
      const { state } = told;
      expect(told.report(RECYCLE).state).toBe(state);
      expect(told.effects).toEqual([]);
    },
  );

  test('is left alone when it has another browser by now', () => {
    const told = stableStory();
    const { state } = told;
    expect(told.tell({ ...RECYCLE, epoch: state.epoch - 1 }).state).toBe(state);
  });
});
