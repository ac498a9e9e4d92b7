import type { IncomingMessage } from '../../src/domain/message.js';
import type { FoundMessage } from '../../src/domain/ports.js';

/** A message of ours as it stands in the chat. */
export interface ChatMessage extends FoundMessage {
  chatId: string;
}

/** What is at WhatsApp and outlives every browser: the chats of one number. */
export class FakeWhatsApp {
  readonly sent: ChatMessage[] = [];
  readonly received: IncomingMessage[] = [];
  #count = 0;

  /** A message of ours reaches its chat; not acknowledged yet. */
  post(chatId: string, body: string, now: number): ChatMessage {
    this.#count += 1;
    const timestamp = Math.floor(now / 1000) * 1000;
    const message = { waMessageId: `true_${chatId}_${this.#count}`, ack: 0, chatId, body, timestamp };
    this.sent.push(message);
    return message;
  }

  /** Texts of our messages in the chats, in order. */
  get texts(): string[] {
    return this.sent.map(({ body }) => body);
  }
}

/** A message that somebody sent to us. */
export function anIncoming(id: string, timestamp: number, change: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    id,
    from: '491511234567@c.us',
    fromLid: null,
    to: '491600000000@c.us',
    chatId: '491511234567@c.us',
    body: `body of ${id}`,
    type: 'chat',
    timestamp,
    fromMe: false,
    ack: 1,
    quotedMessageId: null,
    ...change,
  };
}
