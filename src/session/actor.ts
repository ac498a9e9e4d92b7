import { isAttemptDue, nextWakeAt } from '../domain/due.js';
import type { Effect } from '../domain/effect.js';
import type { RecycleEvent, SessionEvent } from '../domain/session-event.js';
import { isNewBrowser, type SessionState } from '../domain/session-state.js';
import { isSleepDue } from '../domain/sleep.js';
import type { SessionRecord } from '../domain/store-ports.js';
import { transition } from '../domain/transition.js';
import { BrowserOwner } from './browser-owner.js';
import type { SessionDeps } from './deps.js';
import { Heartbeat } from './heartbeat.js';
import { KeptFacts } from './kept-facts.js';
import { LANE_PRIORITY, Lane } from './lane.js';
import { type HealthView, Prober } from './prober.js';
import { Receiver } from './receiver.js';
import { Sender } from './sender.js';

/** A page that was ready once runs: silence of it means something. */
function isProbed(state: SessionState): boolean {
  if (state.status === 'reconnecting') return state.step === 'healing' && !isNewBrowser(state.rung);
  return state.status === 'connected';
}

/**
 * One session: a mailbox of events, each reduced, stored, published and turned into effects before the next; and the
 * lane in which the effects run one at a time. Nothing else moves its state.
 */
export class SessionActor {
  readonly id: string;
  readonly sender: Sender;
  readonly browser: BrowserOwner;
  readonly facts: KeptFacts;
  readonly #deps: SessionDeps;
  readonly #lane = new Lane();
  readonly #receiver: Receiver;
  readonly #prober: Prober;
  readonly #heartbeat: Heartbeat;
  readonly #mailbox: SessionEvent[] = [];
  #record: SessionRecord;
  #reducing = false;
  #stopped = false;
  /** The store could not take the present state: the next event, at the latest that of the monitor, tries again. */
  #isUnsaved = false;
  #wakeAt: number | null = null;
  #cancelWake: (() => void) | null = null;

  constructor(record: SessionRecord, deps: SessionDeps) {
    const { config, clock, random, logger, publish } = deps;
    const sessionId = record.id;
    this.id = sessionId;
    this.#record = record;
    this.facts = new KeptFacts(record.facts);
    this.#deps = deps;
    this.#receiver = new Receiver(record, deps, {
      client: () => this.browser.client,
      isConnected: () => this.state.status === 'connected',
    });
    this.browser = new BrowserOwner(sessionId, deps, this.#lane, {
      proxy: () => this.#record.proxy,
      engine: () => (this.state.engine.choice === 'usual' ? 'usual' : 'chromium'),
      dispatch: (event) => this.dispatch(event),
      onReady: (phoneNumber, webVersion) => this.facts.note({ phoneNumber, webVersion }),
      onMessage: (message, isLate = false) => {
        this.#receiver.onMessage(message, isLate);
        this.#touch();
      },
      onChange: (news) => {
        this.#receiver.onChange(news);
        this.#touch();
      },
      onAck: (waMessageId, ack) => {
        this.sender.onAck(waMessageId, ack);
        this.#receiver.onChange({ kind: 'acked', id: waMessageId, ack });
        this.#touch();
      },
    });
    this.sender = new Sender({
      ...deps,
      sessionId,
      lane: this.#lane,
      settings: config.messages,
      client: () => (this.state.status === 'connected' ? this.browser.client : null),
    });
    this.#prober = new Prober({
      clock,
      random,
      ...config.health,
      probe: async () => (await this.browser.client?.probe()) ?? null,
      onVerdict: (verdict, { socketState, latencyMs }) => {
        this.facts.note({ lastConnectionCheckAt: clock.now() });
        publish({ type: 'probe', sessionId, latencyMs });
        if (verdict !== 'healthy') {
          const words = `${sessionId}: probe says ${verdict}`;
          logger.warn('probe.miss', words, { sessionId, verdict, socketState, latencyMs });
        }
        this.dispatch({ type: 'probed', epoch: this.state.epoch, verdict });
      },
    });
    this.#heartbeat = new Heartbeat({
      clock,
      random,
      keepAlive: config.keepAlive,
      staleness: config.staleness,
      retryAfterMissMs: config.health.retryAfterMissMs,
      lastActivityAt: () => this.#record.facts.lastActivityAt ?? record.createdAt,
      ask: () => this.browser.askWhatsApp(),
      onSilence: (silences) => {
        logger.warn('probe.miss', `${sessionId}: WhatsApp does not answer`, { sessionId, silences });
        this.dispatch({ type: 'silent', epoch: this.state.epoch, silences });
      },
      onStale: () => this.dispatch({ type: 'stale', epoch: this.state.epoch }),
    });
  }

  get state(): SessionState {
    return this.#record.state;
  }

  get record(): Readonly<SessionRecord> {
    return this.#record;
  }

  get health(): HealthView {
    return this.#prober.health;
  }

  /** Takes an event; when this returns it is reduced and stored, and its effects are on their way. Never throws. */
  dispatch(event: SessionEvent): void {
    if (this.#stopped) return;
    this.#mailbox.push(event);
    if (this.#reducing) return;
    this.#reducing = true;
    try {
      for (let next = this.#mailbox.shift(); next !== undefined; next = this.#mailbox.shift()) this.#reduce(next);
    } finally {
      this.#reducing = false;
    }
    this.#armWake();
  }

  /** Replaces the browser, but only when what it is doing now (a message being handed over) is done. */
  async recycle(event: RecycleEvent): Promise<void> {
    await this.#lane.run(LANE_PRIORITY.control, async () => this.dispatch(event));
  }

  /** Called every minute: the net under everything, which also keeps in mind what waits to be sent. */
  monitor(): void {
    this.dispatch({ type: 'monitor' });
    this.sender.kick();
    this.#guard(() => {
      if (this.state.status !== 'connected' && this.#deps.outbox.hasOpen(this.id)) this.dispatch({ type: 'wanted' });
    });
    if (!this.#isSleepDue()) return;
    // Only when what it is doing now (a message being handed over) is done.
    void this.#lane.run(LANE_PRIORITY.send, async () => {
      if (this.#isSleepDue()) this.dispatch({ type: 'sleep', epoch: this.state.epoch });
    });
  }

  /** Settings that a person changed; a proxy counts from the next launch on. */
  changeSettings(settings: Pick<SessionRecord, 'label' | 'webhook' | 'proxy'>): void {
    this.#deps.sessions.saveSettings(this.id, settings);
    this.#record = { ...this.#record, ...settings };
  }

  /** Resolves when everything that was asked of the browser so far is over. */
  async settled(): Promise<void> {
    await this.#lane.idle();
  }

  /** Shutdown: the stored state stays as it is, so that the next start restores it; resolves when no browser lives. */
  async stop(): Promise<void> {
    if (this.#stopped) return this.settled();
    this.sender.stop();
    const isConnected = this.state.status === 'connected';
    if (isConnected) await this.browser.finishSend();
    if (this.#stopped) return this.settled();
    this.#rest();
    this.#save();
    await this.browser.close('graceful');
    if (isConnected) await this.browser.keepLogin();
  }

  /** From here on nothing moves it, and it begins and stores nothing; what becomes of its browser is not its business. */
  abandon(): void {
    this.#rest();
    this.browser.abandon();
  }

  #rest(): void {
    this.#stopped = true;
    this.sender.stop();
    this.#prober.stop();
    this.#heartbeat.stop();
    this.#cancelWake?.();
    this.#receiver.stop();
  }

  #reduce(event: SessionEvent): void {
    const { clock, random, config, gate } = this.#deps;
    const before = this.state;
    const now = clock.now();
    const gateClosed = !gate.mayTry(this.id, isAttemptDue(before, config.qr.debounceMs, now));
    const context = { sessionId: this.id, now, random: random(), gateClosed, policy: config };
    const { state, effects } = transition(before, event, context);
    if (state !== before) {
      this.#record = { ...this.#record, state };
      // A scan shows as the step from the QR code to a login that is accepted, in the same browser.
      const isOn = state.status === 'connected' || state.status === 'connecting';
      if (before.status === 'qr_pending' && isOn && state.epoch === before.epoch) {
        this.facts.note({ lastQrScanAt: now });
      }
    }
    if (state !== before || this.#isUnsaved) this.#save();
    for (const effect of effects) this.#run(effect);
    if (state !== before) this.#deps.publish({ type: 'state', sessionId: this.id, before, after: state });
    this.#followUp(before, state);
    // The page has synced again: what it got by that is in its chats, and no event told of it.
    if (event.type === 'synced' && state.status === 'connected') this.#receiver.onSynced();
  }

  #followUp(before: SessionState, after: SessionState): void {
    if (after.status === 'connected' && before.status !== 'connected') {
      this.#touch();
      this.sender.onConnected();
      this.#receiver.onSynced();
      // From here, not from the launch: a page that waits for a scan looks lost, and that is no suspicion.
      this.#prober.start();
      this.#heartbeat.start();
    }
    if (before.status === 'connected' && after.status !== 'connected') this.#receiver.onLost();
    if (!isProbed(after)) this.#prober.stop();
    if (after.status !== 'connected') this.#heartbeat.stop();
  }

  #run(effect: Effect): void {
    if (effect.type === 'note') {
      const { event, message, data } = effect;
      const level = event === 'session.gave_up' || event === 'session.suspended' ? 'warn' : 'info';
      this.#deps.logger[level](event, message, { sessionId: this.id, ...data });
      this.#guard(() => {
        const entry = this.#deps.timeline.append({
          sessionId: this.id,
          at: this.#deps.clock.now(),
          event,
          message,
          data,
        });
        this.#deps.publish({ type: 'timeline', entry });
      });
      return;
    }
    this.browser.run(effect);
  }

  #isSleepDue(): boolean {
    const { config, clock, outbox } = this.#deps;
    const { facts } = this.#record;
    const look = { sessionId: this.id, state: this.state, lastActivityAt: facts.lastActivityAt };
    const isDue = (hasPendingMessages: boolean) =>
      isSleepDue({ ...look, hasPendingMessages }, config.parking, clock.now());
    // The database is asked only about who would sleep otherwise.
    return isDue(false) && isDue(outbox.hasOpen(this.id));
  }

  #touch(): void {
    this.facts.note({ lastActivityAt: this.#deps.clock.now() });
  }

  #save(): void {
    this.#isUnsaved = true;
    this.#guard(() => {
      this.#deps.sessions.saveState(this.id, this.state, this.#record.facts);
      this.facts.saved();
      this.#isUnsaved = false;
    });
  }

  /** A database that cannot write (a full disk) must not stop a session from being healed. */
  #guard(write: () => void): void {
    try {
      write();
    } catch (error) {
      const words = `${this.id}: could not be stored: ${String(error)}`;
      this.#deps.logger.error('session.effect_failed', words, { sessionId: this.id, effect: 'store' });
    }
  }

  #armWake(): void {
    const wakeAt = nextWakeAt(this.state, this.#deps.config.qr.debounceMs);
    if (wakeAt === this.#wakeAt && this.#cancelWake !== null) return;
    this.#cancelWake?.();
    this.#cancelWake = null;
    this.#wakeAt = wakeAt;
    if (wakeAt === null) return;
    this.#cancelWake = this.#deps.clock.schedule(Math.max(0, wakeAt - this.#deps.clock.now()), () => {
      this.#cancelWake = null;
      this.dispatch({ type: 'wake' });
    });
  }
}
