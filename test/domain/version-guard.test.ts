import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { initialState, type SessionState } from '../../src/domain/session-state.js';
import {
  type GuardContext,
  type GuardDecision,
  guardAfter,
  hasFailedToLoad,
  LIVE,
  type LoadedPage,
  type PageEvidence,
  type VersionGuard,
  versionFor,
} from '../../src/domain/version-guard.js';

const NEW = { version: 'new', kept: false };
const NEWER = { version: 'newer', kept: false };
const GOOD = { version: 'good', kept: true };
const OLDER = { version: 'older', kept: true };
const HOUR_MS = 3_600_000;
const policy = { failuresBeforeTrial: 2, retryAfterMs: 6 * HOUR_MS };
const usual: GuardContext = { now: 1000, good: ['good', 'older'], running: 3, policy };

const failed = (sessionId: string, page: LoadedPage = NEW): PageEvidence => ({ type: 'failed', sessionId, page });
const ready = (sessionId: string, page: LoadedPage): PageEvidence => ({ type: 'ready', sessionId, page });
const loaded = (sessionId: string, page: LoadedPage): PageEvidence => ({ type: 'loaded', sessionId, page });
const outdated = (sessionId: string, page: LoadedPage): PageEvidence => ({ type: 'outdated', sessionId, page });

/** Tells a guard one thing after the other; gives where that leads and what was decided on the way. */
function told(from: VersionGuard, evidence: PageEvidence[], change: Partial<GuardContext> = {}) {
  const decisions: GuardDecision[] = [];
  let guard = from;
  for (const one of evidence) {
    const step = guardAfter(guard, one, { ...usual, ...change });
    guard = step.guard;
    if (step.decision !== null) decisions.push(step.decision);
  }
  return { guard, decisions, types: decisions.map(({ type }) => type) };
}

const onTrial = () => told(LIVE, [failed('a'), failed('b')]).guard;
const held = () => told(onTrial(), [ready('b', GOOD)]).guard;

describe('while sessions load what WhatsApp serves', () => {
  test('one failed load is not enough to suspect the version', () => {
    expect(told(LIVE, [failed('a')]).types).toEqual([]);
  });

  test('the second on a version that never worked sends that session to the last good page', () => {
    const { guard, decisions } = told(LIVE, [failed('a'), failed('b')]);
    expect(decisions).toEqual([{ type: 'try-kept', canary: 'b' }]);
    expect([versionFor(guard, 'a'), versionFor(guard, 'b')]).toEqual([null, 'good']);
  });

  test('a number that is alone is enough by itself', () => {
    expect(told(LIVE, [failed('a')], { running: 1 }).types).toEqual(['try-kept']);
  });

  test('a version that worked before is never suspected', () => {
    const again = { version: 'good', kept: false };
    expect(told(LIVE, [failed('a', again), failed('b', again), failed('c', again)]).types).toEqual([]);
  });

  test('failures on two different versions are not alike', () => {
    expect(told(LIVE, [failed('a', NEW), failed('b', NEWER)]).types).toEqual([]);
  });

  test('somebody who gets ready clears the version', () => {
    expect(told(LIVE, [failed('a'), ready('c', NEW), failed('b')]).types).toEqual([]);
  });

  test('without a good page there is nothing to go back to', () => {
    expect(told(LIVE, [failed('a'), failed('b'), failed('c')], { good: [] }).types).toEqual([]);
  });

  test('a page that does not say its version can be suspected, too', () => {
    const mute = { version: null, kept: false };
    expect(told(LIVE, [failed('a', mute), failed('b', mute)]).types).toEqual(['try-kept']);
  });

  test('each session that is told its version is too old loads once again, and only once', () => {
    const { decisions } = told(LIVE, [outdated('a', NEW), outdated('b', NEW), outdated('a', NEW), outdated('b', NEW)]);
    expect(decisions).toEqual([
      { type: 'reload', sessionId: 'a' },
      { type: 'reload', sessionId: 'b' },
    ]);
  });
});

describe('while one session tries a kept page', () => {
  test('the fleet is held on it when that session gets ready', () => {
    const { guard, types } = told(onTrial(), [ready('b', GOOD)]);
    expect(types).toEqual(['hold']);
    expect(['a', 'b', 'z'].map((id) => versionFor(guard, id))).toEqual(['good', 'good', 'good']);
  });

  test('the next older page is tried when this one fails', () => {
    const { guard, types } = told(onTrial(), [failed('b', GOOD)]);
    expect([types, versionFor(guard, 'b')]).toEqual([['try-kept'], 'older']);
  });

  test('the version is not to blame when no kept page works, and is left in peace for a while', () => {
    const { guard, types } = told(onTrial(), [failed('b', GOOD), failed('b', OLDER), failed('a'), failed('c')]);
    expect([types, guard.mode]).toEqual([['try-kept', 'acquit'], 'live']);
  });

  test('the version is not to blame when somebody gets ready on it', () => {
    expect(told(onTrial(), [ready('a', NEW)]).types).toEqual(['acquit']);
  });

  test('what the others still fail at changes nothing', () => {
    expect(told(onTrial(), [failed('a'), failed('c')]).guard).toEqual(onTrial());
  });

  test('it ends when that session is stopped', () => {
    expect(told(onTrial(), [{ type: 'resting', sessionId: 'b' }]).guard).toEqual(LIVE);
  });
});

describe('while the fleet is held on a kept page', () => {
  const later = { now: usual.now + 6 * HOUR_MS };

  test('nobody tries the new version before its time', () => {
    const { guard } = told(held(), [{ type: 'asks', sessionId: 'a' }], { now: usual.now + 5 * HOUR_MS });
    expect(versionFor(guard, 'a')).toBe('good');
  });

  test('then the first session that starts anyway tries it, and only that one', () => {
    const { guard } = told(
      held(),
      [
        { type: 'asks', sessionId: 'a' },
        { type: 'asks', sessionId: 'b' },
      ],
      later,
    );
    expect([versionFor(guard, 'a'), versionFor(guard, 'b')]).toEqual([null, 'good']);
  });

  test('all load again what WhatsApp serves when it works', () => {
    const { guard, decisions } = told(held(), [{ type: 'asks', sessionId: 'a' }, ready('a', NEWER)], later);
    expect([guard, decisions]).toEqual([LIVE, [{ type: 'release', why: 'works' }]]);
  });

  test('the same version as before is not waited for', () => {
    const { guard, decisions } = told(held(), [{ type: 'asks', sessionId: 'a' }, loaded('a', NEW)], later);
    expect(decisions).toEqual([{ type: 'reload', sessionId: 'a' }]);
    expect(versionFor(guard, 'a')).toBe('good');
    expect(guard).toMatchObject({ retryAt: later.now + 6 * HOUR_MS, canary: null });
  });

  test('a newer one that fails as well sends its session back to the kept page', () => {
    const { guard, types } = told(held(), [{ type: 'asks', sessionId: 'a' }, failed('a', NEWER)], later);
    expect([types, versionFor(guard, 'a')]).toEqual([['reload'], 'good']);
  });

  test('a kept page that WhatsApp calls too old is given up at once', () => {
    expect(told(held(), [outdated('a', GOOD)]).decisions).toEqual([{ type: 'release', why: 'kept_outdated' }]);
  });

  test('a kept page that fails twice in a row is given up', () => {
    expect(told(held(), [failed('a', GOOD), ready('c', GOOD), failed('b', GOOD)]).types).toEqual([]);
    expect(told(held(), [failed('a', GOOD), failed('b', GOOD)]).decisions).toEqual([
      { type: 'release', why: 'kept_failed' },
    ]);
  });

  test('another session tries when the one that was at it is stopped', () => {
    const evidence: PageEvidence[] = [
      { type: 'asks', sessionId: 'a' },
      { type: 'resting', sessionId: 'a' },
      { type: 'asks', sessionId: 'b' },
    ];
    expect(versionFor(told(held(), evidence, later).guard, 'b')).toBeNull();
  });
});

test('in any life one session at most is on another page than the fleet, and only kept pages are ever loaded', () => {
  const sessionId = fc.constantFrom('a', 'b', 'c');
  const page = fc.constantFrom<LoadedPage>(NEW, NEWER, GOOD, OLDER, { version: null, kept: false });
  const evidence: fc.Arbitrary<PageEvidence> = fc.oneof(
    fc.record({ type: fc.constantFrom('asks' as const, 'resting' as const), sessionId }) as fc.Arbitrary<PageEvidence>,
    fc.record({
      type: fc.constantFrom('loaded' as const, 'ready' as const, 'failed' as const, 'outdated' as const),
      sessionId,
      page,
    }) as fc.Arbitrary<PageEvidence>,
  );
  const life = fc.array(fc.tuple(evidence, fc.nat(HOUR_MS)), { maxLength: 200 });
  fc.assert(
    fc.property(life, fc.subarray(['good', 'older']), fc.integer({ min: 1, max: 3 }), (steps, good, running) => {
      let guard: VersionGuard = LIVE;
      let now = 0;
      for (const [one, pauseMs] of steps) {
        now += pauseMs;
        guard = guardAfter(guard, one, { now, good, running, policy }).guard;
        const pages = ['a', 'b', 'c'].map((id) => versionFor(guard, id));
        const distinct = new Set(pages);
        expect(distinct.size).toBeLessThanOrEqual(2);
        for (const version of distinct) {
          if (version !== null) expect(good).toContain(version);
          const users = pages.filter((other) => other === version).length;
          if (distinct.size === 2) expect(users === 1 || users === 2).toBe(true);
        }
      }
    }),
    { numRuns: 300 },
  );
});

describe('a load has failed', () => {
  const base = { ...initialState(0), desired: 'running' } as const;
  const launching = { ...base, status: 'connecting', stage: 'syncing', deadlineAt: 9, epoch: 1 } as SessionState;
  const waiting = (reason: SessionState['reason']) =>
    ({ ...base, status: 'reconnecting', step: 'waiting', dueAt: 9, epoch: 1, reason }) as SessionState;

  test('when its time is over', () => {
    expect(hasFailedToLoad(launching, waiting('init_timeout'))).toBe(true);
    expect(hasFailedToLoad(launching, waiting('ready_timeout'))).toBe(true);
  });

  test('not when the network was down, the browser died, or it goes on', () => {
    expect(hasFailedToLoad(launching, waiting('network_down'))).toBe(false);
    expect(hasFailedToLoad(launching, waiting('browser_crashed'))).toBe(false);
    expect(hasFailedToLoad(launching, { ...launching, stage: 'launching' } as SessionState)).toBe(false);
  });

  test('not when nothing was being loaded', () => {
    expect(hasFailedToLoad(waiting('init_timeout'), waiting('init_timeout'))).toBe(false);
  });
});
