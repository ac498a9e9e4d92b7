import fc from 'fast-check';
import { PROBE_VERDICTS } from '../../src/domain/health.js';
import type { Policy } from '../../src/domain/policy.js';
import { REASONS, type Reason } from '../../src/domain/reason.js';
import { type SessionEvent, SOCKET_STATES } from '../../src/domain/session-event.js';
import type { SessionState } from '../../src/domain/session-state.js';
import { READY, type Report } from './story.js';

/** What happens: plain data, so that a counterexample can be read. `launch` is counted from the present one. */
type What = { expected: true } | { report: Report; launch: number } | { event: SessionEvent };

/** One thing that happens to a session: how much time passes before it, what it is, and the dice for it. */
export interface Happening {
  readonly pause: { readonly until: 'due' | 'almost due' } | { readonly ms: number };
  readonly what: What;
  readonly random: number;
  /** The connectivity gate as this step finds it. */
  readonly gateClosed: boolean;
}

/** The event that a happening is for a session in that state. */
export function eventOf(what: What, state: SessionState): SessionEvent {
  if ('event' in what) return what.event;
  return 'report' in what ? { ...what.report, epoch: state.epoch + what.launch } : expectedNext(state);
}

const SOCKET_CONNECTED: Report = { type: 'socket-state', socketState: 'CONNECTED' };

/** What a browser that does its best says next, or what a person does with a session that rests. */
function expectedNext(state: SessionState): SessionEvent {
  const { epoch } = state;
  switch (state.status) {
    case 'idle':
    case 'disconnected':
      return { type: 'start' };
    case 'error':
      return { type: 'force-reconnect' };
    case 'suspended':
      return { type: 'wake' };
    case 'qr_pending':
      return { ...SOCKET_CONNECTED, epoch };
    case 'connected':
      return { type: 'probed', verdict: 'healthy', epoch };
    case 'connecting':
    case 'reconnecting': {
      if (state.status === 'reconnecting' && state.step === 'waiting') return { type: 'wake' };
      if (state.deadlineAt === null) return { type: 'admitted', epoch };
      if (state.stage === 'launching') return { type: 'injected', epoch };
      return { ...READY, epoch };
    }
    default:
      return state satisfies never;
  }
}

const REASON_CODES = Object.keys(REASONS) as Reason[];
const constants = <T>(values: readonly T[]) => fc.constantFrom(...values);

const anyReport: fc.Arbitrary<Report> = fc.oneof(
  constants<Report>([
    { type: 'admitted' },
    { type: 'injected' },
    { type: 'launched', pid: 1, engine: 'headless-shell', hasOther: true },
    { type: 'authenticated' },
    { type: 'progress', percent: 50 },
    READY,
    SOCKET_CONNECTED,
    { type: 'navigated' },
    { type: 'page-crashed' },
    { type: 'browser-exited' },
    { type: 'logged-out' },
    { type: 'auth-failed' },
  ]),
  constants(['a', 'b', 'c']).map((text): Report => ({ type: 'qr', text })),
  constants<Report>([
    { type: 'network-checked', reachable: true },
    { type: 'network-checked', reachable: false },
  ]),
  constants([1, 2, 3]).map((silences): Report => ({ type: 'silent', silences })),
  constants<Report>([{ type: 'stale' }]),
  constants(SOCKET_STATES).map((socketState): Report => ({ type: 'socket-state', socketState })),
  constants(PROBE_VERDICTS).map((verdict): Report => ({ type: 'probed', verdict })),
  constants(REASON_CODES).map((reason): Report => ({ type: 'failed', reason, detail: 'simulated' })),
);

/** Faults as they happen in the field, so that long runs keep to recoveries and do not end with a ban. */
const fault: fc.Arbitrary<Report> = constants<Report>([
  { type: 'browser-exited' },
  { type: 'page-crashed' },
  { type: 'navigated' },
  { type: 'qr', text: 'd' },
  { type: 'socket-state', socketState: 'OPENING' },
  { type: 'socket-state', socketState: 'CONFLICT' },
  { type: 'probed', verdict: 'page_hung' },
  { type: 'probed', verdict: 'browser_hung' },
  { type: 'probed', verdict: 'socket_lost' },
  { type: 'failed', reason: 'network_down', detail: 'net::ERR_INTERNET_DISCONNECTED' },
  { type: 'failed', reason: 'init_timeout', detail: 'simulated' },
  { type: 'failed', reason: 'profile_corrupt', detail: 'CURRENT is missing' },
]);

const recycle: fc.Arbitrary<Report> = constants<Report>([
  { type: 'recycle', why: 'memory', memoryMb: 1600, ageHours: 3.5 },
  { type: 'recycle', why: 'age', memoryMb: 0, ageHours: 24.1 },
  { type: 'sleep' },
]);

const command: fc.Arbitrary<SessionEvent> = constants<SessionEvent>([
  { type: 'start' },
  { type: 'stop', force: false },
  { type: 'stop', force: true },
  { type: 'force-reconnect' },
  { type: 'logout' },
  { type: 'restore', hasProfile: true },
  { type: 'restore', hasProfile: false },
]);

const reported = (report: fc.Arbitrary<Report>, launches = [0]) => fc.record({ report, launch: constants(launches) });
const happens = (event: fc.Arbitrary<SessionEvent>) => fc.record({ event });

const pause: fc.Arbitrary<Happening['pause']> = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ ms: 0 }) },
  { weight: 3, arbitrary: fc.record({ ms: fc.nat(3000) }) },
  { weight: 3, arbitrary: fc.constant({ until: 'due' as const }) },
  { weight: 1, arbitrary: fc.constant({ until: 'almost due' as const }) },
  { weight: 1, arbitrary: fc.record({ ms: fc.nat(600_000) }) },
);

/** Times stay in the future: the model's own clock does not jump. */
const timeLost: fc.Arbitrary<SessionEvent> = fc
  .nat(100_000)
  .map((stallMs) => ({ type: 'time-lost', stallMs, jumpMs: 0 }));

export const anyHappening: fc.Arbitrary<Happening> = fc.record({
  pause,
  what: fc.oneof(
    { weight: 40, arbitrary: fc.constant({ expected: true as const }) },
    { weight: 20, arbitrary: happens(fc.constant({ type: 'wake' })) },
    { weight: 5, arbitrary: happens(fc.constant({ type: 'monitor' })) },
    { weight: 3, arbitrary: happens(fc.constant({ type: 'gate-opened' })) },
    { weight: 3, arbitrary: happens(fc.constant({ type: 'wanted' })) },
    { weight: 2, arbitrary: happens(fc.constant({ type: 'page-changed' })) },
    { weight: 5, arbitrary: happens(fc.constant({ type: 'snapshot-restored' })) },
    { weight: 1, arbitrary: happens(timeLost) },
    { weight: 20, arbitrary: reported(fault) },
    { weight: 5, arbitrary: reported(recycle) },
    { weight: 8, arbitrary: reported(anyReport) },
    { weight: 5, arbitrary: reported(anyReport, [-2, -1, 1]) },
    { weight: 3, arbitrary: happens(command) },
  ),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
  gateClosed: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});

/** Policies at their edges: zero waits, a single attempt, no limit at all. */
export const anyPolicy: fc.Arbitrary<Policy> = fc.record({
  backoff: fc.record({
    baseDelayMs: fc.oneof(fc.constant(0), fc.nat(10_000)),
    factor: constants([1, 1.5, 2, 10]),
    maxDelayMs: fc.nat(400_000),
    networkDelayMs: fc.nat(60_000),
    returnSpreadMs: fc.constantFrom(0, 5000, 60_000),
    jitter: constants([0, 0.2, 1]),
    maxAttempts: constants([null, 1, 2, 10]),
  }),
  breaker: fc.record({
    failureThreshold: fc.integer({ min: 1, max: 6 }),
    openMs: fc.nat(120_000),
    whenOpen: constants(['trial', 'trial', 'halt'] as const),
  }),
  health: fc.record({ stableAfterMs: constants([0, 30_000]) }),
  parking: fc.record({
    afterIdleMs: fc.constant(0),
    wakeEveryMs: constants([null, 60_000]),
    sessions: fc.constant(null),
  }),
  browser: fc.record({ otherEngineAfterFailures: constants([null, 1, 3]) }),
  deadlines: fc.record({
    launchMs: constants([0, 90_000]),
    readyMs: fc.constant(60_000),
    socketGraceMs: constants([0, 20_000]),
    socketReconnectMs: fc.constant(15_000),
    reloadMs: fc.constant(45_000),
  }),
  conflict: fc.record({
    policy: fc.constantFrom('takeover', 'yield'),
    maxTakeovers: fc.constantFrom(1, 3),
    windowMs: fc.constantFrom(0, 3_600_000),
  }),
  qr: fc.record({
    debounceMs: constants([0, 2000]),
    timeoutMs: constants([1000, 120_000]),
    maxRounds: fc.integer({ min: 1, max: 6 }),
  }),
  credentials: fc.record({
    discardAfter: fc.integer({ min: 1, max: 3 }),
    restoreAfterFailures: fc.integer({ min: 1, max: 3 }),
  }),
});
