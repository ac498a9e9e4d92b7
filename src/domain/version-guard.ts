import type { Reason } from './reason.js';
import { isNewBrowser, type SessionState } from './session-state.js';

/** The page that a session has loaded: what WhatsApp serves, or a kept one. Its version is null when it does not say. */
export interface LoadedPage {
  readonly version: string | null;
  readonly kept: boolean;
}

/** Loads that failed in a row on one version, by whatever sessions. */
interface Failures {
  readonly version: string | null;
  readonly count: number;
}

/** A version that WhatsApp called too old, and who was told to load again because of that: each once. */
interface Retired {
  readonly version: string | null;
  readonly sessionIds: readonly string[];
}

/**
 * Which page of WhatsApp Web the fleet loads. `live`: what WhatsApp serves. `trial`: that fails, and one session, the
 * canary, tries a kept page. `held`: the kept page works and everybody loads it; now and then a canary tries what
 * WhatsApp serves by then. Times are milliseconds since 1970.
 */
export type VersionGuard =
  | { readonly mode: 'live'; readonly failures: Failures; readonly retired: Retired; readonly trustUntil: number }
  | {
      readonly mode: 'trial';
      readonly bad: string | null;
      readonly on: string;
      readonly older: readonly string[];
      readonly canary: string;
    }
  | {
      readonly mode: 'held';
      readonly bad: string | null;
      readonly on: string;
      readonly since: number;
      readonly retryAt: number;
      readonly canary: string | null;
      /** Loads of the kept page that failed in a row. */
      readonly failures: number;
    };

export type Held = Extract<VersionGuard, { mode: 'held' }>;

/** What a session shows of the page that it loads; `resting`: it no longer tries. */
export type PageEvidence =
  | { readonly type: 'asks'; readonly sessionId: string }
  | { readonly type: 'resting'; readonly sessionId: string }
  | { readonly type: 'loaded'; readonly sessionId: string; readonly page: LoadedPage }
  | { readonly type: 'ready'; readonly sessionId: string; readonly page: LoadedPage }
  | { readonly type: 'failed'; readonly sessionId: string; readonly page: LoadedPage }
  | { readonly type: 'outdated'; readonly sessionId: string; readonly page: LoadedPage };

/**
 * What follows for the fleet: the canary tries the kept page; the fleet goes to the kept page; it returns to what WhatsApp
 * serves; what was suspected is not to blame; one session loads its page again.
 */
export type GuardDecision =
  | { readonly type: 'try-kept'; readonly canary: string }
  | { readonly type: 'hold' }
  | { readonly type: 'release'; readonly why: 'works' | 'kept_failed' | 'kept_outdated' }
  | { readonly type: 'acquit' }
  | { readonly type: 'reload'; readonly sessionId: string };

export interface GuardContext {
  readonly now: number;
  /** Versions of the kept pages, each of which a session became ready on; the last one first. */
  readonly good: readonly string[];
  /** Sessions that should run. */
  readonly running: number;
  readonly policy: { readonly failuresBeforeTrial: number; readonly retryAfterMs: number };
}

interface GuardStep {
  guard: VersionGuard;
  decision: GuardDecision | null;
}

const NO_FAILURES: Failures = { version: null, count: 0 };
const KEPT_FAILURES = 2;

export const LIVE: Extract<VersionGuard, { mode: 'live' }> = {
  mode: 'live',
  failures: NO_FAILURES,
  retired: { version: null, sessionIds: [] },
  trustUntil: 0,
};

/** The version whose kept page this session is to load, null for what WhatsApp serves. */
export function versionFor(guard: VersionGuard, sessionId: string): string | null {
  switch (guard.mode) {
    case 'live':
      return null;
    case 'trial':
      return guard.canary === sessionId ? guard.on : null;
    case 'held':
      return guard.canary === sessionId ? null : guard.on;
    default:
      return guard satisfies never;
  }
}

/** The guard after what a session showed, and what follows from it. */
export function guardAfter(guard: VersionGuard, evidence: PageEvidence, context: GuardContext): GuardStep {
  switch (guard.mode) {
    case 'live':
      return whileLive(guard, evidence, context);
    case 'trial':
      return whileTrial(guard, evidence, context);
    case 'held':
      return whileHeld(guard, evidence, context);
    default:
      return guard satisfies never;
  }
}

const stay = (guard: VersionGuard): GuardStep => ({ guard, decision: null });

function whileLive(guard: typeof LIVE, evidence: PageEvidence, context: GuardContext): GuardStep {
  if (evidence.type === 'asks' || evidence.type === 'resting' || evidence.type === 'loaded') return stay(guard);
  const { sessionId, page } = evidence;
  switch (evidence.type) {
    case 'ready':
      return stay(page.version === guard.failures.version ? { ...guard, failures: NO_FAILURES } : guard);
    case 'outdated':
      return retire(guard, sessionId, page.version);
    case 'failed':
      // A kept page that somebody still had, from before.
      return page.kept ? stay(guard) : suspect(guard, sessionId, page.version, context);
    default:
      return evidence satisfies never;
  }
}

/** A page that was loaded long ago may be too old: WhatsApp serves a newer one by now. Each session looks once. */
function retire(guard: typeof LIVE, sessionId: string, version: string | null): GuardStep {
  const known = guard.retired.version === version ? guard.retired.sessionIds : [];
  if (known.includes(sessionId)) return stay(guard);
  const retired = { version, sessionIds: [...known, sessionId] };
  return { guard: { ...guard, retired }, decision: { type: 'reload', sessionId } };
}

/** Only a version on which nobody became ready yet is under suspicion, and only when there is another to go back to. */
function suspect(
  guard: typeof LIVE,
  sessionId: string,
  version: string | null,
  { now, good, running, policy }: GuardContext,
): GuardStep {
  const [on, ...older] = good;
  const isKnownGood = version !== null && good.includes(version);
  if (isKnownGood || on === undefined || now < guard.trustUntil) return stay(guard);
  const count = guard.failures.version === version ? guard.failures.count + 1 : 1;
  // A number that is alone cannot wait for a second one to fail.
  if (count < (running <= 1 ? 1 : policy.failuresBeforeTrial)) {
    return stay({ ...guard, failures: { version, count } });
  }
  return {
    guard: { mode: 'trial', bad: version, on, older, canary: sessionId },
    decision: { type: 'try-kept', canary: sessionId },
  };
}

function whileTrial(
  guard: Extract<VersionGuard, { mode: 'trial' }>,
  evidence: PageEvidence,
  { now, policy }: GuardContext,
): GuardStep {
  const { bad, canary } = guard;
  const acquitted: GuardStep = {
    guard: { ...LIVE, trustUntil: now + policy.retryAfterMs },
    decision: { type: 'acquit' },
  };
  // Somebody got through on the version under suspicion.
  if (evidence.type === 'ready' && !evidence.page.kept && evidence.page.version === bad) return acquitted;
  if (evidence.sessionId !== canary) return stay(guard);
  if (evidence.type === 'resting') return stay(LIVE);
  if (evidence.type === 'asks' || evidence.type === 'loaded' || !evidence.page.kept) return stay(guard);
  if (evidence.type === 'ready') {
    const retryAt = now + policy.retryAfterMs;
    return {
      guard: { mode: 'held', bad, on: guard.on, since: now, retryAt, canary: null, failures: 0 },
      decision: { type: 'hold' },
    };
  }
  const [on, ...older] = guard.older;
  if (on === undefined) return acquitted;
  return { guard: { ...guard, on, older }, decision: { type: 'try-kept', canary } };
}

function whileHeld(guard: Held, evidence: PageEvidence, { now, policy }: GuardContext): GuardStep {
  const { sessionId } = evidence;
  const isCanary = guard.canary === sessionId;
  switch (evidence.type) {
    case 'asks':
      // Whoever starts anyway tries it: nobody is disturbed for that.
      return stay(guard.canary === null && now >= guard.retryAt ? { ...guard, canary: sessionId } : guard);
    case 'resting':
      return stay(isCanary ? { ...guard, canary: null } : guard);
    case 'loaded':
      // WhatsApp still serves what failed: no need to wait until it fails again.
      return isCanary && !evidence.page.kept && evidence.page.version !== null && evidence.page.version === guard.bad
        ? stillBad(guard, sessionId, now + policy.retryAfterMs)
        : stay(guard);
    case 'ready':
      if (evidence.page.kept) return stay(guard.failures === 0 ? guard : { ...guard, failures: 0 });
      return { guard: LIVE, decision: { type: 'release', why: 'works' } };
    case 'outdated':
      if (!evidence.page.kept) return stay(guard);
      return { guard: LIVE, decision: { type: 'release', why: 'kept_outdated' } };
    case 'failed':
      if (!evidence.page.kept) return isCanary ? stillBad(guard, sessionId, now + policy.retryAfterMs) : stay(guard);
      if (guard.failures + 1 < KEPT_FAILURES) return stay({ ...guard, failures: guard.failures + 1 });
      return {
        guard: { ...LIVE, trustUntil: now + policy.retryAfterMs },
        decision: { type: 'release', why: 'kept_failed' },
      };
    default:
      return evidence satisfies never;
  }
}

function stillBad(guard: Held, sessionId: string, retryAt: number): GuardStep {
  return { guard: { ...guard, canary: null, retryAt }, decision: { type: 'reload', sessionId } };
}

const LOAD_FAILURES: readonly Reason[] = ['init_timeout', 'ready_timeout', 'page_reloaded', 'page_hung'];

function isLoading(state: SessionState): boolean {
  if (state.status === 'connecting') return true;
  return (
    state.status === 'reconnecting' && state.step === 'healing' && (isNewBrowser(state.rung) || state.rung === 'reload')
  );
}

/** The step of a session from loading its page to having failed at it. */
export function hasFailedToLoad(before: SessionState, after: SessionState): boolean {
  if (!isLoading(before) || after.status === 'connected' || after.status === 'qr_pending') return false;
  const goesOn = isLoading(after) && after.epoch === before.epoch;
  return !goesOn && LOAD_FAILURES.includes(after.reason);
}
