import type { Publish } from '../domain/bus-event.js';
import { isOpen, type OutboxMessage, statusOfAck } from '../domain/message.js';
import { type FailureCode, MESSAGE_FAILURES } from '../domain/message-failure.js';
import type { Clock, Logger, MediaShelf } from '../domain/ports.js';
import type { OutboxChange, OutboxStore } from '../domain/store-ports.js';

export interface OutboxBookOptions {
  sessionId: string;
  outbox: OutboxStore;
  media: MediaShelf;
  clock: Clock;
  logger: Logger;
  publish: Publish;
}

/** Every change in the life of a message: stored first, then told to the house. Media goes when its message has ended. */
export class OutboxBook {
  readonly #options: OutboxBookOptions;

  constructor(options: OutboxBookOptions) {
    this.#options = options;
  }

  /** The page is about to get it, under this id. */
  begins(message: OutboxMessage, presetId: string | null): OutboxMessage {
    const { clock, logger, sessionId } = this.#options;
    const attempts = message.attempts + 1;
    // Under the same id it may be in the chat since the first time.
    const isSameId = presetId !== null && presetId === message.presetId;
    const attemptStartedAt = (isSameId ? message.attemptStartedAt : null) ?? clock.now();
    const attempt = { attempts, attemptStartedAt, presetId, waMessageId: null, notBefore: null };
    const updated = this.#update(message, { status: 'sending', ...attempt });
    const fields = { sessionId, messageId: message.id, attempts };
    logger.debug('message.sending', `${sessionId}: handing over a message`, fields);
    return updated;
  }

  /** The page says which message it is. */
  identified(message: OutboxMessage, waMessageId: string): OutboxMessage {
    return message.waMessageId === waMessageId ? message : this.#update(message, { waMessageId });
  }

  /** WhatsApp has it, at least on its server; also of a message that had been given up as uncertain. */
  acknowledged(message: OutboxMessage, waMessageId: string, ack: number): OutboxMessage {
    const { logger, sessionId } = this.#options;
    const status = statusOfAck(ack) ?? message.status;
    const updated = this.#update(message, { ack, status, waMessageId, failureCode: null });
    if (message.ack < 1) {
      const fields = { sessionId, messageId: message.id, waMessageId };
      logger.info('message.sent', `${sessionId}: message sent`, fields);
    }
    return updated;
  }

  /** The page did not take it: it is queued again, under the same id. */
  notTaken(message: OutboxMessage, notBefore: number): void {
    this.#update(message, { status: 'queued', waMessageId: null, notBefore });
  }

  /** WhatsApp's server refused it: it is queued again, under another id, since the refused one stays in the chat. */
  refused(message: OutboxMessage, delayMs: number): void {
    const { clock, logger, sessionId } = this.#options;
    const anew = { waMessageId: null, presetId: null, attemptStartedAt: null, ack: 0 };
    this.#update(message, { status: 'queued', ...anew, notBefore: clock.now() + delayMs });
    const words = `${sessionId}: WhatsApp refused a message; next try in ${Math.round(delayMs / 1000)} s`;
    logger.warn('message.refused', words, { sessionId, messageId: message.id, attempts: message.attempts, delayMs });
  }

  /** It ends unsent, or nobody can tell. */
  ends(message: OutboxMessage, code: FailureCode): OutboxMessage {
    const { logger, sessionId } = this.#options;
    const { status } = MESSAGE_FAILURES[code];
    const updated = this.#update(message, { status, failureCode: code });
    const fields = { sessionId, messageId: message.id, code };
    logger.warn(`message.${status}`, `${sessionId}: message ${status}: ${code}`, fields);
    return updated;
  }

  #update(message: OutboxMessage, change: OutboxChange): OutboxMessage {
    const { outbox, clock, publish } = this.#options;
    const updated = outbox.update(message.id, change, clock.now());
    publish({ type: 'outbox', message: updated });
    if (updated.content.type === 'media' && !isOpen(updated)) this.#discardMedia(updated);
    return updated;
  }

  #discardMedia({ id }: OutboxMessage): void {
    const { media, logger, sessionId } = this.#options;
    media.discard(id).catch((error: unknown) => {
      const words = `${sessionId}: media of a message could not be deleted: ${String(error)}`;
      logger.warn('session.effect_failed', words, { sessionId, messageId: id, effect: 'discard_media' });
    });
  }
}
