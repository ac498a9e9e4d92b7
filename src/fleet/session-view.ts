import type { Breaker } from '../domain/circuit-breaker.js';
import { describeState, userActionOf } from '../domain/description.js';
import type { MeasureMemory } from '../domain/ports.js';
import type { SessionState } from '../domain/session-state.js';
import type { SessionActor } from '../session/actor.js';
import type { SessionView } from './facade.js';

interface ViewContext {
  now: number;
  maxAttempts: number | null;
  measureMemory: MeasureMemory;
}

const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

function nextAttemptAt(state: SessionState): number | null {
  if (state.status === 'suspended') return state.until;
  if (state.status === 'idle') return state.wakeAt;
  return state.status === 'reconnecting' && state.step === 'waiting' ? state.dueAt : null;
}

function circuitView(breaker: Breaker, state: SessionState): SessionView['circuit'] {
  const resumesAt = state.status === 'suspended' ? state.until : breaker.state === 'open' ? breaker.until : null;
  return { state: breaker.state, resumesAt: iso(resumesAt) };
}

/** The session as the HTTP contract shows it. */
export function sessionView(actor: SessionActor, { now, maxAttempts, measureMemory }: ViewContext): SessionView {
  const { id, label, state, facts } = actor.record;
  const process = actor.browser.client?.browser() ?? null;
  const { verdict, checkedAt, latencyMs } = actor.health;
  const isConnected = state.status === 'connected';
  return {
    id,
    label,
    phoneNumber: facts.phoneNumber,
    status: state.status,
    reason: state.reason,
    message: describeState(state, now),
    userAction: userActionOf(state),
    since: new Date(state.since).toISOString(),
    desired: state.desired,
    attempt: state.attempt,
    maxAttempts,
    nextAttemptAt: iso(nextAttemptAt(state)),
    lastReconnectAttempt: iso(state.lastAttemptAt),
    isReconnecting: state.status === 'reconnecting' && state.step === 'healing',
    errorCount: state.errorCount,
    circuit: circuitView(state.breaker, state),
    connectionFailureCount: state.credentials.failures,
    lastConnectionFailure: iso(state.credentials.lastFailureAt),
    lastQrScanAt: iso(facts.lastQrScanAt),
    lastConnectionCheckAt: iso(facts.lastConnectionCheckAt),
    lastActivityAt: iso(facts.lastActivityAt),
    uptimeSeconds: isConnected ? Math.max(0, Math.floor((now - state.since) / 1000)) : 0,
    isConnected,
    browser: process && {
      pid: process.pid,
      memoryBytes: measureMemory(process.pid),
      startedAt: new Date(process.startedAt).toISOString(),
      engine: process.engine,
    },
    webVersion: facts.webVersion,
    health: { verdict, checkedAt: iso(checkedAt), latencyMs },
  };
}
