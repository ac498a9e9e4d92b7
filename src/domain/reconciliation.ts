import { bareIdOf, type OutboxMessage, REFUSED_ACK } from './message.js';
import { type MessageContent, wordsOf } from './message-content.js';
import type { FoundMessage, SendReceipt } from './ports.js';

/** What to do with an interrupted send after looking into its chat. */
export type Reconciliation =
  | { outcome: 'arrived'; receipt: SendReceipt }
  /** WhatsApp's server will not have it. */
  | { outcome: 'refused' }
  /** It is not there: certainly not sent. */
  | { outcome: 'send_again' }
  | { outcome: 'give_up' }
  /** A message of these words is there, and another send may be the one. */
  | { outcome: 'ambiguous' };

interface OtherSends {
  /** WhatsApp ids that belong to other messages of the outbox. */
  taken: ReadonlySet<string>;
  /** Other messages to the chat with the same words that were handed over since, under an id that nobody knows. */
  rivals: number;
}

/** Whether a message in the chat says what this content does. */
export function saysTheSame(content: MessageContent, { type, words }: Pick<FoundMessage, 'type' | 'words'>): boolean {
  const shape = type === 'chat' ? 'text' : type === 'location' ? 'location' : 'media';
  return shape === content.type && words === wordsOf(content);
}

/**
 * Decides what became of a send that was interrupted. With an id known, WhatsApp's own or the one that was chosen for
 * it, only that message counts; without, the oldest one that says the same and belongs to no other send.
 */
export function decideAfterSearch(
  message: Pick<OutboxMessage, 'waMessageId' | 'presetId' | 'content' | 'attempts'>,
  found: readonly FoundMessage[],
  { taken, rivals }: OtherSends,
  maxAttempts: number,
): Reconciliation {
  const { waMessageId, presetId, content } = message;
  const bareId = waMessageId === null ? presetId : bareIdOf(waMessageId);
  const candidates =
    bareId === null
      ? found.filter((one) => saysTheSame(content, one) && !taken.has(one.waMessageId))
      : found.filter((one) => bareIdOf(one.waMessageId) === bareId);
  const [match] = candidates;
  if (match === undefined) return message.attempts >= maxAttempts ? { outcome: 'give_up' } : { outcome: 'send_again' };
  if (bareId === null && candidates.length <= rivals) return { outcome: 'ambiguous' };
  if (match.ack === REFUSED_ACK) return { outcome: 'refused' };
  return { outcome: 'arrived', receipt: { waMessageId: match.waMessageId, ack: match.ack } };
}
