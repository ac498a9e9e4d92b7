import { finished, handedOut, type Progress } from '../domain/handler.js';
import type { IncomingMessage } from '../domain/message.js';
import type { HandledStore, InboxStore } from '../domain/store-ports.js';

interface MessageFeedOptions {
  sessionId: string;
  inbox: InboxStore;
  handled: HandledStore;
  /** Chats that are handled at the same time. */
  concurrency: number;
  /** Resolves when the handlers are through with the message, however that went. */
  handle: (message: IncomingMessage) => Promise<void>;
}

const PAGE = 50;

/**
 * Hands out what one session has received, from where it stopped the last time: in order within a chat, chats beside
 * each other. A message counts as handled when its handlers are through, so that a crash repeats it rather than loses it.
 */
export class MessageFeed {
  readonly #options: MessageFeedOptions;
  /** The last message of each chat that is being handled. */
  readonly #chats = new Map<string, Promise<void>>();
  #progress: Progress;
  #stopped = false;

  constructor(options: MessageFeedOptions) {
    this.#options = options;
    const positions = options.handled.positions(options.sessionId);
    // Whoever registers handlers for the first time does not want to answer what came before.
    const from = positions?.handled ?? positions?.newest ?? 0;
    this.#progress = { doneUpTo: from, running: [], handedOut: from };
    if (positions !== null && positions.handled === null) options.handled.save(options.sessionId, from);
  }

  /** Hands out what there is, as far as there is room. Cheap and safe to call at any time. */
  kick(): void {
    const { sessionId, inbox, concurrency } = this.#options;
    while (!this.#stopped && this.#progress.running.length < concurrency) {
      const limit = Math.min(PAGE, concurrency - this.#progress.running.length);
      const page = inbox.list(sessionId, { after: this.#progress.handedOut, limit });
      for (const { seq, message } of page) this.#handOut(seq, message);
      if (page.length < limit) return;
    }
  }

  /** Hands out nothing more; resolves when what runs is over. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#chats.values());
  }

  #handOut(seq: number, message: IncomingMessage): void {
    this.#progress = handedOut(this.#progress, seq);
    const before = this.#chats.get(message.chatId) ?? Promise.resolve();
    const turn = before.then(() => this.#handleOne(seq, message));
    this.#chats.set(message.chatId, turn);
    void turn.finally(() => {
      if (this.#chats.get(message.chatId) === turn) this.#chats.delete(message.chatId);
      this.kick();
    });
  }

  async #handleOne(seq: number, message: IncomingMessage): Promise<void> {
    // One that did not begin is for the next start.
    if (this.#stopped) return;
    await this.#options.handle(message);
    const before = this.#progress.doneUpTo;
    this.#progress = finished(this.#progress, seq);
    if (this.#progress.doneUpTo !== before) {
      this.#options.handled.save(this.#options.sessionId, this.#progress.doneUpTo);
    }
  }
}
