import { describe, expect, test } from '@jest/globals';
import { initialState, type SessionState } from '../../src/domain/session-state.js';
import type { SessionFacts } from '../../src/domain/store-ports.js';
import { sessionView } from '../../src/fleet/session-view.js';
import { SessionActor } from '../../src/session/actor.js';
import { HEALTHY } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { buildHouse, insertRecord } from '../support/fake-house.js';
import { anIncoming } from '../support/fake-whatsapp.js';
import { aFleet } from './fleet-driver.js';

/** A moment of its own for every field, so that none can be taken for another. */
const at = (second: number) => Date.UTC(2026, 0, 1, 0, 0, second);
const iso = (second: number) => new Date(at(second)).toISOString();

const FACTS: SessionFacts = {
  phoneNumber: '491512223334',
  webVersion: '2.3000.7',
  lastQrScanAt: at(5),
  lastConnectionCheckAt: at(6),
  lastActivityAt: at(7),
};

const SUSPENDED: SessionState = {
  ...initialState(at(1)),
  status: 'suspended',
  until: at(50),
  reason: 'ready_timeout',
  since: at(2),
  desired: 'running',
  epoch: 3,
  attempt: 4,
  lastAttemptAt: at(3),
  errorCount: 5,
  breaker: { state: 'open', failures: 6, until: at(49) },
  credentials: { failures: 2, lastFailureAt: at(4) },
  linked: true,
};

/** What the API shows of a stored session, 40 s into the story. */
function viewOf(state: SessionState, maxAttempts: number | null = 10) {
  const house = buildHouse();
  const actor = new SessionActor(insertRecord(house, 'sales', { label: 'Sales', state, facts: FACTS }), house);
  return sessionView(actor, { now: at(40), maxAttempts, measureMemory: () => 1 });
}

describe('R01 the view of a session', () => {
  test('that is suspended says when it was tried last, when it is tried next, and all that failed before', () => {
    expect(viewOf(SUSPENDED)).toEqual({
      id: 'sales',
      label: 'Sales',
      phoneNumber: '491512223334',
      status: 'suspended',
      reason: 'ready_timeout',
      message: expect.stringMatching(/one more try in 10 s\.$/),
      userAction: 'none',
      since: iso(2),
      desired: 'running',
      attempt: 4,
      maxAttempts: 10,
      nextAttemptAt: iso(50),
      lastReconnectAttempt: iso(3),
      isReconnecting: false,
      errorCount: 5,
      circuit: { state: 'open', resumesAt: iso(50) },
      connectionFailureCount: 2,
      lastConnectionFailure: iso(4),
      lastQrScanAt: iso(5),
      lastConnectionCheckAt: iso(6),
      lastActivityAt: iso(7),
      uptimeSeconds: 0,
      isConnected: false,
      browser: null,
      webVersion: '2.3000.7',
      health: { verdict: 'unknown', checkedAt: null, latencyMs: null },
    });
  });

  test('that waits for a person has no next attempt, and where there is no limit there is none to show', () => {
    const halted = { ...SUSPENDED, until: null, breaker: { state: 'open', failures: 6, until: null } } as const;
    expect(viewOf(halted, null)).toMatchObject({
      maxAttempts: null,
      nextAttemptAt: null,
      circuit: { state: 'open', resumesAt: null },
      userAction: 'force_reconnect',
    });
  });

  test('tells an attempt that waits from one that is under way', () => {
    const { status: _status, until: _until, ...common } = SUSPENDED;
    const lost = { ...common, status: 'reconnecting', breaker: { state: 'half_open', failures: 6 } } as const;
    expect(viewOf({ ...lost, step: 'waiting', dueAt: at(60) })).toMatchObject({
      isReconnecting: false,
      nextAttemptAt: iso(60),
      circuit: { state: 'half_open', resumesAt: null },
    });
    expect(
      viewOf({ ...lost, step: 'healing', rung: 'relaunch', stage: 'launching', deadlineAt: at(61) }),
    ).toMatchObject({ isReconnecting: true, nextAttemptAt: null });
  });

  test('that sleeps says when it is woken', () => {
    expect(viewOf({ ...SUSPENDED, status: 'idle', wakeAt: at(62) })).toMatchObject({
      status: 'idle',
      nextAttemptAt: iso(62),
      circuit: { state: 'open', resumesAt: iso(49) },
    });
  });

  test('that is connected says since when, what its browser takes and how it answered last', async () => {
    const { house, machine, supervisor, fleet } = aFleet();
    await supervisor.start();
    const startedAt = house.clock.now();
    house.browsers.prepare = (made) => {
      made.startPlan = 'hangs';
    };
    await fleet.create({ id: 'sales' }, true);
    await house.clock.advance(2000);
    house.browsers.latest.letGo();
    house.browsers.latest.ready();
    await settled();
    machine.browserBytes.set('sales', 123_456);
    house.browsers.latest.nextProbe = () => ({ ...HEALTHY, latencyMs: 42 });
    const readyAt = house.clock.now();
    const sinceReady = (ms: number) => new Date(readyAt + ms).toISOString();
    await house.clock.advance(12_000);
    house.browsers.latest.spec.onMessage(anIncoming('m', house.clock.now()));
    await house.clock.advance(2999);
    expect(fleet.get('sales')).toMatchObject({
      status: 'connected',
      isConnected: true,
      phoneNumber: '491600000000',
      webVersion: '2.3000.1',
      attempt: 0,
      maxAttempts: 10,
      nextAttemptAt: null,
      isReconnecting: false,
      errorCount: 0,
      since: sinceReady(0),
      uptimeSeconds: 14,
      lastReconnectAttempt: new Date(startedAt).toISOString(),
      lastActivityAt: sinceReady(12_000),
      lastConnectionCheckAt: sinceReady(11_250),
      health: { verdict: 'healthy', checkedAt: sinceReady(11_250), latencyMs: 42 },
      browser: {
        pid: 4711,
        memoryBytes: 123_456,
        startedAt: new Date(startedAt).toISOString(),
        engine: 'headless-shell',
      },
    });
  });

  test('counts the failure of a login and keeps its time', async () => {
    const { house, supervisor, fleet, connected, client } = aFleet();
    await supervisor.start();
    await connected('sales');
    await house.clock.advance(100_000);
    const failedAt = new Date(house.clock.now()).toISOString();
    client('sales').tell({ type: 'auth-failed' });
    await house.clock.advance(7000);
    expect(fleet.get('sales')).toMatchObject({
      status: 'disconnected',
      reason: 'auth_failed',
      userAction: 'scan_qr',
      since: failedAt,
      connectionFailureCount: 1,
      lastConnectionFailure: failedAt,
      isConnected: false,
      uptimeSeconds: 0,
      browser: null,
    });
  });

  test('follows the attempts after a crash, and counts what went wrong', async () => {
    const { house, supervisor, fleet, connected, client } = aFleet();
    await supervisor.start();
    await connected('sales');
    await house.clock.advance(100_000);
    const lostAt = house.clock.now();
    const sinceLost = (ms: number) => new Date(lostAt + ms).toISOString();
    client('sales').tell({ type: 'browser-exited' });
    await house.clock.advance(1000);
    const underWay = { isReconnecting: true, attempt: 1, errorCount: 1, lastReconnectAttempt: sinceLost(0) };
    expect(fleet.get('sales')).toMatchObject({
      ...underWay,
      nextAttemptAt: null,
      browser: { pid: 4712, startedAt: sinceLost(0) },
    });
    client('sales').tell({ type: 'failed', reason: 'init_timeout', detail: 'simulated' });
    await house.clock.advance(1000);
    expect(fleet.get('sales')).toMatchObject({
      ...underWay,
      isReconnecting: false,
      errorCount: 2,
      nextAttemptAt: sinceLost(11_000),
      connectionFailureCount: 0,
      lastConnectionFailure: null,
    });
  });
});
