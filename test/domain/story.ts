import { nextWakeAt } from '../../src/domain/due.js';
import type { Effect } from '../../src/domain/effect.js';
import type { Policy } from '../../src/domain/policy.js';
import type { ClientEvent, SessionEvent } from '../../src/domain/session-event.js';
import { initialState, type SessionState } from '../../src/domain/session-state.js';
import { transition } from '../../src/domain/transition.js';
import { contextAt, steadyPolicy } from '../support/policy.js';

type WithoutEpoch<T> = T extends { epoch: number } ? Omit<T, 'epoch'> : never;
/** What the present launch can report; the story adds its epoch. */
export type Report = ClientEvent | WithoutEpoch<SessionEvent>;
type Note = Extract<Effect, { type: 'note' }>;

export const READY = { type: 'ready', phoneNumber: '4915112345678', webVersion: '2.3000.1' } as const;
export const RESTED_MS = 3_600_000;

/** One session told step by step under a clock of its own; every telling gives the story back. */
export interface Story {
  readonly state: SessionState;
  readonly now: number;
  /** What the last step asked of the shell, notes left out. */
  readonly effects: readonly Exclude<Effect, Note>[];
  /** The notes of the last step. */
  readonly notes: readonly Note[];
  /** Every launch so far, by epoch. */
  readonly launches: readonly number[];
  /** A command, a tick of the monitor or an event with an epoch of its own. */
  tell(event: SessionEvent): Story;
  /** Reports of the present launch. */
  report(...events: Report[]): Story;
  /** What the connectivity gate tells this session from now on. */
  gate(is: 'open' | 'closed'): Story;
  /** Lets time pass and wakes the session. */
  pass(ms: number): Story;
  /** Lets time pass until the state wants to be woken; gives the time that it took. */
  passUntilDue(): number;
}

export function story(policy: Policy = steadyPolicy(), from?: SessionState, random = 0): Story {
  let now = 1_000_000;
  let state = from ?? initialState(now);
  let effects: Effect[] = [];
  let gateClosed = false;
  const launches: number[] = [];

  const told: Story = {
    get state() {
      return state;
    },
    get now() {
      return now;
    },
    get effects() {
      return effects.filter((effect) => effect.type !== 'note');
    },
    get notes() {
      return effects.filter((effect) => effect.type === 'note');
    },
    launches,
    gate(is) {
      gateClosed = is === 'closed';
      return told;
    },
    tell(event) {
      const step = transition(state, event, contextAt(now, { policy, random, gateClosed }));
      ({ state, effects } = step);
      for (const effect of effects) if (effect.type === 'launch') launches.push(effect.epoch);
      return told;
    },
    report(...events) {
      for (const event of events) told.tell({ ...event, epoch: state.epoch });
      return told;
    },
    pass(ms) {
      now += ms;
      return told.tell({ type: 'wake' });
    },
    passUntilDue() {
      const dueAt = nextWakeAt(state, policy.qr.debounceMs);
      if (dueAt === null) throw new Error(`${state.status} (${state.reason}) waits for nothing`);
      const tookMs = dueAt - now;
      told.pass(tookMs);
      return tookMs;
    },
  };
  return told;
}

/** The launch gets its turn, loads the page and becomes ready. */
export function comesUp(told: Story): Story {
  return told.report({ type: 'admitted' }, { type: 'injected' }, READY);
}

/** A linked session that was just connected for the first time since its start. */
export function connectedStory(policy?: Policy, random?: number): Story {
  return comesUp(story(policy, undefined, random).tell({ type: 'start' }));
}

/** A connected session whose counters are at rest. */
export function stableStory(policy?: Policy, random?: number): Story {
  const told = connectedStory(policy, random);
  told.passUntilDue();
  return told;
}

/** A session that lost a remote fight and waits for its first attempt. */
export function waitingStory(policy?: Policy, random?: number): Story {
  const told = stableStory(policy, random).report({ type: 'socket-state', socketState: 'CONFLICT' });
  told.passUntilDue();
  return told;
}

/** The waiting attempt begins and fails before the page is loaded. */
export function failsOnce(told: Story, reason: 'init_timeout' | 'network_down' = 'init_timeout'): number {
  const waitedMs = told.passUntilDue();
  told.report({ type: 'admitted' }, { type: 'failed', reason, detail: 'simulated' });
  return waitedMs;
}

/** Attempt after attempt fails until the session has arrived; gives the waits between them. */
export function failsUntil(told: Story, arrived: (state: SessionState) => boolean): number[] {
  const waitsMs: number[] = [];
  while (!arrived(told.state)) {
    waitsMs.push(failsOnce(told));
    if (waitsMs.length > 100) throw new Error(`still ${told.state.status} after ${waitsMs.length} failures`);
  }
  return waitsMs;
}

/** A session in every status there is, each by an ordinary way. */
export const EVERY_STATUS: Readonly<Record<string, () => Story>> = {
  idle: () => story(),
  'connecting, waiting for its turn': () => story().tell({ type: 'start' }),
  'connecting, page loaded': () => story().tell({ type: 'start' }).report({ type: 'admitted' }, { type: 'injected' }),
  qr_pending: () =>
    story().tell({ type: 'start' }).report({ type: 'admitted' }, { type: 'injected' }, { type: 'qr', text: 'one' }),
  'connected, unstable': () => connectedStory(),
  'connected, stable': () => stableStory(),
  'reconnecting, waiting': () => waitingStory(),
  'reconnecting, grace': () => stableStory().report({ type: 'socket-state', socketState: 'OPENING' }),
  'reconnecting, socket': () => stableStory().report({ type: 'socket-state', socketState: 'OPENING' }).pass(20_000),
  'reconnecting, reload': () => stableStory().report({ type: 'page-crashed' }),
  'reconnecting, relaunch': () => stableStory().report({ type: 'browser-exited' }),
  suspended: () => {
    const told = stableStory().report({ type: 'browser-exited' }, { type: 'browser-exited' });
    failsUntil(told, ({ status }) => status === 'suspended');
    return told;
  },
  'disconnected, logged out': () => stableStory().report({ type: 'logged-out' }),
  'disconnected, stopped': () => stableStory().tell({ type: 'stop', force: false }),
  error: () => stableStory().report({ type: 'failed', reason: 'banned', detail: 'TOS_BLOCK' }),
};
