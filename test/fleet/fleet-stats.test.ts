import { describe, expect, test } from '@jest/globals';
import { initialState, type SessionState } from '../../src/domain/session-state.js';
import { FleetStatistics } from '../../src/fleet/fleet-stats.js';
import { aFleet } from './fleet-driver.js';

const HOUR_MS = 3_600_000;

describe('R28 the failures of logins', () => {
  /** A fleet of sessions that failed so often; when, in hours before now. */
  async function failuresOf(...sessions: [failures: number, hoursAgo: number | null][]) {
    const { house, known, supervisor, fleet } = aFleet();
    const now = house.clock.now();
    sessions.forEach(([failures, hoursAgo], index) => {
      const lastFailureAt = hoursAgo === null ? null : now - hoursAgo * HOUR_MS;
      known(`s${index}`, { credentials: { failures, lastFailureAt } });
    });
    await supervisor.start();
    return fleet.stats().failures;
  }

  test('have a mean over all sessions, those that never failed with them', async () => {
    expect(await failuresOf([5, 1], [0, null], [0, null], [1, 1])).toMatchObject({ mean: 1.5 });
    expect(await failuresOf()).toEqual({ mean: 0, atThreshold: 0, last24Hours: 0 });
  });

  test('are at the threshold from 2 on', async () => {
    expect(await failuresOf([1, 1], [1, 1], [0, null])).toMatchObject({ atThreshold: 0 });
    expect(await failuresOf([1, 1], [2, 1], [4, 1])).toMatchObject({ atThreshold: 2 });
  });

  test('are of the last 24 hours and not of an hour earlier', async () => {
    expect(await failuresOf([1, 25], [1, 24], [0, null])).toMatchObject({ last24Hours: 0 });
    // A number that was linked anew has no failures left, but it had one.
    expect(await failuresOf([1, 23], [0, 1], [2, 25])).toMatchObject({ last24Hours: 2 });
  });
});

describe('R28 the time to recover', () => {
  const connected = (healedInMs: number | null): SessionState => ({
    ...initialState(0),
    ...{ status: 'connected', stable: false, stableAt: 0 },
    healed: healedInMs === null ? null : { reason: 'socket_lost', rung: 'socket', tookMs: healedInMs },
  });
  const lost: SessionState = { ...initialState(0), status: 'reconnecting', step: 'waiting', dueAt: 1 };

  function recoveriesOf(tookMs: readonly (number | null)[]) {
    const statistics = new FleetStatistics(0);
    for (const took of tookMs) {
      statistics.observe({ type: 'state', sessionId: 'a', before: lost, after: connected(took) });
    }
    const summary = () =>
      statistics.summary([], {
        now: 90_500,
        measureMemory: () => 0,
        availableMemoryBytes: () => null,
        restoring: null,
      });
    return { statistics, summary, timeToRecoverMs: () => summary().timeToRecoverMs };
  }

  test('is told by what half of them were faster than, and 95 of a hundred', () => {
    // 1 s to 100 s, in no order.
    const seconds = Array.from({ length: 100 }, (_, index) => ((index * 37 + 99) % 100) + 1);
    const { timeToRecoverMs } = recoveriesOf(seconds.map((second) => second * 1000));
    expect(timeToRecoverMs()).toEqual({ p50: 51_000, p95: 96_000, count: 100 });
    expect(recoveriesOf([9000, 1000, 2000]).timeToRecoverMs()).toEqual({ p50: 2000, p95: 9000, count: 3 });
  });

  test('is not there while nothing was healed: a first connection and a change while connected are no recovery', () => {
    const { statistics, summary, timeToRecoverMs } = recoveriesOf([null]);
    statistics.observe({ type: 'state', sessionId: 'a', before: connected(7), after: connected(7) });
    statistics.observe({ type: 'state', sessionId: 'a', before: connected(7), after: lost });
    expect(timeToRecoverMs()).toEqual({ p50: null, p95: null, count: 0 });
    expect(summary()).toMatchObject({ sessions: 0, uptimeSeconds: 90 });
  });

  test('is that of the last thousand recoveries', () => {
    const { timeToRecoverMs } = recoveriesOf([
      ...new Array<number>(600).fill(60_000),
      ...new Array<number>(1000).fill(2000),
    ]);
    expect(timeToRecoverMs()).toEqual({ p50: 2000, p95: 2000, count: 1000 });
  });
});
