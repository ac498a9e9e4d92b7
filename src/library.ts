import { compose } from './compose.js';
import { loadConfig } from './config.js';
import type { Fleet } from './fleet/facade.js';
import type { ClientHandler, MessageHandler, SentHandler, StatusHandler } from './fleet/handlers.js';

export type { LibraryClient } from './adapters/wwebjs/library-client.js';
export type { Config } from './config.js';
export { DomainError } from './domain/error-catalogue.js';
export type { HandlerContext, MessageContext } from './domain/handler.js';
export type { IncomingMessage, OutboxMessage, OutboxStatus } from './domain/message.js';
export type { MessageContent } from './domain/message-content.js';
export type { Reason, UserAction } from './domain/reason.js';
export type { Status } from './domain/session-state.js';
export type { Fleet, MessageRequest, SessionSettings, SessionView } from './fleet/facade.js';
export type { ClientHandler, MessageHandler, SentHandler, StatusHandler } from './fleet/handlers.js';

/** Any part of the configuration, as in a configuration file; `preset` takes one of those in `config/`. */
export type Settings = { preset?: string } & Record<string, unknown>;

export interface WakefulOptions {
  /** Over the defaults; what the environment (`WAKEFUL_…`, `CHROME_PATH`) says goes over these. */
  settings?: Settings;
  /** True answers the HTTP API as well, at `host` and `port` of the settings. False by default. */
  listen?: boolean;
}

/** Wakeful inside a program of your own. Handlers belong to the sessions, so that they outlive every reconnection. */
export interface Wakeful {
  /** The sessions: create, connect, send, list… Rejects with a DomainError whose `code` is in docs/errors.md. */
  readonly sessions: Fleet;
  /** Address of the HTTP API, null when it does not listen. */
  readonly address: string | null;
  /**
   * Every received message, once; in order within a chat, also what came while nothing ran. After a crash of the program
   * a message may be handed out again: `reply` and keys of your own keep its answers single. Add it before `start`.
   */
  onMessage(handler: MessageHandler, options?: { sessionId?: string }): () => void;
  /** Every change of a session's status or reason. */
  onStatus(handler: StatusHandler, options?: { sessionId?: string }): () => void;
  /** Every step of a message that is being sent: `sent`, `delivered`, `read`, `failed`… */
  onSent(handler: SentHandler, options?: { sessionId?: string }): () => void;
  /** The whatsapp-web.js Client of every new browser, when it is connected: the place for listeners of your own on it. */
  onClient(handler: ClientHandler, options?: { sessionId?: string }): () => void;
  /**
   * Resolves with a sentence when another Wakeful has taken the folders, because this process stood still for long. No
   * browser lives then: end the process, without `stop`.
   */
  readonly lost: Promise<string>;
  /** Restores the sessions. Rejects with one plain sentence when it cannot be. */
  start(): Promise<void>;
  /** Resolves when no browser lives and everything is written. Idempotent. */
  stop(): Promise<void>;
}

/**
 * Builds Wakeful for a program; nothing runs before `start()`. Rejects when the settings are wrong or when another one
 * works on the same folders. The program must call `stop()` before it ends; signals are its own business.
 */
export async function createWakeful({ settings = {}, listen = false }: WakefulOptions = {}): Promise<Wakeful> {
  const service = await compose(loadConfig(process.env, process.cwd(), settings), { listen });
  const { handlers } = service;
  return {
    sessions: service.fleet,
    get address() {
      return service.address;
    },
    onMessage: (handler, { sessionId } = {}) => handlers.add('message', handler, sessionId),
    onStatus: (handler, { sessionId } = {}) => handlers.add('status', handler, sessionId),
    onSent: (handler, { sessionId } = {}) => handlers.add('sent', handler, sessionId),
    onClient: (handler, { sessionId } = {}) => handlers.add('client', handler, sessionId),
    lost: service.lost,
    start: () => service.start(),
    stop: () => service.stop('stop() was called'),
  };
}
