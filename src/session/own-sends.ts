import type { IncomingMessage } from '../domain/message.js';
import { saysTheSame } from '../domain/reconciliation.js';
import type { OutboxStore } from '../domain/store-ports.js';

/** From the beginning of a send to the time that WhatsApp writes on its message, uploads included. */
const LONGEST_SEND_MS = 5 * 60_000;

/**
 * True when a message of ours was sent by the outbox, so that it was not written on the phone. The page tells of a
 * message before the send that made it has returned: when its id was not chosen beforehand, only its words are known.
 */
export function isOwnSend(outbox: OutboxStore, sessionId: string, message: IncomingMessage): boolean {
  const { id, to, chatId, type, body: words, timestamp } = message;
  if (outbox.byWaMessageId(sessionId, id) !== null) return true;
  return [...new Set([to, chatId])]
    .flatMap((chat) => outbox.unidentified(sessionId, chat, timestamp - LONGEST_SEND_MS))
    .some(({ content }) => saysTheSame(content, { type, words }));
}
