import { beginStart } from './attempt.js';
import { note, type Step, stay } from './effect.js';
import type { TransitionContext } from './policy.js';
import type { RecycleEvent } from './session-event.js';
import type { SessionState } from './session-state.js';

const BYTES_PER_MB = 1024 * 1024;
const HOUR_MS = 60 * 60_000;
/** So far above its limit a page leaks: it would take the machine before its number has a quiet minute. */
const URGENT_FACTOR = 1.5;
/** A browser that is above its limit right after its start would be replaced again and again. */
const BETWEEN_MEMORY_RECYCLINGS_MS = HOUR_MS;

/** What a browser may grow to before it is replaced; null knows no limit. */
export interface RecyclingLimits {
  maxMemoryMb: number | null;
  maxAgeHours: number | null;
  recycleAfterIdleMs: number;
}

/** What the fleet knows of one session when it looks for a browser to replace. Times are milliseconds since 1970. */
export interface SessionLook {
  sessionId: string;
  state: SessionState;
  /** Null while none runs. `memoryBytes` counts all its processes; 0 when it cannot be told. */
  browser: { memoryBytes: number; startedAt: number } | null;
  lastActivityAt: number | null;
  /** Messages wait to be sent, or for WhatsApp's acknowledgement. */
  hasPendingMessages: boolean;
  /** When its browser was last replaced for its memory, null when never. */
  memoryRecycledAt: number | null;
}

/** The machine that has to hold the new browser. */
export interface RecyclingContext {
  now: number;
  /** Null when it cannot be told. */
  availableBytes: number | null;
  /** A browser starts only above this. */
  minFreeMemoryMb: number;
}

interface Candidate {
  sessionId: string;
  why: RecycleEvent['why'];
  isUrgent: boolean;
  isIdle: boolean;
  memoryBytes: number;
  startedAt: number;
}

/**
 * The one browser to replace now, null when none: the biggest of those above the limit of memory, else the oldest of those
 * above the limit of age. Its session must be idle, and no other may be on its way back. One that leaks waits for neither,
 * since it may be what troubles the others; but never two are replaced at the same time.
 */
export function chooseRecycling(
  sessions: readonly SessionLook[],
  limits: RecyclingLimits,
  context: RecyclingContext,
): { sessionId: string; event: RecycleEvent } | null {
  if (sessions.some(({ state }) => state.status === 'connecting' && state.reason === 'recycled')) return null;
  const inTrouble = sessions.some(({ state }) => isOnItsWayBack(state));
  const due = sessions
    .flatMap((session) => candidateOf(session, limits, context) ?? [])
    .filter(({ isUrgent, isIdle }) => isUrgent || (isIdle && !inTrouble));
  const worst = due.toSorted(worstFirst)[0];
  const epoch = sessions.find(({ sessionId }) => sessionId === worst?.sessionId)?.state.epoch;
  if (worst === undefined || epoch === undefined) return null;
  const memoryMb = Math.round(worst.memoryBytes / BYTES_PER_MB);
  const ageHours = Math.round(((context.now - worst.startedAt) / HOUR_MS) * 10) / 10;
  return { sessionId: worst.sessionId, event: { type: 'recycle', epoch, why: worst.why, memoryMb, ageHours } };
}

/** Something is being done for it or due. What waits for a person may wait for days, and holds up nobody. */
function isOnItsWayBack(state: SessionState): boolean {
  if (state.desired !== 'running') return false;
  if (state.status === 'suspended') return state.until !== null;
  return state.status === 'connecting' || state.status === 'reconnecting';
}

function candidateOf(session: SessionLook, limits: RecyclingLimits, context: RecyclingContext): Candidate | null {
  const { sessionId, state, browser, lastActivityAt, memoryRecycledAt } = session;
  const { now, availableBytes, minFreeMemoryMb } = context;
  if (browser === null || state.status !== 'connected' || !state.stable) return null;
  // The new browser must find its memory: a number that works is not closed to wait for it.
  const roomBytes = availableBytes === null ? null : availableBytes + browser.memoryBytes;
  if (roomBytes !== null && roomBytes < minFreeMemoryMb * BYTES_PER_MB) return null;
  const { memoryBytes, startedAt } = browser;
  const maxBytes = (limits.maxMemoryMb ?? Number.POSITIVE_INFINITY) * BYTES_PER_MB;
  const isRested = memoryRecycledAt === null || now - memoryRecycledAt >= BETWEEN_MEMORY_RECYCLINGS_MS;
  const isTooBig = memoryBytes > maxBytes && isRested;
  const isTooOld = now - startedAt > (limits.maxAgeHours ?? Number.POSITIVE_INFINITY) * HOUR_MS;
  if (!isTooBig && !isTooOld) return null;
  const isQuiet = lastActivityAt === null || now - lastActivityAt >= limits.recycleAfterIdleMs;
  return {
    sessionId,
    why: isTooBig ? 'memory' : 'age',
    isUrgent: isTooBig && memoryBytes > URGENT_FACTOR * maxBytes,
    isIdle: isQuiet && !session.hasPendingMessages,
    memoryBytes,
    startedAt,
  };
}

function worstFirst(a: Candidate, b: Candidate): number {
  if (a.why !== b.why) return a.why === 'memory' ? -1 : 1;
  return a.why === 'memory' ? b.memoryBytes - a.memoryBytes : a.startedAt - b.startedAt;
}

/** A new browser for a session that works: nothing was lost, so nothing is counted. */
export function onRecycle(state: SessionState, event: RecycleEvent, context: TransitionContext): Step {
  if (state.status !== 'connected' || !state.stable) return stay(state);
  const { why, memoryMb, ageHours } = event;
  const figure = why === 'memory' ? `${memoryMb} MB large` : `${ageHours} h old`;
  const words = `${context.sessionId}: its browser is ${figure} and is replaced by a new one`;
  const { state: starting, effects } = beginStart(state, 'recycled', context);
  return { state: starting, effects: [note('session.recycled', words, { why, memoryMb, ageHours }), ...effects] };
}
