import type { LibraryClient } from '../adapters/wwebjs/library-client.js';
import type { BusEvent } from '../domain/bus-event.js';
import type { HandlerContext, MessageContext } from '../domain/handler.js';
import type { IncomingMessage, OutboxMessage } from '../domain/message.js';
import type { Clock, Logger } from '../domain/ports.js';
import type { HandledStore, InboxStore } from '../domain/store-ports.js';
import type { SessionActor } from '../session/actor.js';
import type { Fleet, SessionView } from './facade.js';
import { MessageFeed } from './message-feed.js';

export type MessageHandler = (message: IncomingMessage, context: MessageContext<LibraryClient>) => unknown;
export type StatusHandler = (session: SessionView, context: HandlerContext<LibraryClient>) => unknown;
export type SentHandler = (message: OutboxMessage, context: HandlerContext<LibraryClient>) => unknown;
export type ClientHandler = (client: LibraryClient, context: HandlerContext<LibraryClient>) => unknown;

/** The handlers of a program: of every session, or of the one that is named. */
interface Registered {
  message: MessageHandler;
  status: StatusHandler;
  sent: SentHandler;
  client: ClientHandler;
}
type Kind = keyof Registered;
type Entry = { [K in Kind]: { kind: K; run: Registered[K]; sessionId: string | null } }[Kind];

interface HandlersOptions {
  fleet: () => Pick<Fleet, 'send' | 'get'>;
  actors: () => ReadonlyMap<string, SessionActor>;
  inbox: InboxStore;
  handled: HandledStore;
  clock: Clock;
  logger: Logger;
  /** Writes a line into the session's timeline. */
  tell: (sessionId: string, event: 'handler.failed' | 'handler.timed_out', words: string) => void;
  settings: { timeoutMs: number; concurrency: number };
}

/** How long the end of the service waits for handlers. */
const STOP_MS = 3000;

/**
 * Runs the handlers of a program. They belong to the session, not to a browser, so that they outlive every reconnection;
 * one that throws or hangs is told of in the timeline and harms nobody.
 */
export class Handlers {
  readonly #options: HandlersOptions;
  readonly #entries: Entry[] = [];
  readonly #feeds = new Map<string, MessageFeed>();
  /** Status, acknowledgements and clients of a session, one after the other. */
  readonly #lines = new Map<string, Promise<void>>();
  readonly #given = new WeakSet<object>();
  readonly #ending = new AbortController();
  #running = false;

  constructor(options: HandlersOptions) {
    this.#options = options;
  }

  /** Adds a handler; the returned function takes it away. Add those of messages before the start, so that none is missed. */
  add<K extends Kind>(kind: K, run: Registered[K], sessionId?: string): () => void {
    const entry = { kind, run, sessionId: sessionId ?? null } as Entry;
    this.#entries.push(entry);
    return () => {
      const at = this.#entries.indexOf(entry);
      if (at >= 0) this.#entries.splice(at, 1);
    };
  }

  /** From here on; also hands out what came while nobody listened. */
  start(): void {
    this.#running = true;
    for (const id of this.#options.actors().keys()) this.#feed(id);
  }

  /** Listener for the event bus. */
  readonly observe = (event: BusEvent): void => {
    if (!this.#running) return;
    if (event.type === 'message') this.#feed(event.sessionId);
    if (event.type === 'outbox') {
      const { sessionId } = event.message;
      this.#inLine(sessionId, 'sent', (entry) => entry.run(event.message, this.#context(sessionId)));
    }
    if (event.type !== 'state') return;
    const { sessionId, before, after } = event;
    if (before.status !== after.status || before.reason !== after.reason) this.#statusChanged(sessionId);
    if (after.status === 'connected' && before.status !== 'connected') this.#giveClient(sessionId);
  };

  /** Begins nothing more; resolves when what runs is over, or after a moment. */
  async stop(): Promise<void> {
    this.#running = false;
    this.#ending.abort();
    const over = Promise.all([...[...this.#feeds.values()].map((feed) => feed.stop()), ...this.#lines.values()]);
    let cancel: () => void = () => {};
    const enough = new Promise<void>((resolve) => {
      cancel = this.#options.clock.schedule(STOP_MS, resolve);
    });
    await Promise.race([over, enough]);
    cancel();
  }

  #feed(sessionId: string): void {
    if (!this.#running || this.#of('message', sessionId).length === 0) return;
    const { inbox, handled, settings } = this.#options;
    let feed = this.#feeds.get(sessionId);
    if (feed === undefined) {
      const handle = (message: IncomingMessage) => this.#handle(sessionId, message);
      feed = new MessageFeed({ sessionId, inbox, handled, concurrency: settings.concurrency, handle });
      this.#feeds.set(sessionId, feed);
    }
    feed.kick();
  }

  async #handle(sessionId: string, message: IncomingMessage): Promise<void> {
    let answers = 0;
    for (const { run } of this.#of('message', sessionId)) {
      await this.#guarded(sessionId, `message ${message.id}`, (signal) => {
        const context = this.#context(sessionId, signal);
        const reply: MessageContext['reply'] = (text) => {
          answers += 1;
          return context.send(message.chatId, text, { idempotencyKey: `reply-${message.id}-${answers}` });
        };
        return run(message, { ...context, reply });
      });
    }
  }

  #statusChanged(sessionId: string): void {
    if (this.#of('status', sessionId).length === 0) return;
    const view = this.#options.fleet().get(sessionId);
    this.#inLine(sessionId, 'status', (entry, signal) => entry.run(view, this.#context(sessionId, signal)));
  }

  #giveClient(sessionId: string): void {
    const client = this.#client(sessionId);
    // The page may have been loaded anew: the Client is the same, and knows its listeners.
    if (client === null || this.#given.has(client)) return;
    this.#given.add(client);
    this.#inLine(sessionId, 'client', (entry, signal) => entry.run(client, this.#context(sessionId, signal)));
  }

  #inLine<K extends Kind>(
    sessionId: string,
    kind: K,
    run: (entry: Extract<Entry, { kind: K }>, signal: AbortSignal) => unknown,
  ): void {
    const entries = this.#of(kind, sessionId);
    if (entries.length === 0) return;
    const before = this.#lines.get(sessionId) ?? Promise.resolve();
    const turn = before.then(async () => {
      for (const entry of entries) await this.#guarded(sessionId, kind, (signal) => run(entry, signal));
    });
    this.#lines.set(sessionId, turn);
    void turn.finally(() => {
      if (this.#lines.get(sessionId) === turn) this.#lines.delete(sessionId);
    });
  }

  #of<K extends Kind>(kind: K, sessionId: string): Extract<Entry, { kind: K }>[] {
    return this.#entries.filter(
      (entry): entry is Extract<Entry, { kind: K }> =>
        entry.kind === kind && (entry.sessionId === null || entry.sessionId === sessionId),
    );
  }

  #client(sessionId: string): LibraryClient | null {
    const client = this.#options.actors().get(sessionId)?.browser.client?.library() ?? null;
    return client as LibraryClient | null;
  }

  #context(sessionId: string, signal: AbortSignal = this.#ending.signal): HandlerContext<LibraryClient> {
    const { fleet } = this.#options;
    return {
      sessionId,
      client: this.#client(sessionId),
      signal,
      send: async (to, text, { idempotencyKey = null } = {}) => {
        const sent = await fleet().send(sessionId, { to, content: { type: 'text', text }, idempotencyKey });
        return sent.message;
      },
    };
  }

  /** Runs one handler with its deadline; never rejects. Past it the handler may go on, but nobody waits for it. */
  async #guarded(sessionId: string, what: string, run: (signal: AbortSignal) => unknown): Promise<void> {
    const { clock, settings, tell } = this.#options;
    const over = new AbortController();
    let cancel: () => void = () => {};
    const timeout = new Promise<'late'>((resolve) => {
      cancel = clock.schedule(settings.timeoutMs, () => resolve('late'));
    });
    const signal = AbortSignal.any([over.signal, this.#ending.signal]);
    try {
      const running = Promise.resolve().then(() => run(signal));
      running.catch(() => undefined);
      if ((await Promise.race([running, timeout])) === 'late') {
        tell(sessionId, 'handler.timed_out', `a handler (${what}) took longer than ${settings.timeoutMs} ms`);
      }
    } catch (error) {
      tell(sessionId, 'handler.failed', `a handler (${what}) failed: ${wordsOf(error)}`);
    } finally {
      cancel();
      over.abort();
    }
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
