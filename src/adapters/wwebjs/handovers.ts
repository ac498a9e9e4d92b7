import { randomUUID } from 'node:crypto';
import type { Page } from 'puppeteer';
import wwebjs, { type MessageContent as LibraryContent, type MessageSendOptions } from 'whatsapp-web.js';
import { z } from 'zod';
import { bareIdOf, strongerAck } from '../../domain/message.js';
import { fileNameOf, type OutgoingMessage } from '../../domain/message-content.js';
import { ClientError, type FoundMessage, type SendReceipt, type SendRefusal } from '../../domain/ports.js';
import { saysTheSame } from '../../domain/reconciliation.js';
import { call } from './call.js';
import { isPageError, wordsOf } from './failure.js';
import { keyOf } from './incoming.js';
import { hasChat, ownMessages } from './page-chats.js';
import { canQuote, newMessageIds } from './page-preset.js';
import { addUploadPiece, dropUpload } from './page-upload.js';
import type { QuietClient } from './quiet-client.js';

const CALL_MS = 15_000;
const IDS_AT_ONCE = 20;
/** Loads of older messages per chat: about 50 messages each. */
const PAGES_BACK = 10;
/** How long a message may take to appear in its chat when the library did not say which it is. */
const APPEAR_MS = 3000;
const APPEAR_POLL_MS = 250;
/** Media goes to the page in pieces of this size. */
const PIECE_BYTES = 1024 * 1024;
const RECIPIENT = /^(\d{5,20}@(c\.us|lid)|[\d-]{5,40}@g\.us)$/;

const foundSchema = z.array(
  z.object({
    waMessageId: z.string().min(1),
    ack: z.number(),
    type: z.string(),
    words: z.string(),
    timestamp: z.number(),
  }),
);
const idsSchema = z.array(z.string());
const numberIdSchema = z.object({ _serialized: z.string() }).nullable();

export interface HandoverContext {
  client: QuietClient;
  page: Page;
  sendTimeoutMs: number;
  /** The same for media, which is uploaded first. */
  mediaTimeoutMs: number;
  /** The newest ack that was reported for a message id; 0 when none was. */
  reportedAck: (waMessageId: string) => number;
}

/** Gives messages to the page, and finds in its chats what became of them. */
export class Handovers {
  readonly #context: HandoverContext;
  readonly #knownNumbers = new Set<string>();
  /** Ids that no send has taken yet: each would otherwise wait for the page once more. */
  #spareIds: string[] = [];
  /**
   * The last handover to each chat, settled when the page is done with it or gone. Past our deadline it may still go on
   * in there and send: until it has settled, its absence from the chat proves nothing, and nothing else goes there.
   */
  readonly #underWay = new Map<string, Promise<unknown>>();

  constructor(context: HandoverContext) {
    this.#context = context;
  }

  newMessageId(signal: AbortSignal): Promise<string | null> {
    const spare = this.#spareIds.shift();
    if (spare !== undefined) return Promise.resolve(spare);
    return call('Asking for message ids', CALL_MS, signal, async () => {
      this.#spareIds.push(...idsSchema.parse(await this.#context.page.evaluate(newMessageIds, IDS_AT_ONCE)));
      return this.#spareIds.shift() ?? null;
    });
  }

  /** The page has a new document, which may take no ids. */
  forgetIds(): void {
    this.#spareIds = [];
  }

  async send(message: OutgoingMessage, signal: AbortSignal): Promise<SendReceipt | SendRefusal> {
    const { to, content, quotedMessageId } = message;
    if (!RECIPIENT.test(to)) return { refused: 'invalid_recipient' };
    const { page, sendTimeoutMs, mediaTimeoutMs } = this.#context;
    let abandoned = false;
    try {
      return await call('Sending', content.type === 'media' ? mediaTimeoutMs : sendTimeoutMs, signal, async () => {
        await this.#underWay.get(to);
        if (!(await this.#exists(to))) return { refused: 'unknown_number' };
        if (quotedMessageId !== null && !(await page.evaluate(canQuote, quotedMessageId))) {
          return { refused: 'quoted_message_not_found' };
        }
        signal.throwIfAborted();
        if (abandoned) throw new ClientError('page_hung', 'The send was given up before the page got it.');
        return this.#track(to, this.#send(message));
      });
    } catch (error) {
      abandoned = true;
      throw error;
    }
  }

  ownMessagesSince(chatId: string, sinceMs: number, signal: AbortSignal): Promise<FoundMessage[]> {
    return call('Looking for own messages', CALL_MS, signal, async () => {
      await this.#underWay.get(chatId);
      return this.#own(chatId, sinceMs, PAGES_BACK);
    });
  }

  #track<T>(to: string, sending: Promise<T>): Promise<T> {
    const settled = sending
      .catch(() => undefined)
      .then(() => {
        if (this.#underWay.get(to) === settled) this.#underWay.delete(to);
      });
    this.#underWay.set(to, settled);
    return sending;
  }

  async #exists(to: string): Promise<boolean> {
    if (!to.endsWith('@c.us') || this.#knownNumbers.has(to)) return true;
    const { client, page } = this.#context;
    const known = (await page.evaluate(hasChat, to)) || numberIdSchema.parse(await client.getNumberId(to)) !== null;
    if (known) this.#knownNumbers.add(to);
    return known;
  }

  async #send(message: OutgoingMessage): Promise<SendReceipt | SendRefusal> {
    const { client, page, reportedAck } = this.#context;
    const startedAt = Date.now();
    let model: unknown = null;
    let failure: unknown = null;
    const mediaName = `wakeful:${randomUUID()}`;
    try {
      await this.#giveMedia(mediaName, message.bytes);
      const sent: unknown = await client.sendMessage(message.to, contentOf(message, mediaName), optionsOf(message));
      model = typeof sent === 'object' && sent !== null ? Reflect.get(sent, '_data') : null;
    } catch (error) {
      if (!isPageError(error)) throw error;
      failure = error;
    } finally {
      // Where the page is gone, so is what it held.
      if (message.bytes !== null) await page.evaluate(dropUpload, mediaName).catch(() => undefined);
    }
    const key = keyOf(model);
    if (key !== null) return { waMessageId: key.id, ack: strongerAck(key.ack, reportedAck(key.id)) };

    // Undefined is no failure: the message has left, only nobody told its id. An error may come after it has left, too.
    const found = await this.#appears(message, startedAt, failure === null ? APPEAR_MS : 0);
    if (found !== null) return { waMessageId: found.waMessageId, ack: found.ack };
    if (failure !== null) return { refused: 'not_taken', detail: wordsOf(failure) };
    throw new ClientError('page_hung', 'The page took the message, but it did not appear in the chat.');
  }

  async #giveMedia(name: string, bytes: Uint8Array | null): Promise<void> {
    if (bytes === null) return;
    const whole = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let start = 0; start < whole.length; start += PIECE_BYTES) {
      const piece = whole.subarray(start, start + PIECE_BYTES).toString('base64');
      await this.#context.page.evaluate(addUploadPiece, name, piece);
    }
  }

  async #appears(message: OutgoingMessage, startedAt: number, withinMs: number): Promise<FoundMessage | null> {
    const { to, content, presetId } = message;
    for (;;) {
      const found = (await this.#own(to, startedAt, 0)).findLast((one) =>
        presetId === null ? saysTheSame(content, one) : bareIdOf(one.waMessageId) === presetId,
      );
      if (found !== undefined) return found;
      if (Date.now() - startedAt >= withinMs) return null;
      await new Promise((resolve) => setTimeout(resolve, APPEAR_POLL_MS));
    }
  }

  async #own(chatId: string, sinceMs: number, pagesBack: number): Promise<FoundMessage[]> {
    const { page } = this.#context;
    return foundSchema.parse(await page.evaluate(ownMessages, chatId, Math.floor(sinceMs / 1000), pagesBack));
  }
}

/** `mediaName` is what the page knows the media by; it is no base64, so that a page that knows it not sends nothing. */
function contentOf({ content }: OutgoingMessage, mediaName: string): LibraryContent {
  switch (content.type) {
    case 'text':
      return content.text;
    case 'location': {
      const { latitude, longitude, name, address } = content;
      return new wwebjs.Location(latitude, longitude, {
        ...(name === null ? {} : { name }),
        ...(address === null ? {} : { address }),
      });
    }
    case 'media':
      return new wwebjs.MessageMedia(content.mimeType, mediaName, fileNameOf(content));
    default:
      return content satisfies never;
  }
}

function optionsOf({ content, quotedMessageId, presetId }: OutgoingMessage): MessageSendOptions {
  return {
    // A link preview can hold a send up for minutes, and a reply must not mark as read what nobody has read.
    linkPreview: false,
    sendSeen: false,
    parseVCards: false,
    ignoreQuoteErrors: false,
    ...(quotedMessageId === null ? {} : { quotedMessageId }),
    ...(content.type === 'media' && content.caption !== null ? { caption: content.caption } : {}),
    ...(presetId === null ? {} : { extra: { wakefulId: presetId } }),
  };
}
