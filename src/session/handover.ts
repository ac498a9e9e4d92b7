import type { Config } from '../config.js';
import { isOpen, type OutboxMessage } from '../domain/message.js';
import type { FailureCode } from '../domain/message-failure.js';
import type { Clock, Logger, MediaShelf, SendReceipt, WhatsAppClient } from '../domain/ports.js';
import { decideAfterSearch, saysTheSame } from '../domain/reconciliation.js';
import type { OutboxStore } from '../domain/store-ports.js';
import type { OutboxBook } from './outbox-book.js';

interface HandoverOptions {
  sessionId: string;
  outbox: OutboxStore;
  book: OutboxBook;
  media: MediaShelf;
  clock: Clock;
  logger: Logger;
  settings: Pick<Config['messages'], 'maxAttempts' | 'presetIds'>;
}

/** What came of it; `nothing` when the message was meanwhile dealt with otherwise. */
export type HandoverOutcome =
  | { is: 'in_page'; message: OutboxMessage; receipt: SendReceipt; seenInChat: boolean }
  | { is: 'not_taken'; message: OutboxMessage; detail: string }
  | { is: 'refused'; message: OutboxMessage }
  | { is: 'ended'; message: OutboxMessage; code: FailureCode }
  | { is: 'nothing' };

/** WhatsApp keeps whole seconds, and clocks differ a little. */
const SEARCH_SLACK_MS = 3000;
const NOTHING = { is: 'nothing' } as const;

/** Brings one message to the page, and finds out what became of one that was under way when something broke. */
export class Handover {
  readonly #options: HandoverOptions;

  constructor(options: HandoverOptions) {
    this.#options = options;
  }

  /** Rejects when nobody knows whether the page has it, or nothing could be stored. */
  async give(client: WhatsAppClient, id: string, signal: AbortSignal): Promise<HandoverOutcome> {
    const { outbox, book, media, clock, sessionId, settings } = this.#options;
    const before = outbox.get(sessionId, id);
    if (before === null || !isOpen(before)) return NOTHING;
    const freshId = settings.presetIds ? await client.newMessageId(signal) : null;
    const bytes = before.content.type === 'media' ? await media.read(id) : null;

    // From here to `sending` nothing is awaited, so that no cancel and no expiry can come in between.
    const message = outbox.get(sessionId, id);
    if (message === null || message.status !== before.status) return NOTHING;
    if (message.expiresAt !== null && message.expiresAt <= clock.now())
      return { is: 'ended', message, code: 'expired' };
    const { to, content, quotedMessageId } = message;
    if (content.type === 'media' && bytes === null) {
      // What is queued can be fetched again.
      const isFetched = content.url !== null && message.status === 'queued';
      return isFetched ? NOTHING : { is: 'ended', message, code: 'media_lost' };
    }
    const presetId = freshId === null ? null : (message.presetId ?? freshId);
    const sending = book.begins(message, presetId);
    // A power cut must find it `sending`, under this id.
    await outbox.onDisk();
    const result = await client.send({ to, content, bytes, quotedMessageId, presetId }, signal);
    if (!('refused' in result)) return { is: 'in_page', message: sending, receipt: result, seenInChat: false };
    if (result.refused !== 'not_taken') return { is: 'ended', message: sending, code: result.refused };
    if (sending.attempts >= settings.maxAttempts) return { is: 'ended', message: sending, code: 'send_failed' };
    return { is: 'not_taken', message: sending, detail: result.detail };
  }

  /** The chat knows whether it went out; what is not there is handed over again, at once. */
  async lookUp(client: WhatsAppClient, id: string, signal: AbortSignal): Promise<HandoverOutcome> {
    const { outbox, sessionId, logger, settings } = this.#options;
    const before = outbox.get(sessionId, id);
    if (before?.status !== 'sending') return NOTHING;
    const since = (before.attemptStartedAt ?? before.createdAt) - SEARCH_SLACK_MS;
    const found = await client.ownMessagesSince(before.to, since, signal);
    const message = outbox.get(sessionId, id);
    if (message?.status !== 'sending') return NOTHING;
    const foundIds = found.map(({ waMessageId }) => waMessageId).filter((one) => one !== message.waMessageId);
    const taken = outbox.knownWaMessageIds(sessionId, foundIds);
    const rivals = outbox
      .unidentified(sessionId, message.to, since)
      .filter((other) => other.id !== id && found.some((one) => sameWords(message, other, one)));
    const decision = decideAfterSearch(message, found, { taken, rivals: rivals.length }, settings.maxAttempts);
    logger.info('message.reconciled', `${sessionId}: interrupted send looked up: ${decision.outcome}`, {
      sessionId,
      messageId: id,
      outcome: decision.outcome,
    });
    switch (decision.outcome) {
      case 'arrived':
        return { is: 'in_page', message, receipt: decision.receipt, seenInChat: true };
      case 'refused':
        return { is: 'refused', message };
      case 'send_again':
        return this.give(client, id, signal);
      case 'give_up':
        return { is: 'ended', message, code: 'unconfirmed' };
      case 'ambiguous':
        return { is: 'ended', message, code: 'ambiguous' };
      default:
        return decision satisfies never;
    }
  }

  /** Its chat could not be read for long: under an id of our choice it cannot be sent twice, without one it can. */
  async giveUnseen(client: WhatsAppClient, id: string, signal: AbortSignal): Promise<HandoverOutcome> {
    const { outbox, sessionId, settings } = this.#options;
    const message = outbox.get(sessionId, id);
    if (message?.status !== 'sending') return NOTHING;
    const maySendAgain = message.presetId !== null && message.attempts < settings.maxAttempts;
    return maySendAgain ? this.give(client, id, signal) : { is: 'ended', message, code: 'unconfirmed' };
  }
}

function sameWords(a: OutboxMessage, b: OutboxMessage, inChat: Parameters<typeof saysTheSame>[1]): boolean {
  return saysTheSame(a.content, inChat) && saysTheSame(b.content, inChat);
}
