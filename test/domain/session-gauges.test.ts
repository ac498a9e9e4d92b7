import { describe, expect, test } from '@jest/globals';
import { type SessionFigures, sessionGauges } from '../../src/domain/session-gauges.js';
import { initialState, type Phase, type SessionState } from '../../src/domain/session-state.js';

const NOW = 100_000;

function aSession(id: string, phase: Phase, change: Partial<SessionState> = {}): SessionFigures {
  const state = { ...initialState(0), ...change, ...phase } as SessionState;
  return { id, state, lastActivityAt: null, memoryBytes: null };
}

const up = aSession(
  'up',
  { status: 'connected', stableAt: 0, stable: true },
  { reason: 'ready', desired: 'running' as const },
);
const open = aSession(
  'open',
  { status: 'suspended', until: NOW + 1 },
  { reason: 'browser_crashed', desired: 'running', breaker: { state: 'open', failures: 5, until: NOW + 1 } },
);
const gone = aSession('gone', { status: 'disconnected' }, { reason: 'logged_out', desired: 'running' });

/** A gauge as `label=value`. */
const shown = (samples: readonly { labels: object; value: number }[]) =>
  samples.map(({ labels, value }) => `${Object.values(labels)}=${value}`);

describe('the gauges of sessions', () => {
  const gauges = sessionGauges([up, open, gone, { ...up, id: 'up too', lastActivityAt: 70_000, memoryBytes: 5 }], NOW);

  test('count them by status and reason, and name none that does not occur', () => {
    expect(shown(gauges.wakeful_sessions)).toEqual([
      'connected,ready=2',
      'suspended,browser_crashed=1',
      'disconnected,logged_out=1',
    ]);
  });

  test('say of each whether it is up, whether it should be, and who is needed', () => {
    expect(shown(gauges.wakeful_session_up)).toEqual(['up=1', 'open=0', 'gone=0', 'up too=1']);
    expect(shown(gauges.wakeful_session_wanted)).toEqual(['up=1', 'open=1', 'gone=1', 'up too=1']);
    expect(shown(gauges.wakeful_session_needs_person)).toEqual(['up=0', 'open=0', 'gone=1', 'up too=0']);
    expect(shown(gauges.wakeful_session_breaker_open)).toEqual(['up=0', 'open=1', 'gone=0', 'up too=0']);
  });

  test('leave out what is not known of one', () => {
    expect(shown(gauges.wakeful_session_idle_seconds)).toEqual(['up too=30']);
    expect(shown(gauges.wakeful_browser_memory_bytes)).toEqual(['up too=5']);
  });

  test('never let time run backwards when the clock was set', () => {
    const { wakeful_session_idle_seconds: idle } = sessionGauges([{ ...up, lastActivityAt: NOW + 5_000 }], NOW);
    expect(shown(idle)).toEqual(['up=0']);
  });
});
