import type { OutboxMessage } from './message.js';
import type { FoundMessage, SendReceipt } from './ports.js';

/** What to do with an interrupted send after looking into its chat. */
export type Reconciliation =
  | { outcome: 'arrived'; receipt: SendReceipt }
  | { outcome: 'send_again' }
  | { outcome: 'give_up' };

/**
 * Decides what became of a send that was interrupted. With WhatsApp's id known only that message counts; without, the
 * oldest message with the same text that belongs to no other send (`taken`).
 */
export function decideAfterSearch(
  message: Pick<OutboxMessage, 'waMessageId' | 'text' | 'attempts'>,
  found: readonly FoundMessage[],
  taken: ReadonlySet<string>,
  maxAttempts: number,
): Reconciliation {
  const matches = ({ waMessageId, body }: FoundMessage) =>
    message.waMessageId === null
      ? body === message.text && !taken.has(waMessageId)
      : waMessageId === message.waMessageId;
  const match = found.find(matches);
  if (match) return { outcome: 'arrived', receipt: { waMessageId: match.waMessageId, ack: match.ack } };
  return message.attempts >= maxAttempts ? { outcome: 'give_up' } : { outcome: 'send_again' };
}
