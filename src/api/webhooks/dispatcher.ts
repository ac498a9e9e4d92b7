import type { Config } from '../../config.js';
import {
  afterAttempt,
  askedPauseMs,
  type Delivery,
  type DeliveryLane,
  type ReceiverAnswer,
  verdictOf,
} from '../../domain/delivery.js';
import type { Clock, Logger, PostWebhook } from '../../domain/ports.js';
import type { DeliveryStore } from '../../domain/store-ports.js';
import { endOfWait } from '../../domain/wait.js';
import type { WebhookEndpoint } from '../../domain/webhook.js';
import { type Endpoints, nameOfReceiver } from './endpoints.js';
import { Receivers } from './receivers.js';
import { headersFor } from './signature.js';

export interface DispatcherDeps {
  store: DeliveryStore;
  endpoints: Endpoints;
  post: PostWebhook;
  clock: Clock;
  logger: Logger;
  settings: Config['webhooks'];
  version: string;
}

type Outcome = ReturnType<typeof afterAttempt>;

/** Someone is at work on a lane, or it waits for the time of its next attempt. */
interface LaneWork {
  lane: DeliveryLane;
  running: boolean;
  /** The receiver is back: the next attempt is made before its time. */
  hurry: boolean;
  cancelTimer: (() => void) | null;
  /** What came of an attempt and could not be written down: never ask the receiver again because of that. */
  unwritten: { id: string; outcome: Outcome } | null;
}

const STORE_RETRY_MS = 10_000;
/** Calls that a shutdown finds under way may end in this time. */
const STOP_GRACE_MS = 3_000;
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

const keyOf = ({ endpoint, sessionId }: DeliveryLane) => JSON.stringify([endpoint, sessionId]);

/**
 * Takes queued deliveries to their receivers. Everything that waits is in the store, of which only the head of each lane
 * is ever read; here is only which lanes wait for what.
 */
export class Dispatcher {
  readonly #deps: DispatcherDeps;
  readonly #receivers: Receivers;
  readonly #lanes = new Map<string, LaneWork>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #hangUp = new AbortController();
  #phase: 'new' | 'running' | 'stopping' = 'new';
  #cancelPruning: () => void = () => {};

  constructor(deps: DispatcherDeps) {
    const { clock, logger, settings } = deps;
    this.#deps = deps;
    this.#receivers = new Receivers({ concurrency: settings.concurrency, logger, now: () => clock.now() });
  }

  /** Goes on with what an earlier process left queued. */
  start(): void {
    this.#phase = 'running';
    this.#prune();
    for (const lane of this.#deps.store.waitingLanes()) this.wake(lane);
  }

  /** Begins nothing new; resolves when the calls under way are over, or cut off after a moment. They stay queued then. */
  async stop(): Promise<void> {
    this.#phase = 'stopping';
    this.#cancelPruning();
    for (const work of this.#lanes.values()) work.cancelTimer?.();
    const cancel = this.#deps.clock.schedule(STOP_GRACE_MS, () => this.#hangUp.abort());
    await Promise.all(this.#underWay);
    cancel();
  }

  /** Something may be due in this lane. Cheap; safe at any time, also inside of a transaction. */
  wake(lane: DeliveryLane): void {
    if (this.#phase !== 'running') return;
    const key = keyOf(lane);
    const work = this.#lanes.get(key) ?? { lane, running: false, hurry: false, cancelTimer: null, unwritten: null };
    this.#lanes.set(key, work);
    if (work.running) return;
    work.running = true;
    work.cancelTimer?.();
    const run = this.#run(work).catch((error: unknown) => {
      const words = `Webhook deliveries could not be read or written: ${String(error)}`;
      this.#deps.logger.error('service.unhandled', words, { endpoint: lane.endpoint });
      this.#wakeIn(work, STORE_RETRY_MS);
    });
    this.#underWay.add(run);
    void run.finally(() => this.#underWay.delete(run));
  }

  /** Somebody set it anew or lets it go on: what waits for its next attempt is tried now. */
  endpointChanged(key: string): void {
    this.#hurryAll(({ endpoint }) => endpoint === key);
  }

  /** One call outside of every queue, now. Never rejects. */
  call(endpoint: WebhookEndpoint, requestId: string, body: string): Promise<ReceiverAnswer> {
    const { post, clock, settings, version } = this.#deps;
    return post({
      url: endpoint.url,
      headers: headersFor(endpoint, { requestId, body, now: clock.now(), version }),
      body,
      timeoutMs: settings.timeoutMs,
      trusted: endpoint.trusted,
      signal: this.#hangUp.signal,
    });
  }

  async #run(work: LaneWork): Promise<void> {
    // Out of the transaction that this was called in: before its end nothing of it is true.
    await Promise.resolve();
    try {
      for (let due = this.#due(work); due !== null; due = this.#due(work)) {
        const endpoint = this.#deps.endpoints.byKey(due.endpoint);
        if (endpoint) await this.#receivers.call(endpoint.url, () => this.#attempt(work));
        else this.#bury(work);
      }
    } finally {
      work.running = false;
    }
  }

  /** What is to be delivered now; null when the lane is empty (and forgotten), or not due yet (and woken then). */
  #due(work: LaneWork): Delivery | null {
    if (this.#phase !== 'running') return null;
    this.#writeDown(work);
    if (this.#isPaused(work.lane)) return null;
    const head = this.#deps.store.head(work.lane);
    if (head === null) {
      this.#lanes.delete(keyOf(work.lane));
      return null;
    }
    const now = this.#deps.clock.now();
    const isDueAt = work.hurry ? 0 : endOfWait({ since: head.updatedAt, until: head.nextAttemptAt }, now);
    const waitsUntil = Math.max(isDueAt, this.#leftAloneUntil(work.lane));
    if (waitsUntil === 0) return head;
    this.#wakeIn(work, waitsUntil - now);
    return null;
  }

  async #attempt(work: LaneWork): Promise<void> {
    const { store, endpoints } = this.#deps;
    // It may have waited for its turn: by now the session can be gone, or the webhook be another.
    const delivery = this.#phase === 'running' ? store.head(work.lane) : null;
    const endpoint = endpoints.byKey(work.lane.endpoint);
    if (delivery === null || endpoint === null || this.#isPaused(work.lane)) return;
    if (this.#leftAloneUntil(work.lane) > 0) return;
    work.hurry = false;
    const answer = await this.call(endpoint, delivery.id, delivery.body);
    // We hung up ourselves: that says nothing of the receiver.
    if (answer.kind === 'unanswered' && this.#hangUp.signal.aborted) return;
    const { clock, settings } = this.#deps;
    const when = { retryDelaysMs: settings.retryDelaysMs, now: clock.now() };
    const outcome = afterAttempt(delivery, answer, when);
    this.#receivers.leaveAlone(endpoint.url, askedPauseMs(answer, when));
    work.unwritten = { id: delivery.id, outcome };
    this.#log(delivery, nameOfReceiver(endpoint.url), outcome, answer.latencyMs);
    if (this.#receivers.note(endpoint.url, verdictOf(answer))) {
      this.#hurryAll((lane) => endpoints.byKey(lane.endpoint)?.url === endpoint.url);
    }
    this.#writeDown(work);
  }

  /** An operator holds it up: it is woken when he lets it go on. Nobody can, when it is not set any more. */
  #isPaused({ endpoint }: DeliveryLane): boolean {
    const { store, endpoints } = this.#deps;
    return store.pausedSince(endpoint) !== null && endpoints.byKey(endpoint) !== null;
  }

  /** Until when the receiver of a lane asked to be left alone, 0 when it may be called. */
  #leftAloneUntil({ endpoint }: DeliveryLane): number {
    const url = this.#deps.endpoints.byKey(endpoint)?.url;
    return url === undefined ? 0 : this.#receivers.leftAloneUntil(url);
  }

  #writeDown(work: LaneWork): void {
    if (work.unwritten === null) return;
    const { id, outcome } = work.unwritten;
    this.#deps.store.update(id, outcome, this.#deps.clock.now());
    work.unwritten = null;
  }

  /** Its webhook was taken away: nobody is there to be told. They can be sent again when one is set. */
  #bury({ lane }: LaneWork): void {
    const { store, clock, logger } = this.#deps;
    const count = store.buryLane(lane, 'No webhook is set any more', clock.now());
    const words = `${count} events for a webhook that is not set any more are dead letters`;
    logger.warn('webhook.dead', words, { endpoint: lane.endpoint, count });
  }

  #hurryAll(isMeant: (lane: DeliveryLane) => boolean): void {
    for (const work of this.#lanes.values()) {
      if (!isMeant(work.lane)) continue;
      work.hurry = true;
      this.wake(work.lane);
    }
  }

  #wakeIn(work: LaneWork, delayMs: number): void {
    work.cancelTimer?.();
    if (this.#phase !== 'running') return;
    work.cancelTimer = this.#deps.clock.schedule(delayMs, () => this.wake(work.lane));
  }

  #log({ id, sessionId, event }: Delivery, receiver: string, outcome: Outcome, latencyMs: number): void {
    const { logger, clock } = this.#deps;
    const { status, attempts, nextAttemptAt, lastStatus, lastError } = outcome;
    const who = sessionId === null ? {} : { sessionId };
    const fields = { ...who, deliveryId: id, webhookEvent: event, receiver, attempts, httpStatus: lastStatus };
    const failed = { ...fields, error: lastError };
    if (status === 'delivered') {
      logger.debug('webhook.delivered', `${event} delivered to ${receiver}`, { ...fields, latencyMs });
    } else if (status === 'dead') {
      logger.warn('webhook.dead', `${event} for ${receiver} is a dead letter: ${lastError}`, failed);
    } else {
      const delayMs = nextAttemptAt - clock.now();
      const words = `${event} was not taken by ${receiver}; next attempt in ${delayMs} ms: ${lastError}`;
      logger.info('webhook.retry', words, { ...failed, delayMs });
    }
  }

  #prune(): void {
    const { clock, store, settings, logger } = this.#deps;
    const now = clock.now();
    this.#cancelPruning = clock.schedule(HOUR_MS, () => this.#prune());
    try {
      const deliveredBefore = now - settings.keepDeliveredDays * DAY_MS;
      store.prune({ deliveredBefore, deadBefore: now - settings.keepDeadDays * DAY_MS }, now);
    } catch (error) {
      logger.error('service.unhandled', `Old webhook deliveries could not be removed: ${String(error)}`);
    }
  }
}
