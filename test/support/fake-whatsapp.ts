import type { IncomingMessage } from '../../src/domain/message.js';
import { type OutgoingMessage, whatsAppTypeOf, wordsOf } from '../../src/domain/message-content.js';
import type { MessageNews } from '../../src/domain/message-news.js';
import type { FoundMessage, LaunchSpec } from '../../src/domain/ports.js';
import type { MediaFailure, ReceivedMedia } from '../../src/domain/received-media.js';

/** A message of ours as it stands in the chat. */
export interface ChatMessage extends FoundMessage {
  chatId: string;
  /** WhatsApp has it, but the page that sent it died before it wrote it down. */
  forgotten: boolean;
}

/** What is at WhatsApp and outlives every browser: the chats of one number. */
export class FakeWhatsApp {
  readonly sent: ChatMessage[] = [];
  readonly received: IncomingMessage[] = [];
  /** What happened to messages while nobody listened. */
  readonly news: MessageNews[] = [];
  /** Files by the id of their message; a failure where there is none to be had. */
  readonly files = new Map<string, Buffer | MediaFailure>();
  #count = 0;

  /** A message of ours reaches its chat; not acknowledged yet. One that is there under that id is the same message. */
  post({ to: chatId, content, presetId }: OutgoingMessage, now: number): ChatMessage {
    this.#count += 1;
    const waMessageId = `true_${chatId}_${presetId ?? `OWN${this.#count}`}`;
    const known = this.sent.find((message) => message.waMessageId === waMessageId);
    if (known) return Object.assign(known, { forgotten: false });
    const timestamp = Math.floor(now / 1000) * 1000;
    const message = { waMessageId, ack: 0, chatId, forgotten: false, timestamp };
    this.sent.push({ ...message, type: whatsAppTypeOf(content), words: wordsOf(content) });
    return this.sent.at(-1) as ChatMessage;
  }

  /** Words of our messages in the chats, in order; without those that were refused. */
  get texts(): string[] {
    return this.textsTo();
  }

  textsTo(chatId?: string): string[] {
    const there = this.sent.filter((message) => message.ack !== -1);
    return there.filter((message) => chatId === undefined || message.chatId === chatId).map(({ words }) => words);
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
    media: null,
    editedAt: null,
    revokedAt: null,
    ...change,
  };
}

/** A file that came with a message. */
export function aFile(change: Partial<ReceivedMedia> = {}): ReceivedMedia {
  return { mimeType: 'image/png', fileName: 'view.png', sizeBytes: 3, link: null, ...change };
}

/** What a launch is told of, for those who listen to nothing of it. */
export function aLaunch(sessionId: string, change: Partial<LaunchSpec> = {}): LaunchSpec {
  const nothing = () => {};
  const deaf = { onEvent: nothing, onMessage: nothing, onChange: nothing, onAck: nothing, phoneOf: () => null };
  return { sessionId, profileDir: '', proxy: null, engine: 'usual', ...deaf, ...change };
}
