import type { MessageContent } from './message-content.js';
import type { Person } from './person.js';
import type { ReceivedMedia } from './received-media.js';

/** A message somebody sent to one of our numbers, with real phone numbers wherever WhatsApp tells them. */
export interface IncomingMessage extends Person {
  /** WhatsApp's id of the message, unique per session. */
  id: string;
  to: string;
  /** The chat that it stands in: of a group the group, not who wrote. */
  chatId: string;
  /** Its text, or the words beside a file; empty after it was deleted. */
  body: string;
  /** WhatsApp's type: chat, image, ptt, location, … */
  type: string;
  /** Milliseconds since 1970. */
  timestamp: number;
  fromMe: boolean;
  ack: number;
  quotedMessageId: string | null;
  /** The file that came with it, null when none did. */
  media: ReceivedMedia | null;
  /** When its words were changed last, milliseconds since 1970. */
  editedAt: number | null;
  /** When it was deleted for everyone. */
  revokedAt: number | null;
}

export const OUTBOX_STATUSES = ['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'uncertain'] as const;
/**
 * Life of a message that we send: accepted means that it will reach `sent` or be reported `failed` (certainly not sent)
 * or `uncertain` (nobody can tell).
 */
export type OutboxStatus = (typeof OUTBOX_STATUSES)[number];

export interface OutboxMessage {
  id: string;
  sessionId: string;
  /** Position in the session's order of acceptance. */
  seq: number;
  idempotencyKey: string | null;
  /** Hash over all that was asked for: the same idempotency key with another body is a conflict. */
  contentHash: string;
  /** The chat that it goes to. */
  to: string;
  content: MessageContent;
  quotedMessageId: string | null;
  status: OutboxStatus;
  /** Code of the failure when `failed` or `uncertain`. */
  failureCode: string | null;
  /** WhatsApp's whole id of it, `true_<chat>_<id>`; null until the page told it. */
  waMessageId: string | null;
  /** The id within `waMessageId`, chosen before it was handed over; null when the page chose it. */
  presetId: string | null;
  ack: number;
  /** From when on it may be found in its chat, null before the first attempt. */
  attemptStartedAt: number | null;
  attempts: number;
  /** Not to be handed over before: WhatsApp refused it. */
  notBefore: number | null;
  /** Not to be handed over from then on. */
  expiresAt: number | null;
  createdAt: number;
  updatedAt: number;
}

/** Neither sent nor reported yet. */
export function isOpen({ status }: Pick<OutboxMessage, 'status'>): boolean {
  return status === 'queued' || status === 'sending';
}

/** The outbox status that an acknowledgement proves; WhatsApp's acks: 1 server, 2 delivered, 3 read, 4 played. */
export function statusOfAck(ack: number): OutboxStatus | null {
  if (ack >= 3) return 'read';
  if (ack === 2) return 'delivered';
  if (ack === SERVER_ACK) return 'sent';
  return null;
}

/**
 * True for a step that must be on the disk when it is stored. `sending` is waited for by who hands the message over. What
 * WhatsApp has told need not: a row that a power cut left behind at `sending` is looked up in its chat.
 */
export function mustReachDisk(status: OutboxStatus | undefined): boolean {
  return status === 'queued' || status === 'failed' || status === 'uncertain';
}

/** Whether a session has messages in the states in which their fate is open. */
export interface OpenStates {
  queued: boolean;
  sending: boolean;
}

/** The ack by which WhatsApp says that it will not take the message. */
export const REFUSED_ACK = -1;
/** WhatsApp's server has it; what is above says what became of it on the phones of others. */
export const SERVER_ACK = 1;

/** Of two acks of one message the one that says more: what the server has it cannot refuse any more. */
export function strongerAck(a: number, b: number): number {
  return a > 0 || b > 0 ? Math.max(a, b) : Math.min(a, b);
}

/** The id within WhatsApp's whole id of a message, `true_<chat>_<id>[_<author>]`. */
export function bareIdOf(waMessageId: string): string | null {
  return waMessageId.split('_')[2] ?? null;
}
