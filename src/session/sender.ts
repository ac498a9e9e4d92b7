import type { Publish } from '../domain/bus-event.js';
import { type OutboxMessage, statusOfAck } from '../domain/message.js';
import type { Clock, Logger, SendReceipt, WhatsAppClient } from '../domain/ports.js';
import { decideAfterSearch } from '../domain/reconciliation.js';
import type { OutboxStore } from '../domain/store-ports.js';
import { LANE_PRIORITY, type Lane } from './lane.js';

interface SenderOptions {
  sessionId: string;
  outbox: OutboxStore;
  lane: Lane;
  clock: Clock;
  logger: Logger;
  publish: Publish;
  settings: { sendTimeoutMs: number; ackTimeoutMs: number; maxAttempts: number };
  /** The client while the session is connected, otherwise null. */
  client: () => WhatsAppClient | null;
}

/** After an operation that failed, the page gets a moment before the chat is read again. */
const RETRY_MS = 2000;
/** WhatsApp keeps whole seconds, and clocks differ a little. */
const SEARCH_SLACK_MS = 3000;
const EARLY_ACKS_KEPT = 500;

/**
 * Takes the outbox of one session to WhatsApp, in order. A message is `sending` from before the page gets it until
 * WhatsApp acknowledges it; whatever interrupts that, the chat itself is asked before anything is handed over again.
 */
export class Sender {
  readonly #options: SenderOptions;
  /** Messages that the present page has and WhatsApp has not acknowledged yet, with the time to look again. */
  readonly #awaitingAck = new Map<string, number>();
  /** Acks can overtake the return of the send that they belong to. */
  readonly #earlyAcks = new Map<string, number>();
  #pumping = false;
  #draining = false;
  #cancelTimer: (() => void) | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** A page is ready, perhaps another one than before: what was under way must be looked up in it. */
  onConnected(): void {
    this.#awaitingAck.clear();
    this.kick();
  }

  /** Something may be sendable. Cheap and safe to call at any time. */
  kick(): void {
    if (this.#pumping || this.#draining) return;
    this.#pumping = true;
    void this.#pump()
      .catch((error: unknown) => this.#failed('outbox', error))
      .finally(() => {
        this.#pumping = false;
        this.#armTimer();
      });
  }

  /** WhatsApp acknowledged a message of ours, also one of an earlier page. */
  onAck(waMessageId: string, ack: number): void {
    const { outbox, sessionId } = this.#options;
    const message = outbox.byWaMessageId(sessionId, waMessageId);
    if (message) {
      this.#applyAck(message, ack);
      return;
    }
    this.#earlyAcks.set(waMessageId, Math.max(ack, this.#earlyAcks.get(waMessageId) ?? 0));
    const oldest = this.#earlyAcks.keys().next();
    if (this.#earlyAcks.size > EARLY_ACKS_KEPT && !oldest.done) this.#earlyAcks.delete(oldest.value);
  }

  /** Takes nothing new; what the page is being given now may finish in its own time. */
  stop(): void {
    this.#draining = true;
    this.#cancelTimer?.();
  }

  async #pump(): Promise<void> {
    const { outbox, lane, sessionId, client, clock } = this.#options;
    for (let next = this.#due(); next.length > 0; next = this.#due()) {
      for (const { id } of next) {
        const goesOn = await lane.run(LANE_PRIORITY.send, async (signal) => {
          const live = client();
          const message = outbox.get(sessionId, id);
          if (live === null || this.#draining || message === null) return false;
          const deadline = AbortSignal.any([signal, AbortSignal.timeout(this.#options.settings.sendTimeoutMs)]);
          try {
            if (message.status === 'queued') await this.#handOver(live, message, deadline);
            else if (message.status === 'sending') await this.#lookUp(live, message, deadline);
            return true;
          } catch (error) {
            this.#failed(id, error);
            this.#awaitingAck.set(id, clock.now() + RETRY_MS);
            return false;
          }
        });
        if (!goesOn) return;
      }
    }
  }

  #due(): OutboxMessage[] {
    const { outbox, sessionId, client, clock } = this.#options;
    if (client() === null || this.#draining) return [];
    const due: OutboxMessage[] = [];
    for (const message of outbox.pending(sessionId)) {
      const waits = message.status === 'sending' && (this.#awaitingAck.get(message.id) ?? 0) > clock.now();
      if (!waits) due.push(message);
      // Order matters more than speed: nothing overtakes a message of which nobody knows whether the page has it.
      else if (message.waMessageId === null) break;
    }
    return due;
  }

  async #handOver(client: WhatsAppClient, queued: OutboxMessage, signal: AbortSignal): Promise<void> {
    const { clock, logger, sessionId } = this.#options;
    const attempts = queued.attempts + 1;
    const message = this.#update(queued, { status: 'sending', attemptStartedAt: clock.now(), attempts });
    logger.debug('message.sending', `${sessionId}: handing over a message`, {
      sessionId,
      messageId: message.id,
      attempts,
    });
    const result = await client.sendText(message.to, message.text, signal);
    if ('refused' in result) this.#fail(message, result.refused);
    else this.#handedOver(message, result);
  }

  #handedOver(message: OutboxMessage, receipt: SendReceipt): void {
    const { clock, settings } = this.#options;
    const { waMessageId } = receipt;
    const ack = Math.max(receipt.ack, this.#earlyAcks.get(waMessageId) ?? 0);
    this.#earlyAcks.delete(waMessageId);
    this.#awaitingAck.set(message.id, clock.now() + settings.ackTimeoutMs);
    this.#applyAck(this.#update(message, { waMessageId }), ack);
  }

  /** A message that was on its way when something broke: the chat knows whether it went out. */
  async #lookUp(client: WhatsAppClient, message: OutboxMessage, signal: AbortSignal): Promise<void> {
    const { outbox, sessionId, logger, settings } = this.#options;
    const sinceMs = (message.attemptStartedAt ?? message.createdAt) - SEARCH_SLACK_MS;
    const found = await client.ownMessagesSince(message.to, sinceMs, signal);
    const taken = outbox.knownWaMessageIds(
      sessionId,
      found.map(({ waMessageId }) => waMessageId).filter((id) => id !== message.waMessageId),
    );
    const decision = decideAfterSearch(message, found, taken, settings.maxAttempts);
    logger.info('message.reconciled', `${sessionId}: interrupted send looked up: ${decision.outcome}`, {
      sessionId,
      messageId: message.id,
      outcome: decision.outcome,
    });
    switch (decision.outcome) {
      case 'arrived':
        return this.#handedOver(message, decision.receipt);
      case 'send_again':
        this.#awaitingAck.delete(message.id);
        this.#update(message, { status: 'queued', waMessageId: null });
        return;
      case 'give_up':
        return this.#fail(message, 'send_failed');
      default:
        return decision satisfies never;
    }
  }

  #applyAck(message: OutboxMessage, ack: number): void {
    const { logger, sessionId } = this.#options;
    const status = statusOfAck(ack);
    if (ack <= message.ack || status === null) return;
    const first = message.ack < 1;
    this.#awaitingAck.delete(message.id);
    const updated = this.#update(message, { ack, status });
    if (first) {
      const fields = { sessionId, messageId: updated.id, waMessageId: updated.waMessageId };
      logger.info('message.sent', `${sessionId}: message sent`, fields);
    }
  }

  #fail(message: OutboxMessage, code: string): void {
    const { logger, sessionId } = this.#options;
    this.#awaitingAck.delete(message.id);
    this.#update(message, { status: 'failed', failureCode: code });
    logger.warn('message.failed', `${sessionId}: message failed: ${code}`, { sessionId, messageId: message.id, code });
  }

  #update(message: OutboxMessage, change: Parameters<OutboxStore['update']>[1]): OutboxMessage {
    const updated = this.#options.outbox.update(message.id, change, this.#options.clock.now());
    this.#options.publish({ type: 'outbox', message: updated });
    return updated;
  }

  #failed(messageId: string, error: unknown): void {
    const { logger, sessionId } = this.#options;
    logger.warn('session.effect_failed', `${sessionId}: a send was interrupted: ${String(error)}`, {
      sessionId,
      messageId,
    });
  }

  #armTimer(): void {
    const { clock } = this.#options;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    const times = [...this.#awaitingAck.values()];
    if (times.length === 0 || this.#draining) return;
    this.#cancelTimer = clock.schedule(Math.max(50, Math.min(...times) - clock.now()), () => this.kick());
  }
}
