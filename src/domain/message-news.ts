import type { IncomingMessage } from './message.js';
import type { Person } from './person.js';

/** An emoji that somebody put to a message; empty when it was taken back. */
export interface MessageReaction extends Person {
  /** WhatsApp's id of the message, one of others or one of ours. */
  messageId: string;
  chatId: string;
  /** By ourselves, on the phone. */
  fromMe: boolean;
  emoji: string;
  /** Milliseconds since 1970. */
  timestamp: number;
}

/** What WhatsApp tells of a message that came before. */
export type MessageNews =
  | { kind: 'edited'; id: string; body: string; at: number }
  | { kind: 'revoked'; id: string; at: number }
  | { kind: 'acked'; id: string; ack: number }
  | { kind: 'reacted'; reaction: MessageReaction };

/** What that changed here, after it was stored. */
export type MessageChange =
  | { kind: 'edited' | 'acked'; message: IncomingMessage }
  /** `fileId`: the file that went with it, whose bytes are to be deleted, null when there was none. */
  | { kind: 'revoked'; message: IncomingMessage; fileId: string | null }
  | { kind: 'reacted'; reaction: MessageReaction };

/** The message after the news; null when they change nothing. */
export function amended(
  message: IncomingMessage,
  news: Exclude<MessageNews, { kind: 'reacted' }>,
): IncomingMessage | null {
  switch (news.kind) {
    case 'edited':
      if (message.revokedAt !== null || message.body === news.body) return null;
      return { ...message, body: news.body, editedAt: news.at };
    case 'revoked':
      // Who takes his words back wants them gone: they are not kept behind his back.
      return message.revokedAt === null ? { ...message, body: '', media: null, revokedAt: news.at } : null;
    case 'acked':
      return news.ack > message.ack ? { ...message, ack: news.ack } : null;
    default:
      return news satisfies never;
  }
}

/** True when a reaction says something that the last known one of the same person to the same message did not. */
export function isNewReaction(
  { emoji, timestamp }: Pick<MessageReaction, 'emoji' | 'timestamp'>,
  known: Pick<MessageReaction, 'emoji' | 'timestamp'> | null,
): boolean {
  if (known === null) return emoji !== '';
  return timestamp >= known.timestamp && emoji !== known.emoji;
}
