import type { IncomingMessage } from '../domain/message.js';
import type { MessageNews } from '../domain/message-news.js';
import type { WhatsAppClient } from '../domain/ports.js';
import type { SessionRecord } from '../domain/store-ports.js';
import { CatchUp } from './catch-up.js';
import type { SessionDeps } from './deps.js';
import { Inbox } from './inbox.js';
import { MediaDownloads } from './media-downloads.js';
import { isOwnSend } from './own-sends.js';

interface Session {
  /** The browser's client, null while there is none. */
  client: () => WhatsAppClient | null;
  isConnected: () => boolean;
}

/** The receiving side of one session: what comes, what came while nobody listened, and the files of both. */
export class Receiver {
  readonly #inbox: Inbox;
  readonly #catchUp: CatchUp;
  readonly #downloads: MediaDownloads;
  #stopped = false;

  constructor({ id: sessionId, createdAt }: SessionRecord, deps: SessionDeps, session: Session) {
    const { clock, logger, outbox } = deps;
    const settings = deps.config.messages;
    this.#downloads = new MediaDownloads({
      ...deps,
      ...deps.mediaRoom,
      sessionId,
      settings,
      client: () => (session.isConnected() ? session.client() : null),
    });
    this.#inbox = new Inbox({
      ...deps,
      sessionId,
      createdAt,
      settings,
      isOwnSend: (message) => isOwnSend(outbox, sessionId, message),
      onFile: () => this.#downloads.kick(),
      onFileGone: (fileId) => this.#downloads.remove(fileId),
      onTrouble: () => {
        if (!this.#stopped) this.#catchUp.again();
      },
    });
    this.#catchUp = new CatchUp({
      clock,
      client: session.client,
      read: (client, look) => this.#inbox.catchUp(client, look),
      onFailure: (error) => {
        const words = `${sessionId}: reading missed messages failed: ${String(error)}`;
        logger.warn('session.effect_failed', words, { sessionId, effect: 'catch_up' });
      },
    });
  }

  /** A page is ready, or has synced again: what it got by that is in its chats, and no event told of it. */
  onSynced(): void {
    this.#catchUp.start();
    this.#downloads.kick();
  }

  /** Nobody listens any more. */
  onLost(): void {
    this.#catchUp.stop();
    this.#inbox.interrupted();
  }

  onMessage(message: IncomingMessage, isLate: boolean): void {
    this.#inbox.receive(message, isLate);
  }

  onChange(news: MessageNews): void {
    this.#inbox.change(news);
  }

  /** Begins nothing new. What still comes is stored. */
  stop(): void {
    this.#stopped = true;
    this.#catchUp.stop();
    this.#downloads.stop();
  }
}
