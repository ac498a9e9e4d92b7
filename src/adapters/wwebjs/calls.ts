import { z } from 'zod';
import { ANSWERS, type Answer } from '../../domain/heartbeat.js';
import type { ChatSummary, ContactSummary, MissedNews, TakeBytes } from '../../domain/ports.js';
import type { MediaFailure } from '../../domain/received-media.js';
import { call } from './call.js';
import { withDeadline } from './deadline.js';
import { clientError } from './failure.js';
import { downloadMedia } from './media-download.js';
import { type MissedContext, readMissed } from './missed.js';
import { listChats, nameOf } from './page-chats.js';
import { askWhatsApp, pageReachesWhatsApp } from './page-network.js';
import type { QuietClient } from './quiet-client.js';

const CALL_MS = 15_000;
/** A line on which nothing comes back within this time carries no WhatsApp either. */
const NETWORK_CHECK_MS = 8000;
/** WhatsApp answers within a second, or the line is dead. */
const ANSWER_MS = 10_000;
const PAIRING_CODE_MS = 30_000;
const CATCH_UP_MS = 60_000;
const DOWNLOAD_MS = 3 * 60_000;

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

interface CallContext extends MissedContext {
  client: QuietClient;
}

/** What can be asked of a page that is there: each call with a deadline of its own, rejecting with ClientError. */
export class Calls {
  readonly #context: CallContext;

  constructor(context: CallContext) {
    this.#context = context;
  }

  incomingSince(sinceMs: number, signal: AbortSignal): Promise<MissedNews> {
    return call('Reading missed messages', CATCH_UP_MS, signal, () => readMissed(this.#context, sinceMs));
  }

  chats(signal: AbortSignal): Promise<ChatSummary[]> {
    return call('Listing chats', CALL_MS, signal, async () =>
      chatsSchema.parse(await this.#context.page.evaluate(listChats)),
    );
  }

  contact(phoneNumber: string, signal: AbortSignal): Promise<ContactSummary> {
    return call('Asking for a contact', CALL_MS, signal, async () => {
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
    return call('Asking for a pairing code', PAIRING_CODE_MS, signal, async () =>
      pairingCodeSchema.parse(await this.#context.client.requestPairingCode(phoneNumber)),
    );
  }

  reconnectSocket(signal: AbortSignal): Promise<void> {
    return call('Reconnecting the socket', CALL_MS, signal, () =>
      this.#context.page.evaluate(() => window.require('WAWebSocketModel').Socket.reconnect()),
    );
  }

  takeOver(signal: AbortSignal): Promise<void> {
    return call('Taking the login back', CALL_MS, signal, () =>
      this.#context.page.evaluate(() => window.require('WAWebSocketModel').Socket.takeover()),
    );
  }

  reachesWhatsApp(signal: AbortSignal): Promise<boolean> {
    return call('Looking whether WhatsApp can be reached', NETWORK_CHECK_MS + 1000, signal, async () =>
      z.boolean().parse(await this.#context.page.evaluate(pageReachesWhatsApp, NETWORK_CHECK_MS)),
    );
  }

  /** One question to WhatsApp's server and back. */
  askWhatsApp(signal: AbortSignal): Promise<Answer> {
    return call('Asking WhatsApp', ANSWER_MS + 1000, signal, async () =>
      z.enum(ANSWERS).parse(await this.#context.page.evaluate(askWhatsApp, ANSWER_MS)),
    );
  }

  logout(signal: AbortSignal): Promise<void> {
    return call('Unlinking the device', CALL_MS, signal, async () => {
      try {
        await this.#context.page.evaluate(() => window.require('WAWebSocketModel').Socket.logout());
      } catch (error) {
        // The page goes away as it logs out, and may take the answer with it.
        if (clientError(error, 'socket_lost', '').reason !== 'socket_lost') throw error;
      }
    });
  }

  screenshot(signal: AbortSignal): Promise<Buffer> {
    return call('Taking a picture of the page', CALL_MS, signal, async () =>
      Buffer.from(await this.#context.page.screenshot({ type: 'png' })),
    );
  }

  downloadMedia(
    waMessageId: string,
    maxBytes: number,
    take: TakeBytes,
    signal: AbortSignal,
  ): Promise<MediaFailure | null> {
    return call('Downloading a file', DOWNLOAD_MS, signal, () =>
      downloadMedia(this.#context.page, waMessageId, maxBytes, take),
    );
  }

  /** Asks the page, and through it WhatsApp, who is behind a LID; null when nobody can tell. */
  async phoneOf(lid: string): Promise<string | null> {
    try {
      const asked = this.#context.client.getContactLidAndPhone([lid]);
      const [names] = await withDeadline(asked, { timeoutMs: 3000, reason: 'page_hung', doing: 'Resolving a LID' });
      return names?.pn ?? null;
    } catch {
      return null;
    }
  }
}
