import type { Page } from 'puppeteer';
import { z } from 'zod';
import { ANSWERS, type Answer } from '../../domain/heartbeat.js';
import type { IncomingMessage } from '../../domain/message.js';
import {
  type ChatSummary,
  ClientError,
  type ContactSummary,
  type FoundMessage,
  type SendReceipt,
  type SendRefusal,
} from '../../domain/ports.js';
import { abortError, withDeadline } from './deadline.js';
import { clientError } from './failure.js';
import { incomingMessage, keyOf, withoutDevice } from './incoming.js';
import { hasChat, incomingMessages, listChats, nameOf, ownMessages } from './page-chats.js';
import { askWhatsApp, pageReachesWhatsApp } from './page-network.js';
import type { QuietClient } from './quiet-client.js';

const CALL_MS = 15_000;
/** A line on which nothing comes back within this time carries no WhatsApp either. */
const NETWORK_CHECK_MS = 8000;
/** WhatsApp answers within a second, or the line is dead. */
const ANSWER_MS = 10_000;
const PAIRING_CODE_MS = 30_000;
const CATCH_UP_MS = 60_000;
/** Loads of older messages per chat: about 50 messages each. */
const PAGES_BACK = 10;
/** How long a message may take to appear in its chat when the library did not say which it is. */
const APPEAR_MS = 3000;
const APPEAR_POLL_MS = 250;
const RECIPIENT = /^(\d{5,20}@(c\.us|lid)|[\d-]{5,40}@g\.us)$/;

const foundSchema = z.array(
  z.object({ waMessageId: z.string().min(1), ack: z.number(), body: z.string(), timestamp: z.number() }),
);
const chatsSchema = z.array(
  z.object({
    id: z.string(),
    name: z.string().nullable(),
    isGroup: z.boolean(),
    unreadCount: z.number(),
    timestamp: z.number().nullable(),
  }),
);
const numberIdSchema = z.object({ _serialized: z.string() }).nullable();
const pairingCodeSchema = z.string().min(6);

interface CallContext {
  client: QuietClient;
  page: Page;
  sendTimeoutMs: number;
  /** The newest ack that was reported for a message id; 0 when none was. */
  reportedAck: (waMessageId: string) => number;
}

/** What can be asked of a page that is there: each call with a deadline of its own, rejecting with ClientError. */
export class Calls {
  readonly #context: CallContext;
  readonly #knownNumbers = new Set<string>();
  /**
   * The last handover to the page, settled when the page is done with it or gone. Past our deadline it may still go on in
   * there and send: until it has settled, its absence from the chat proves nothing, and nothing else is handed over.
   */
  #handover: Promise<unknown> = Promise.resolve();

  constructor(context: CallContext) {
    this.#context = context;
  }

  async sendText(to: string, text: string, signal: AbortSignal): Promise<SendReceipt | SendRefusal> {
    if (!RECIPIENT.test(to)) return { refused: 'invalid_recipient' };
    const { sendTimeoutMs } = this.#context;
    let abandoned = false;
    try {
      return await this.#call('Sending a text', sendTimeoutMs, signal, async () => {
        await this.#handover;
        if (!(await this.#exists(to))) return { refused: 'unknown_number' };
        signal.throwIfAborted();
        if (abandoned) throw new ClientError('page_hung', 'The send was given up before the page got it.');
        const sending = this.#send(to, text);
        this.#handover = sending.catch(() => undefined);
        return sending;
      });
    } catch (error) {
      abandoned = true;
      throw error;
    }
  }

  ownMessagesSince(chatId: string, sinceMs: number, signal: AbortSignal): Promise<FoundMessage[]> {
    return this.#call('Looking for own messages', CALL_MS, signal, async () => {
      await this.#handover;
      return this.#own(chatId, sinceMs, PAGES_BACK);
    });
  }

  incomingSince(sinceMs: number, signal: AbortSignal): Promise<IncomingMessage[]> {
    return this.#call('Reading missed messages', CATCH_UP_MS, signal, async () => {
      const models: unknown = await this.#context.page.evaluate(
        incomingMessages,
        Math.floor(sinceMs / 1000),
        PAGES_BACK,
      );
      const found = z.array(z.unknown()).parse(models).map(incomingMessage);
      return Promise.all(found.filter((message) => message !== null).map((message) => this.resolveSender(message)));
    });
  }

  chats(signal: AbortSignal): Promise<ChatSummary[]> {
    return this.#call('Listing chats', CALL_MS, signal, async () =>
      chatsSchema.parse(await this.#context.page.evaluate(listChats)),
    );
  }

  contact(phoneNumber: string, signal: AbortSignal): Promise<ContactSummary> {
    return this.#call('Asking for a contact', CALL_MS, signal, async () => {
      const { client, page } = this.#context;
      const found = numberIdSchema.parse(await client.getNumberId(`${phoneNumber}@c.us`));
      if (found === null) return { phoneNumber, registered: false, id: null, name: null };
      const name = z
        .string()
        .nullable()
        .parse(await page.evaluate(nameOf, found._serialized));
      return { phoneNumber, registered: true, id: found._serialized, name };
    });
  }

  requestPairingCode(phoneNumber: string, signal: AbortSignal): Promise<string> {
    return this.#call('Asking for a pairing code', PAIRING_CODE_MS, signal, async () =>
      pairingCodeSchema.parse(await this.#context.client.requestPairingCode(phoneNumber)),
    );
  }

  reconnectSocket(signal: AbortSignal): Promise<void> {
    return this.#call('Reconnecting the socket', CALL_MS, signal, () =>
      this.#context.page.evaluate(() => window.require('WAWebSocketModel').Socket.reconnect()),
    );
  }

  takeOver(signal: AbortSignal): Promise<void> {
    return this.#call('Taking the login back', CALL_MS, signal, () =>
      this.#context.page.evaluate(() => window.require('WAWebSocketModel').Socket.takeover()),
    );
  }

  reachesWhatsApp(signal: AbortSignal): Promise<boolean> {
    return this.#call('Looking whether WhatsApp can be reached', NETWORK_CHECK_MS + 1000, signal, async () =>
      z.boolean().parse(await this.#context.page.evaluate(pageReachesWhatsApp, NETWORK_CHECK_MS)),
    );
  }

  /** One question to WhatsApp's server and back. */
  askWhatsApp(signal: AbortSignal): Promise<Answer> {
    return this.#call('Asking WhatsApp', ANSWER_MS + 1000, signal, async () =>
      z.enum(ANSWERS).parse(await this.#context.page.evaluate(askWhatsApp, ANSWER_MS)),
    );
  }

  logout(signal: AbortSignal): Promise<void> {
    return this.#call('Unlinking the device', CALL_MS, signal, async () => {
      try {
        await this.#context.page.evaluate(() => window.require('WAWebSocketModel').Socket.logout());
      } catch (error) {
        // The page goes away as it logs out, and may take the answer with it.
        if (clientError(error, 'socket_lost', '').reason !== 'socket_lost') throw error;
      }
    });
  }

  screenshot(signal: AbortSignal): Promise<Buffer> {
    return this.#call('Taking a picture of the page', CALL_MS, signal, async () =>
      Buffer.from(await this.#context.page.screenshot({ type: 'png' })),
    );
  }

  /** Asks WhatsApp who is behind a LID that the page could not tell at once; the message as it was when nobody can. */
  async resolveSender(message: IncomingMessage): Promise<IncomingMessage> {
    if (!message.from.endsWith('@lid')) return message;
    try {
      const asked = this.#context.client.getContactLidAndPhone([message.from]);
      const [names] = await withDeadline(asked, { timeoutMs: 3000, reason: 'page_hung', doing: 'Resolving a LID' });
      return names?.pn ? { ...message, from: withoutDevice(names.pn) } : message;
    } catch {
      return message;
    }
  }

  async #exists(to: string): Promise<boolean> {
    if (!to.endsWith('@c.us') || this.#knownNumbers.has(to)) return true;
    const { client, page } = this.#context;
    const known = (await page.evaluate(hasChat, to)) || numberIdSchema.parse(await client.getNumberId(to)) !== null;
    if (known) this.#knownNumbers.add(to);
    return known;
  }

  async #send(to: string, text: string): Promise<SendReceipt> {
    const { client, reportedAck } = this.#context;
    const startedAt = Date.now();
    // A link preview can hold a send up for minutes, and a reply must not mark as read what nobody has read.
    const options = { linkPreview: false, sendSeen: false, parseVCards: false };
    const message: unknown = await client.sendMessage(to, text, options);
    const key = keyOf(typeof message === 'object' && message !== null ? Reflect.get(message, '_data') : null);
    if (key !== null) return { waMessageId: key.id, ack: Math.max(key.ack, reportedAck(key.id)) };

    // Undefined is no failure: the message has left, only nobody told its id. It is in the chat.
    for (const giveUpAt = startedAt + APPEAR_MS; Date.now() < giveUpAt; ) {
      const found = (await this.#own(to, startedAt, 0)).findLast(({ body }) => body === text);
      if (found !== undefined) return { waMessageId: found.waMessageId, ack: found.ack };
      await new Promise((resolve) => setTimeout(resolve, APPEAR_POLL_MS));
    }
    throw new ClientError('page_hung', 'The page took the message, but it did not appear in the chat.');
  }

  async #own(chatId: string, sinceMs: number, pagesBack: number): Promise<FoundMessage[]> {
    const { page } = this.#context;
    return foundSchema.parse(await page.evaluate(ownMessages, chatId, Math.floor(sinceMs / 1000), pagesBack));
  }

  async #call<T>(doing: string, timeoutMs: number, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      if (signal.aborted) throw abortError(signal, doing, 'page_hung');
      return await withDeadline(work(), { timeoutMs, signal, reason: 'page_hung', doing });
    } catch (error) {
      throw clientError(error, 'socket_lost', doing);
    }
  }
}
