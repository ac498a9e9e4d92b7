/** A message somebody sent to one of our numbers, with real phone numbers wherever WhatsApp tells them. */
export interface IncomingMessage {
  /** WhatsApp's id of the message, unique per session. */
  id: string;
  /** `…@c.us` of the sender, also when the message came from a `…@lid`; the `…@lid` when nobody knows better. */
  from: string;
  fromLid: string | null;
  to: string;
  chatId: string;
  body: string;
  /** WhatsApp's type: chat, image, ptt, location, … */
  type: string;
  /** Milliseconds since 1970. */
  timestamp: number;
  fromMe: boolean;
  ack: number;
  quotedMessageId: string | null;
}

export const OUTBOX_STATUSES = ['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'uncertain'] as const;
/** Life of a message that we send: accepted means that it will reach `sent` or be reported `failed` or `uncertain`. */
export type OutboxStatus = (typeof OUTBOX_STATUSES)[number];

export interface OutboxMessage {
  id: string;
  sessionId: string;
  /** Position in the session's order of acceptance. */
  seq: number;
  idempotencyKey: string | null;
  /** Hash over recipient and content: the same idempotency key with another body is a conflict. */
  contentHash: string;
  to: string;
  text: string;
  status: OutboxStatus;
  /** Code of the failure when `failed` or `uncertain`. */
  failureCode: string | null;
  waMessageId: string | null;
  ack: number;
  /** When the running or last attempt began, null before the first. */
  attemptStartedAt: number | null;
  attempts: number;
  createdAt: number;
  updatedAt: number;
}

/** The outbox status that an acknowledgement proves; WhatsApp's acks: 1 server, 2 delivered, 3 read, 4 played. */
export function statusOfAck(ack: number): OutboxStatus | null {
  if (ack >= 3) return 'read';
  if (ack === 2) return 'delivered';
  if (ack === 1) return 'sent';
  return null;
}
