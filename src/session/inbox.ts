import type { Config } from '../config.js';
import type { Publish } from '../domain/bus-event.js';
import type { IncomingMessage } from '../domain/message.js';
import type { MessageNews } from '../domain/message-news.js';
import { isLid, type Person } from '../domain/person.js';
import type { Clock, Logger, MediaLinks, WhatsAppClient } from '../domain/ports.js';
import type { InboxStore, LidStore } from '../domain/store-ports.js';

/** Messages may come late and out of order; what is read twice is recognized by its id. */
const OVERLAP_MS = 5 * 60_000;
const CATCH_UP_DEADLINE_MS = 60_000;
/** What comes before the chats were read waits so long at most, to be told after what was missed. */
const HOLD_MS = 10_000;
const DAY_MS = 24 * 60 * 60_000;
const MB = 2 ** 20;

export interface InboxOptions {
  sessionId: string;
  /** Nothing older than the session itself is news. */
  createdAt: number;
  inbox: InboxStore;
  lids: LidStore;
  links: MediaLinks;
  clock: Clock;
  logger: Logger;
  publish: Publish;
  settings: Pick<Config['messages'], 'includeOwn' | 'maxMediaMb' | 'mediaKeepDays'>;
  /** True for a message of ours that the outbox has sent: everybody knows it already. */
  isOwnSend: (message: IncomingMessage) => boolean;
  /** A file came that is to be downloaded. */
  onFile: () => void;
  /** A file is to be deleted, since its message was. */
  onFileGone: (fileId: string) => void;
  /** Something could not be stored: in its chat it is safe, which must be read again. */
  onTrouble: () => void;
}

/** A time of which messages may be missing. */
interface Gap {
  /** Null until somebody had to know. */
  sinceMs: number | null;
  /** The chats were read once since it began. */
  wasRead: boolean;
}

/** Everything that one number receives: stored first, each message once, then told to the house. */
export class Inbox {
  readonly #options: InboxOptions;
  /**
   * The time of which messages may be missing, null when none are. It begins at the newest message known before it
   * and stays there until it was read: a message that comes meanwhile must not hide those before it. The store has it,
   * too, since a kill of the service must not shorten it.
   */
  #gap: Gap | null = { sinceMs: null, wasRead: false };
  /** What comes while the chats are being read, or are about to be; null while everything is told at once. */
  #held: (() => void)[] | null = null;
  #cancelHold: () => void = () => {};

  constructor(options: InboxOptions) {
    this.#options = options;
  }

  /** Nobody listens any more: what comes from now on is for the next catch-up. */
  interrupted(): void {
    this.#gap = { sinceMs: this.#gap?.sinceMs ?? null, wasRead: false };
  }

  /** Stores and publishes a message, unless it is known already. `isLate`: it came before, and can be read only now. */
  receive(message: IncomingMessage, isLate = false): void {
    if (isLate && message.timestamp < this.#options.createdAt) return;
    this.#inTurn(() => this.#take(message));
  }

  /** Stores and publishes what became of a message; nothing happens when it is not here. */
  change(news: MessageNews): void {
    this.#inTurn(() => this.#apply(news));
  }

  /**
   * Reads what came while nobody listened. Only the last look closes the gap: right after a reconnect the page is
   * connected before it has synced, and what it gets with the sync it tells nobody.
   * Rejects when the page cannot be read; calling again is harmless.
   */
  async catchUp(client: WhatsAppClient, look: 'first' | 'last'): Promise<void> {
    const { sessionId, inbox, logger } = this.#options;
    this.#gap ??= { sinceMs: null, wasRead: false };
    const gap = this.#gap;
    const sinceMs = this.#begin(gap);
    this.#hold();
    let count = 0;
    try {
      const { messages, news } = await client.incomingSince(sinceMs, AbortSignal.timeout(CATCH_UP_DEADLINE_MS));
      for (const message of messages) if (this.#take(message)) count += 1;
      for (const one of news) this.#apply(one);
      gap.wasRead = true;
      if (look === 'last' && this.#gap === gap) {
        inbox.saveGapSince(sessionId, null);
        this.#gap = null;
      }
    } finally {
      this.#release();
    }
    if (count > 0) {
      const words = `${sessionId}: ${count} messages came while away`;
      logger.info('message.catch_up', words, { sessionId, count });
    }
  }

  /** False when it is no news. */
  #take(given: IncomingMessage): boolean {
    const { sessionId, inbox, clock, logger, publish, settings, isOwnSend, onFile } = this.#options;
    if (given.fromMe && (!settings.includeOwn || isOwnSend(given))) return false;
    if (this.#gap !== null) this.#begin(this.#gap);
    this.#learn(given);
    const message = this.#withLink(given);
    if (!inbox.insert(sessionId, message, clock.now())) {
      const { id, body, editedAt: at } = message;
      if (at !== null) this.#apply({ kind: 'edited', id, body, at });
      return false;
    }
    const { id: messageId, type } = message;
    logger.info('message.received', `${sessionId}: message received`, { sessionId, messageId, type });
    publish({ type: 'message', sessionId, message });
    if (message.media?.link) onFile();
    return true;
  }

  #apply(news: MessageNews): void {
    const { sessionId, inbox, createdAt, logger, publish, settings, onFileGone } = this.#options;
    if (news.kind === 'acked' && !settings.includeOwn) return;
    if (news.kind === 'reacted') {
      const { fromMe, timestamp } = news.reaction;
      // A page tells of old reactions again when it syncs.
      if ((fromMe && !settings.includeOwn) || timestamp < createdAt) return;
      this.#learn(news.reaction);
    }
    const change = inbox.change(sessionId, news);
    if (change === null) return;
    const messageId = change.kind === 'reacted' ? change.reaction.messageId : change.message.id;
    const { kind } = change;
    const level = kind === 'acked' ? 'debug' : 'info';
    logger[level]('message.changed', `${sessionId}: message ${kind}`, { sessionId, messageId, kind });
    publish({ type: 'message-change', sessionId, change });
    if (change.kind === 'revoked' && change.fileId !== null) onFileGone(change.fileId);
  }

  #learn({ from, fromLid }: Person): void {
    const { lids, clock } = this.#options;
    if (fromLid !== null && !isLid(from)) lids.learn(fromLid, from, clock.now());
  }

  #withLink(message: IncomingMessage): IncomingMessage {
    const { links, clock, settings } = this.#options;
    const { media } = message;
    if (media === null || media.sizeBytes > settings.maxMediaMb * MB) return message;
    return { ...message, media: { ...media, link: links.create(clock.now() + settings.mediaKeepDays * DAY_MS) } };
  }

  /** Where a gap begins; found out before anything newer is stored, then kept. */
  #begin(gap: Gap): number {
    if (gap.sinceMs !== null) return gap.sinceMs;
    const { sessionId, inbox, createdAt } = this.#options;
    let sinceMs = inbox.gapSince(sessionId);
    if (sinceMs === null) {
      const newest = inbox.newestTimestamp(sessionId);
      sinceMs = newest === null ? createdAt : Math.max(createdAt, newest - OVERLAP_MS);
      inbox.saveGapSince(sessionId, sinceMs);
    }
    gap.sinceMs = sinceMs;
    return sinceMs;
  }

  #inTurn(run: () => void): void {
    if (this.#held === null && this.#gap?.wasRead === false) this.#hold();
    if (this.#held !== null) this.#held.push(run);
    else this.#attempt(run);
  }

  #attempt(run: () => void): void {
    const { sessionId, logger, onTrouble } = this.#options;
    try {
      run();
    } catch (error) {
      const words = `${sessionId}: a message could not be stored: ${String(error)}`;
      logger.error('session.effect_failed', words, { sessionId, effect: 'store' });
      this.#gap ??= { sinceMs: null, wasRead: true };
      onTrouble();
    }
  }

  #hold(): void {
    this.#held ??= [];
    this.#cancelHold();
    this.#cancelHold = this.#options.clock.schedule(HOLD_MS, () => this.#release());
  }

  #release(): void {
    this.#cancelHold();
    const held = this.#held ?? [];
    this.#held = null;
    for (const run of held) this.#attempt(run);
  }
}
