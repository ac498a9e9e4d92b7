import type { Effect } from '../domain/effect.js';
import type { Answer } from '../domain/heartbeat.js';
import { type IncomingMessage, SERVER_ACK } from '../domain/message.js';
import type { MessageNews } from '../domain/message-news.js';
import { type BrowserSight, ClientError, type LaunchSpec, type WhatsAppClient } from '../domain/ports.js';
import type { ClientEvent, SessionEvent } from '../domain/session-event.js';
import type { SessionDeps } from './deps.js';
import { LANE_PRIORITY, type Lane } from './lane.js';

/** What the owner of the browser asks of, and tells to, its session. */
interface Session {
  proxy: () => string | null;
  engine: () => LaunchSpec['engine'];
  dispatch: (event: SessionEvent) => void;
  onReady: (phoneNumber: string | null, webVersion: string | null) => void;
  onMessage: (message: IncomingMessage, isLate?: boolean) => void;
  onChange: (news: MessageNews) => void;
  onAck: (waMessageId: string, ack: number) => void;
}

type BrowserEffect = Exclude<Effect, { type: 'note' }>;

/** Effects that a send under way must not hold up. */
const MENDING: readonly BrowserEffect['type'][] = ['reload', 'reconnect-socket', 'take-over'];
/** Longest that a shutdown waits for the messages that are being sent. */
const FINISH_SEND_MS = 5000;
const LOOK_EVERY_MS = 50;
const LOGOUT_MS = 15_000;
const ASK_MS = 15_000;

/** Holds the one browser of a session and carries out what the state machine decided about it, in the lane. */
export class BrowserOwner {
  readonly #sessionId: string;
  readonly #deps: SessionDeps;
  readonly #lane: Lane;
  readonly #session: Session;
  #client: WhatsAppClient | null = null;
  /** Is being closed, which a browser that hangs may take its time for. */
  #ending: WhatsAppClient | null = null;
  /** The launch that was asked for last and not taken back since: what still waits in the lane may be out of date. */
  #wantedEpoch: number | null = null;
  /** A logout is let finish: the close behind it would otherwise cut it off. */
  #loggingOut = false;
  #isAbandoned = false;

  constructor(sessionId: string, deps: SessionDeps, lane: Lane, session: Session) {
    this.#sessionId = sessionId;
    this.#deps = deps;
    this.#lane = lane;
    this.#session = session;
  }

  /** The live client, null while there is none. */
  get client(): WhatsAppClient | null {
    return this.#client;
  }

  /** The browser that lives, also while it is being closed; null when there is none. */
  sight(): BrowserSight | null {
    return (this.#client ?? this.#ending)?.browser() ?? null;
  }

  /** Calls off what runs, and all that waits; the browser is left as it is. */
  abandon(): void {
    this.#isAbandoned = true;
    this.#cutShort();
  }

  /** One question to WhatsApp and back, beside the lane: it disturbs nothing, and a send may take its time. */
  async askWhatsApp(): Promise<Answer> {
    // Not AbortSignal.timeout: what cannot be called off ends each of the many that were answered long ago.
    const limit = new AbortController();
    const cancel = this.#deps.clock.schedule(ASK_MS, () => limit.abort());
    try {
      return (await this.#client?.askWhatsApp(limit.signal)) ?? 'unknown';
    } catch {
      // A page that does not answer at all is the prober's business.
      return 'unknown';
    } finally {
      cancel();
    }
  }

  /** Puts the effect into the lane; failures come back as events, never as rejections. */
  run(effect: BrowserEffect): void {
    if (effect.type === 'launch') this.#wantedEpoch = effect.epoch;
    if (effect.type === 'close' || effect.type === 'logout') this.#cutShort();
    if (effect.type === 'logout') this.#loggingOut = true;
    // A send hangs as long as its page or its line does: it would hold up what mends them.
    if (MENDING.includes(effect.type)) this.#lane.abortRunning(LANE_PRIORITY.send);
    this.#lane
      .run(LANE_PRIORITY.control, (signal) => this.#perform(effect, signal))
      .catch((error: unknown) => this.#log(effect.type, error));
  }

  /** Ends the browser in its turn; resolves when no process of it lives. */
  async close(mode: 'graceful' | 'kill'): Promise<void> {
    this.#cutShort();
    await this.#lane.run(LANE_PRIORITY.control, () => this.#close(mode));
  }

  /** At the end of the service: keeps the login that was just closed. A failure is logged; the end does not wait for it. */
  async keepLogin(): Promise<void> {
    await this.#lane
      .run(LANE_PRIORITY.control, (signal) => this.#perform({ type: 'snapshot' }, signal))
      .catch((error: unknown) => this.#log('snapshot', error));
  }

  /** Whatever runs now was meant for a browser that is about to end. */
  #cutShort(): void {
    this.#wantedEpoch = null;
    if (!this.#loggingOut) this.#lane.abortRunning();
  }

  /**
   * Gives what is being sent a moment, before a shutdown closes the browser: until the page has it, and WhatsApp's server
   * said so. What has waited for that since long is looked up after the next start, as is what comes too late.
   */
  async finishSend(): Promise<void> {
    if (this.#client === null) return;
    let isOver = false;
    const since = this.#deps.clock.now() - FINISH_SEND_MS;
    const [enough, cancel] = this.#wait(FINISH_SEND_MS);
    const sent = async () => {
      await this.#lane.idle();
      while (!isOver && this.#isSending(since)) await this.#wait(LOOK_EVERY_MS)[0];
    };
    // A database that cannot tell must not keep the browser open.
    await Promise.race([sent().catch(() => undefined), enough]);
    isOver = true;
    cancel();
  }

  #isSending(since: number): boolean {
    const underWay = this.#deps.outbox.heads(this.#sessionId, { queued: false, sending: true });
    return underWay.some(({ updatedAt }) => updatedAt >= since);
  }

  #wait(ms: number): [over: Promise<void>, cancel: () => void] {
    let cancel = () => {};
    const over = new Promise<void>((resolve) => {
      cancel = this.#deps.clock.schedule(ms, resolve);
    });
    return [over, cancel];
  }

  async #perform(effect: BrowserEffect, signal: AbortSignal): Promise<void> {
    if (this.#isAbandoned) return;
    const { deadlines } = this.#deps.config;
    switch (effect.type) {
      case 'launch':
        return this.#launch(effect.epoch, signal);
      case 'close':
        return this.#close(effect.mode);
      case 'quarantine':
        return this.#quarantine();
      case 'snapshot':
        await this.#deps.profiles.snapshot(this.#sessionId);
        return;
      case 'restore-snapshot':
        if (await this.#deps.profiles.restoreSnapshot(this.#sessionId)) {
          this.#session.dispatch({ type: 'snapshot-restored' });
        }
        return;
      case 'discard-snapshot':
        return this.#deps.profiles.discardSnapshot(this.#sessionId);
      case 'logout':
        return this.#logout();
      case 'reconnect-socket':
        if (effect.epoch !== this.#wantedEpoch) return;
        return this.#client?.reconnectSocket(
          AbortSignal.any([signal, AbortSignal.timeout(deadlines.socketReconnectMs)]),
        );
      case 'take-over':
        if (effect.epoch !== this.#wantedEpoch) return;
        return this.#client?.takeOver(AbortSignal.any([signal, AbortSignal.timeout(deadlines.socketReconnectMs)]));
      case 'check-network':
        return this.#checkNetwork(effect.epoch, signal);
      case 'reload':
        return this.#reload(effect.epoch, AbortSignal.any([signal, AbortSignal.timeout(deadlines.reloadMs)]));
      default:
        return effect satisfies never;
    }
  }

  async #logout(): Promise<void> {
    try {
      await this.#client?.logout(AbortSignal.timeout(LOGOUT_MS));
    } finally {
      this.#loggingOut = false;
    }
  }

  async #launch(epoch: number, signal: AbortSignal): Promise<void> {
    if (epoch !== this.#wantedEpoch) return;
    const { admission, createClient, profiles, logger, together } = this.#deps;
    const sessionId = this.#sessionId;
    let release: () => void = () => {};
    try {
      release = await admission.acquire(signal);
      if (epoch !== this.#wantedEpoch) return;
      const hasSnapshot = await profiles.hasSnapshot(sessionId);
      this.#session.dispatch({ type: 'admitted', epoch, hasSnapshot });
      await this.#close('kill');
      signal.throwIfAborted();
      const { endedPids, removedLocks } = await profiles.prepare(sessionId);
      if (endedPids.length > 0 || removedLocks) {
        const words = `${sessionId}: cleaned up after an earlier browser`;
        logger.warn('session.profile_prepared', words, { sessionId, endedPids: endedPids.join(','), removedLocks });
      }
      signal.throwIfAborted();
      const client = createClient({
        sessionId,
        profileDir: profiles.dir(sessionId),
        proxy: this.#session.proxy(),
        engine: this.#session.engine(),
        onEvent: (event) => this.#onEvent(client, epoch, event),
        onMessage: (message, isLate) => this.#session.onMessage(message, isLate),
        onChange: (news) => this.#session.onChange(news),
        phoneOf: (lid) => this.#deps.lids.phoneOf(lid),
        onAck: (waMessageId, ack) => {
          const tell = () => this.#session.onAck(waMessageId, ack);
          // The server's own receipt lets the next message go; nobody waits to hear that one was delivered or read.
          if (ack <= SERVER_ACK) tell();
          else together.later(sessionId, tell);
        },
      });
      this.#client = client;
      await client.start(signal);
      this.#session.dispatch({ type: 'injected', epoch });
    } catch (error) {
      this.#launchFailed(epoch, error);
    } finally {
      release();
    }
  }

  async #checkNetwork(epoch: number, signal: AbortSignal): Promise<void> {
    if (epoch !== this.#wantedEpoch) return;
    const reachable = await this.#client?.reachesWhatsApp(signal);
    if (reachable !== undefined) this.#session.dispatch({ type: 'network-checked', epoch, reachable });
  }

  async #reload(epoch: number, signal: AbortSignal): Promise<void> {
    if (epoch !== this.#wantedEpoch) return;
    try {
      await this.#client?.reload(signal);
    } catch (error) {
      this.#launchFailed(epoch, error);
    }
  }

  #launchFailed(epoch: number, error: unknown): void {
    const known = error instanceof ClientError;
    if (!known) this.#log('launch', error);
    const detail = error instanceof Error ? error.message : String(error);
    // An operation that was aborted belongs to an epoch that the state machine has left: it drops this event.
    this.#session.dispatch({ type: 'failed', epoch, reason: known ? error.reason : 'launch_failed', detail });
  }

  #onEvent(client: WhatsAppClient, epoch: number, event: ClientEvent): void {
    if (client !== this.#client) return;
    if (event.type === 'ready') this.#session.onReady(event.phoneNumber, event.webVersion);
    this.#session.dispatch({ ...event, epoch });
  }

  async #close(mode: 'graceful' | 'kill'): Promise<void> {
    const client = this.#client;
    if (client === null) return;
    this.#client = null;
    this.#ending = client;
    await client.close(mode);
    this.#ending = null;
  }

  async #quarantine(): Promise<void> {
    await this.#close('graceful');
    const place = await this.#deps.profiles.quarantine(this.#sessionId);
    if (place === null) return;
    const words = `${this.#sessionId}: the profile was moved to ${place}`;
    this.#deps.logger.warn('session.profile_quarantined', words, { sessionId: this.#sessionId, place });
  }

  #log(effect: string, error: unknown): void {
    const words = `${this.#sessionId}: ${effect} failed: ${error instanceof Error ? error.message : String(error)}`;
    this.#deps.logger.warn('session.effect_failed', words, { sessionId: this.#sessionId, effect });
  }
}
