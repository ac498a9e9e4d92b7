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
  /** Messages to be left alone until a time: WhatsApp may still acknowledge them, or the page needs a moment. */
  readonly #restsUntil = new Map<string, number>();
  /** Acks can overtake the return of the send that they belong to. */
  readonly #earlyAcks = new Map<string, number>();
  #pumping = false;
  /** Somebody called since the outbox was read last. */
  #kicked = false;
  #lookAgainAt: number | null = null;
  #draining = false;
  #cancelTimer: (() => void) | null = null;

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** A page is ready, perhaps another one than before: what was under way must be looked up in it. */
  onConnected(): void {
    this.#restsUntil.clear();
    this.kick();
  }

  /** Something may be sendable. Cheap and safe to call at any time. */
  kick(): void {
    this.#kicked = true;
    if (this.#pumping || this.#draining) return;
    this.#pumping = true;
    void this.#pump()
      .catch((error: unknown) => {
        this.#failed('outbox', error);
        this.#lookAgainAt = this.#options.clock.now() + RETRY_MS;
      })
      .finally(() => {
        this.#pumping = false;
        if (this.#kicked) this.kick();
        else this.#armTimer();
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
    const { lane } = this.#options;
    for (let due = this.#due(); due.length > 0; due = this.#due()) {
      for (const { id } of due) {
        const goesOn = await lane.run(LANE_PRIORITY.send, (signal) => this.#attend(id, signal));
        if (!goesOn) break;
      }
    }
  }

  /** What can be done now, in order; what is not due yet sets the time of the next look. */
  #due(): OutboxMessage[] {
    const { outbox, sessionId, client, clock } = this.#options;
    this.#kicked = false;
    this.#lookAgainAt = null;
    if (client() === null || this.#draining) return [];
    const due: OutboxMessage[] = [];
    for (const message of outbox.pending(sessionId)) {
      const restsUntil = this.#restsUntil.get(message.id) ?? 0;
      if (restsUntil <= clock.now()) {
        due.push(message);
        continue;
      }
      this.#lookAgainAt = Math.min(restsUntil, this.#lookAgainAt ?? restsUntil);
      // Order matters more than speed: nothing overtakes a message of which nobody knows whether the page has it.
      if (message.waMessageId === null) break;
    }
    return due;
  }

  /** Does what is next for one message; false when the others must be looked at anew. */
  async #attend(id: string, signal: AbortSignal): Promise<boolean> {
    const { outbox, sessionId, client, clock, settings } = this.#options;
    const live = client();
    if (live === null || this.#draining) return false;
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(settings.sendTimeoutMs)]);
    try {
      const message = outbox.get(sessionId, id);
      if (message?.status === 'queued') await this.#handOver(live, message, deadline);
      else if (message?.status === 'sending') await this.#lookUp(live, message, deadline);
      return true;
    } catch (error) {
      this.#failed(id, error);
      this.#restsUntil.set(id, clock.now() + RETRY_MS);
      return false;
    }
  }

  async #handOver(client: WhatsAppClient, accepted: OutboxMessage, signal: AbortSignal): Promise<void> {
    const { clock, logger, sessionId } = this.#options;
    const attempts = accepted.attempts + 1;
    const attempt = { attemptStartedAt: clock.now(), attempts, waMessageId: null } as const;
    const message = this.#update(accepted, { status: 'sending', ...attempt });
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
    this.#restsUntil.set(message.id, clock.now() + settings.ackTimeoutMs);
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
        // At once: whatever came later would overtake it otherwise.
        return this.#handOver(client, message, signal);
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
    this.#restsUntil.delete(message.id);
    const updated = this.#update(message, { ack, status });
    if (first) {
      const fields = { sessionId, messageId: updated.id, waMessageId: updated.waMessageId };
      logger.info('message.sent', `${sessionId}: message sent`, fields);
    }
  }

  #fail(message: OutboxMessage, code: string): void {
    const { logger, sessionId } = this.#options;
    this.#restsUntil.delete(message.id);
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
    if (this.#lookAgainAt === null || this.#draining) return;
    this.#cancelTimer = clock.schedule(Math.max(0, this.#lookAgainAt - clock.now()), () => this.kick());
  }
}
