import type { BackoffPolicy } from './backoff.js';
import type { BreakerPolicy } from './circuit-breaker.js';

/** Which sessions are put to sleep, and for how long. */
export interface ParkingPolicy {
  /** Milliseconds without a message; 0 lets nobody sleep. */
  afterIdleMs: number;
  /** How often a sleeping session is woken to read what came; null never by itself. */
  wakeEveryMs: number | null;
  /** Those that may sleep; null for all. */
  sessions: readonly string[] | null;
}

/** The settings that decisions depend on; the configuration is one of these. */
export interface Policy {
  backoff: BackoffPolicy;
  breaker: BreakerPolicy;
  health: { stableAfterMs: number };
  deadlines: { launchMs: number; readyMs: number; socketGraceMs: number; socketReconnectMs: number; reloadMs: number };
  conflict: { policy: 'takeover' | 'yield'; maxTakeovers: number; windowMs: number };
  qr: { debounceMs: number; timeoutMs: number; maxRounds: number };
  parking: ParkingPolicy;
  browser: { otherEngineAfterFailures: number | null };
  credentials: { discardAfter: number; restoreAfterFailures: number };
}

/** Everything a transition may know beside the state and the event. */
export interface TransitionContext {
  sessionId: string;
  /** Milliseconds since 1970. */
  now: number;
  /** In [0, 1), fresh for every transition. */
  random: number;
  /** The connectivity gate keeps this session from trying: nothing reaches WhatsApp, and another session looks. */
  gateClosed: boolean;
  policy: Policy;
}
