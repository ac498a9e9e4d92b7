import { isDeepStrictEqual } from 'node:util';
import { userActionOf } from '../../src/domain/description.js';
import { nextWakeAt } from '../../src/domain/due.js';
import type { Effect } from '../../src/domain/effect.js';
import type { Policy, TransitionContext } from '../../src/domain/policy.js';
import { sendabilityOf } from '../../src/domain/sendability.js';
import type { SessionEvent } from '../../src/domain/session-event.js';
import { initialState, type SessionState } from '../../src/domain/session-state.js';
import { isAsleep } from '../../src/domain/sleep.js';
import { transition } from '../../src/domain/transition.js';

/** A browser as the shell would have it: `ready` is of the document that is loaded now. */
interface Browser {
  readonly epoch: number;
  ready: boolean;
}

/** What a person asks for gives every way of healing another chance. */
const FRESH_STARTS: readonly SessionEvent['type'][] = ['start', 'restore', 'force-reconnect', 'stop', 'monitor'];

/**
 * The shell in miniature: carries out every effect and holds each step against what must never happen. A broken rule
 * throws, with the rule in its words.
 */
export class Model {
  state: SessionState = initialState(0);
  now = 0;
  readonly policy: Policy;
  #browser: Browser | null = null;
  /** A copy of the login is kept. */
  #snapshot = false;
  /** The kept login was put into the profile since the session was last connected or started by a person. */
  #restores = 0;
  /** Stopped by a person, and nothing was asked of the session since. */
  #stopped = true;

  constructor(policy: Policy) {
    this.policy = policy;
  }

  get dueAt(): number | null {
    return nextWakeAt(this.state, this.policy.qr.debounceMs);
  }

  apply(told: SessionEvent, random: number, gateClosed = false): void {
    const event = told.type === 'admitted' ? { ...told, hasSnapshot: this.#snapshot } : told;
    const before = this.state;
    const context = { sessionId: 'model', now: this.now, random, gateClosed, policy: this.policy };
    this.#beforehand(event);
    this.#checkQuietBeforeDue(context);
    const { state, effects } = transition(before, event, context);
    this.state = state;

    const launches = effects.filter((effect) => effect.type === 'launch').length;
    must(state.epoch === before.epoch + launches, 'the epoch grows by exactly one per launch');
    must(launches <= 1, 'one step launches one browser at most');
    if (this.#stopped) must(launches === 0, 'a stopped session launches nothing until it is asked');
    for (const effect of effects) this.#carryOut(effect);
    if ('epoch' in event && event.epoch !== before.epoch) {
      must(state === before && effects.length === 0, 'an event of another launch changes nothing');
    }
    if (event.type === 'failed' && event.reason === 'network_down') {
      must(state.attempt <= before.attempt, 'a network that is down costs no attempt');
      must(state.breaker === before.breaker, 'a network that is down does not touch the circuit');
    }
    if (event.type === 'recycle' && state !== before) {
      must(before.status === 'connected' && before.stable, 'only a browser of a calm session is replaced');
      must(state.lost === null && state.attempt === 0, 'a browser that is replaced is no loss');
    }
    if (state.status === 'connected' || FRESH_STARTS.includes(event.type)) this.#restores = 0;
    if (before.linked && !state.linked && event.type !== 'restore') {
      must(!this.#snapshot, 'no copy is kept of a login that was taken back');
    }
    this.#checkSince(before);
    this.#checkBrowser();
    this.#checkBounds(before, gateClosed);
    this.#checkWayOut();
    must(isDeepStrictEqual(JSON.parse(JSON.stringify(state)), state), 'the state survives its storage as JSON');
  }

  /** What an event says about the world before the session hears of it. */
  #beforehand(event: SessionEvent): void {
    const browser = this.#browser;
    if (event.type === 'start' || event.type === 'force-reconnect') this.#stopped = false;
    if (event.type === 'stop' || (event.type === 'logout' && browser !== null)) this.#stopped = true;
    // A restore is only ever the first thing that a new process says, and it finds no browser.
    if (event.type === 'restore') this.#browser = null;
    if (browser === null || !('epoch' in event) || event.epoch !== browser.epoch) return;
    if (event.type === 'ready') browser.ready = true;
    if (event.type === 'navigated' || event.type === 'page-crashed') browser.ready = false;
  }

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'launch':
        must(this.#browser === null, 'never two browsers of one session');
        this.#browser = { epoch: effect.epoch, ready: false };
        return;
      case 'close':
        must(this.#browser !== null, 'only a browser that lives is closed');
        this.#browser = null;
        return;
      case 'reload':
        must(this.#browser?.epoch === effect.epoch, 'only the page of the present browser is reloaded');
        if (this.#browser) this.#browser.ready = false;
        return;
      case 'reconnect-socket':
        must(this.#browser?.epoch === effect.epoch, 'only the socket of the present browser is reconnected');
        must(this.#browser?.ready === true, 'only a page that was ready is asked to reconnect');
        return;
      case 'take-over':
      case 'check-network':
        must(this.#browser?.epoch === effect.epoch, 'only the present browser is asked what it reaches');
        return;
      case 'logout':
        must(this.#browser?.epoch === effect.epoch, 'only the present browser logs out');
        return;
      case 'quarantine':
        must(this.#browser === null, 'no profile is moved under a running browser');
        this.#snapshot = false;
        return;
      case 'snapshot':
        must(this.#browser === null, 'no login is copied under a running browser');
        must(this.state.linked, 'only a login that works is kept');
        this.#snapshot = true;
        return;
      case 'restore-snapshot':
        must(this.#browser === null, 'no login is restored under a running browser');
        must(this.#snapshot && this.state.linked, 'only a login that was kept and not taken back is restored');
        this.#restores += 1;
        must(this.#restores === 1, 'a snapshot is restored once per loss');
        return;
      case 'discard-snapshot':
        this.#snapshot = false;
        return;
      case 'note':
        must(!/undefined|NaN|null/.test(effect.message), `a hole in the words: ${effect.message}`);
        return;
      default:
        effect satisfies never;
    }
  }

  /** Waking or looking before anything is due changes nothing, however often. */
  #checkQuietBeforeDue(context: TransitionContext): void {
    const { state, dueAt } = this;
    const early = dueAt === null ? context.now : Math.min(context.now, dueAt - 1);
    const events: SessionEvent[] = [{ type: 'wake' }];
    // The monitor has a word of its own for a session that rests without the operator's wish.
    if (state.status !== 'idle' && state.status !== 'error') events.push({ type: 'monitor' });
    for (const event of events) {
      const step = transition(state, event, { ...context, now: early });
      must(step.state === state && step.effects.length === 0, `${event.type} before the due time changes nothing`);
    }
  }

  #checkSince(before: SessionState): void {
    const { state, now } = this;
    const same = state.status === before.status && state.reason === before.reason;
    // Through a restore, or a start that is forced again, the same words can begin anew.
    must(same ? state.since === before.since || state.since === now : state.since === now, 'since tells of the change');
  }

  #checkBrowser(): void {
    const { state } = this;
    const browser = this.#browser;
    const resting = ['idle', 'suspended', 'disconnected', 'error'].includes(state.status);
    const waiting = state.status === 'reconnecting' && state.step === 'waiting';
    must((browser === null) === (resting || waiting), 'a browser lives exactly while the session is at work');
    if (browser !== null) must(browser.epoch === state.epoch, 'the browser is the one of the present epoch');
    if (state.status === 'connected') must(browser?.ready === true, 'connected only after a ready of this document');
  }

  #checkBounds(before: SessionState, gateClosed: boolean): void {
    const { state, now, policy } = this;
    const { maxAttempts, maxDelayMs, networkDelayMs, jitter } = policy.backoff;
    must(state.attempt >= 0 && (maxAttempts === null || state.attempt <= maxAttempts), 'attempts stay in their limit');
    must(state.credentials.failures < policy.credentials.discardAfter, 'credential failures stay below the limit');
    must(state.qrRounds <= policy.qr.maxRounds, 'QR rounds stay in their limit');
    const waitedBefore = before.status === 'reconnecting' && before.step === 'waiting';
    if (state.status === 'reconnecting' && state.step === 'waiting' && !waitedBefore) {
      const delayMs = state.dueAt - now;
      const usualMs = state.reason === 'network_down' ? networkDelayMs : maxDelayMs;
      const longestMs = gateClosed ? Math.max(networkDelayMs, usualMs) : usualMs;
      must(delayMs >= 0 && delayMs <= longestMs, `a wait of ${delayMs} ms stays in its bounds`);
      if (state.reason === 'network_down') must(delayMs >= Math.floor(networkDelayMs * (1 - jitter)), 'a gentle wait');
    }
    if (state.status === 'suspended' && before.status !== 'suspended') {
      const { openMs, whenOpen } = policy.breaker;
      const pauseMs = state.until === null ? null : state.until - now;
      must((pauseMs === null) === (whenOpen === 'halt'), 'only a circuit that halts has no end');
      must(pauseMs === null || (pauseMs >= openMs && pauseMs <= Math.max(openMs, maxDelayMs)), 'a pause in its bounds');
    }
  }

  #checkWayOut(): void {
    const { state } = this;
    const due = this.dueAt !== null && Number.isFinite(this.dueAt);
    const launching =
      (state.status === 'connecting' || (state.status === 'reconnecting' && state.step === 'healing')) &&
      state.deadlineAt === null &&
      this.#browser !== null;
    const atRest = state.status === 'connected' && state.stable;
    const wanted = state.desired === 'stopped' && (state.status === 'idle' || state.status === 'disconnected');
    const sleeping = isAsleep(state) && sendabilityOf(state).takes;
    must(
      due || launching || atRest || wanted || sleeping || userActionOf(state) !== 'none',
      `${state.status} (${state.reason}) has a way out`,
    );
  }
}

function must(kept: boolean, rule: string): void {
  if (!kept) throw new Error(`broken: ${rule}`);
}
