import type { Publish } from '../domain/bus-event.js';
import type { IncomingMessage } from '../domain/message.js';
import type { Clock, Logger, WhatsAppClient } from '../domain/ports.js';
import type { InboxStore } from '../domain/store-ports.js';

/** Messages may come late and out of order; what is read twice is recognized by its id. */
const OVERLAP_MS = 5 * 60_000;
const CATCH_UP_DEADLINE_MS = 60_000;

interface InboxOptions {
  sessionId: string;
  /** Nothing older than the session itself is news. */
  createdAt: number;
  inbox: InboxStore;
  clock: Clock;
  logger: Logger;
  publish: Publish;
}

/** Everything that one number receives: stored first, each message once, then told to the house. */
export class Inbox {
  readonly #options: InboxOptions;
  /**
   * The time of which messages may be missing, null when none are. It begins at the newest message known before it
   * and stays there until it was read: a message that comes meanwhile must not hide those before it.
   */
  #gap: { sinceMs: number | null } | null = { sinceMs: null };

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Nobody listens any more: what comes from now on is for the next catch-up. */
  interrupted(): void {
    this.#gap = { sinceMs: this.#gap?.sinceMs ?? null };
  }

  /** Stores and publishes a message, unless it is known already. */
  receive(message: IncomingMessage): boolean {
    const { sessionId, inbox, clock, logger, publish } = this.#options;
    if (message.fromMe) return false;
    if (this.#gap !== null) this.#begin(this.#gap);
    if (!inbox.insert(sessionId, message, clock.now())) return false;
    logger.info('message.received', `${sessionId}: message received`, {
      sessionId,
      messageId: message.id,
      type: message.type,
    });
    publish({ type: 'message', sessionId, message });
    return true;
  }

  /**
   * Reads what came while nobody listened. Only the last look closes the gap: right after a reconnect the page is
   * connected before it has synced, and what it gets with the sync it tells nobody.
   * Rejects when the page cannot be read; calling again is harmless.
   */
  async catchUp(client: WhatsAppClient, look: 'first' | 'last'): Promise<void> {
    const { sessionId, logger } = this.#options;
    this.#gap ??= { sinceMs: null };
    const gap = this.#gap;
    const messages = await client.incomingSince(this.#begin(gap), AbortSignal.timeout(CATCH_UP_DEADLINE_MS));
    const news = messages.filter((message) => this.receive(message));
    if (look === 'last' && this.#gap === gap) this.#gap = null;
    if (news.length > 0) {
      logger.info('message.catch_up', `${sessionId}: ${news.length} messages came while away`, {
        sessionId,
        count: news.length,
      });
    }
  }

  /** Where a gap begins; found out before anything newer is stored, then kept. */
  #begin(gap: { sinceMs: number | null }): number {
    const { sessionId, inbox, createdAt } = this.#options;
    const newest = gap.sinceMs === null ? inbox.newestTimestamp(sessionId) : null;
    gap.sinceMs ??= newest === null ? createdAt : Math.max(createdAt, newest - OVERLAP_MS);
    return gap.sinceMs;
  }
}
