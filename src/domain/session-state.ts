import { type Breaker, CLOSED_BREAKER } from './circuit-breaker.js';
import { type CredentialRecord, TRUSTED_CREDENTIALS } from './credential-policy.js';
import { type EngineRecord, USUAL_ENGINE } from './engine-record.js';
import type { QrGate } from './qr-gate.js';
import type { Reason } from './reason.js';
import { NO_SNAPSHOT, type SnapshotRecord } from './snapshot-record.js';

export const STATUSES = [
  'idle',
  'connecting',
  'qr_pending',
  'connected',
  'reconnecting',
  'suspended',
  'disconnected',
  'error',
] as const;
export type Status = (typeof STATUSES)[number];

/**
 * Cheapest first: what heals a fault. `grace` leaves the page alone, `relaunch` is a new browser, `snapshot` one on
 * the last good copy of the login.
 */
export const RUNGS = ['grace', 'socket', 'takeover', 'reload', 'relaunch', 'snapshot'] as const;
export type Rung = (typeof RUNGS)[number];
/** The rungs that keep the browser. */
export type GentleRung = Exclude<Rung, 'relaunch' | 'snapshot'>;

/** The rung is a browser that starts anew. */
export function isNewBrowser(rung: Rung): rung is 'relaunch' | 'snapshot' {
  return rung === 'relaunch' || rung === 'snapshot';
}

/** What an attempt has reached: `launching` until the page is injected, `syncing` from the accepted login to ready. */
export type Stage = 'launching' | 'syncing';

/**
 * Only what belongs to a status exists in it; times are milliseconds since 1970. `wakeAt` is for a session that sleeps. A `deadlineAt` of null means
 * that the launch still waits for its turn: the time for it runs only from then on.
 */
export type Phase =
  | { readonly status: 'idle'; readonly wakeAt: number | null }
  | { readonly status: 'connecting'; readonly stage: Stage; readonly deadlineAt: number | null }
  | { readonly status: 'qr_pending'; readonly qr: QrGate; readonly hideAt: number }
  | { readonly status: 'connected'; readonly stableAt: number; readonly stable: boolean }
  | { readonly status: 'reconnecting'; readonly step: 'waiting'; readonly dueAt: number }
  | {
      readonly status: 'reconnecting';
      readonly step: 'healing';
      readonly rung: Rung;
      readonly stage: Stage;
      readonly deadlineAt: number | null;
    }
  | { readonly status: 'suspended'; readonly until: number | null }
  | { readonly status: 'disconnected' }
  | { readonly status: 'error' };

/** What outlives a status. */
export interface Common {
  readonly reason: Reason;
  readonly since: number;
  readonly desired: 'running' | 'stopped';
  /** Number of the present launch; every launch has its own, and what an older one says is dropped. */
  readonly epoch: number;
  /** Reconnect attempts since the session was last stable. */
  readonly attempt: number;
  readonly lastAttemptAt: number | null;
  readonly errorCount: number;
  readonly breaker: Breaker;
  readonly credentials: CredentialRecord;
  /** The profile holds a login that was accepted once and not taken back since. */
  readonly linked: boolean;
  /** The last good copy of the login and what became of it. */
  readonly snapshot: SnapshotRecord;
  /** Which build of the browser it takes, and why. */
  readonly engine: EngineRecord;
  /** Rounds of QR codes shown since the last scan or command. */
  readonly qrRounds: number;
  /** When the login was taken back from another page lately; milliseconds since 1970, oldest first. */
  readonly conflicts: readonly number[];
  /** When and why the session was lost, for the time to recover; null while nothing is wrong. */
  readonly lost: { readonly at: number; readonly reason: Reason } | null;
  /** The rung that healed the last fault and how long it took, shown beside `connected`. */
  readonly healed: { readonly reason: Reason; readonly rung: Rung; readonly tookMs: number } | null;
}

/** The whole state of one session: plain JSON, changed only by `transition`. */
export type SessionState = Common & Phase;

/** A session that was just created. */
export function initialState(now: number): SessionState {
  return {
    status: 'idle',
    wakeAt: null,
    reason: 'never_started',
    since: now,
    desired: 'stopped',
    epoch: 0,
    attempt: 0,
    lastAttemptAt: null,
    errorCount: 0,
    breaker: CLOSED_BREAKER,
    credentials: TRUSTED_CREDENTIALS,
    linked: false,
    snapshot: NO_SNAPSHOT,
    engine: USUAL_ENGINE,
    qrRounds: 0,
    conflicts: [],
    lost: null,
    healed: null,
  };
}

/** True when a browser of the present epoch runs or is being started, so that it must be closed before another. */
export function ownsBrowser(state: SessionState): boolean {
  switch (state.status) {
    case 'connecting':
    case 'qr_pending':
    case 'connected':
      return true;
    case 'reconnecting':
      return state.step === 'healing';
    case 'idle':
    case 'suspended':
    case 'disconnected':
    case 'error':
      return false;
    default:
      return state satisfies never;
  }
}
