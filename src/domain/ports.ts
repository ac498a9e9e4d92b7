import type { ReceiverAnswer } from './delivery.js';
import type { Engine } from './engine-record.js';
import type { ProbeObservation } from './health.js';
import type { Answer } from './heartbeat.js';
import type { LogEvent } from './log-event.js';
import type { IncomingMessage } from './message.js';
import type { OutgoingMessage } from './message-content.js';
import type { MessageNews } from './message-news.js';
import type { Reason } from './reason.js';
import type { MediaFailure, MediaLink } from './received-media.js';
import type { ClientEvent } from './session-event.js';
import type { MachineLoad } from './start-admission.js';
import type { LoadedPage } from './version-guard.js';

/** Time as the orchestrator sees it; a fake one drives the tests. */
export interface Clock {
  /** Wall clock, milliseconds since 1970. */
  now(): number;
  /** Calls once after `delayMs`; the returned function cancels. */
  schedule(delayMs: number, run: () => void): () => void;
}

/** Structured log. `event` is a name from the catalogue, `message` the sentence for people. */
export interface Logger {
  debug(event: LogEvent, message: string, fields?: LogFields): void;
  info(event: LogEvent, message: string, fields?: LogFields): void;
  warn(event: LogEvent, message: string, fields?: LogFields): void;
  error(event: LogEvent, message: string, fields?: LogFields): void;
}
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** A failed client operation whose cause is understood. Everything else that is thrown is a bug. */
export class ClientError extends Error {
  readonly reason: Reason;
  constructor(reason: Reason, detail: string, options?: { cause?: unknown }) {
    super(detail, options);
    this.name = 'ClientError';
    this.reason = reason;
  }
}

/** What became of a send, as far as the page can tell. `ack` ≥ 1 means that WhatsApp's server has it. */
export interface SendReceipt {
  waMessageId: string;
  ack: number;
}

/** A message of ours found in a chat again. */
export interface FoundMessage {
  waMessageId: string;
  /** -1 when WhatsApp's server refused it. */
  ack: number;
  /** WhatsApp's type: chat, image, document, location, … */
  type: string;
  /** Its text, its caption, or the name and address of a place. */
  words: string;
  /** Milliseconds since 1970, in whole seconds as WhatsApp keeps them. */
  timestamp: number;
}

/** Why nothing was sent: a value, not an exception, since it is an expected outcome. */
export type SendRefusal =
  /** No retry helps. */
  | { refused: 'unknown_number' | 'invalid_recipient' | 'quoted_message_not_found' }
  /** The page failed before the message was in its chat; another try may go well. */
  | { refused: 'not_taken'; detail: string };

/** A browser that runs. */
export interface BrowserSight {
  pid: number;
  /** Milliseconds since 1970. */
  startedAt: number;
  engine: Engine;
}

/**
 * One browser with one WhatsApp Web in it: one launch of one session. Reports through `onEvent`; never rejects outside
 * of a call. Every call has its own deadline and rejects with ClientError when it passes or when `signal` aborts.
 */
export interface WhatsAppClient {
  /** Starts browser and page; resolves when the page is injected (before `ready`, which comes as an event). */
  start(signal: AbortSignal): Promise<void>;
  /** Ends the browser: clean close first, then harder. Idempotent; resolves only when no process of it lives. */
  close(mode: 'graceful' | 'kill'): Promise<void>;
  /** The browser process, or null when there is none (any more). */
  browser(): BrowserSight | null;
  /** One round trip to the page, and to the browser when the page is silent. Never rejects. */
  probe(): Promise<ProbeObservation>;
  /** One question to WhatsApp's server and back, to see whether the line lives. */
  askWhatsApp(signal: AbortSignal): Promise<Answer>;
  /** The live Client of whatsapp-web.js itself, for handlers that need more than this port offers; null when there is none. */
  library(): object | null;
  /** Asks the page to reconnect its socket. */
  reconnectSocket(signal: AbortSignal): Promise<void>;
  /** Takes the login back from another page that has it (CONFLICT). */
  takeOver(signal: AbortSignal): Promise<void>;
  /** Whether the page reaches WhatsApp's servers over HTTP: what its browser sees, with its proxy and its resolver. */
  reachesWhatsApp(signal: AbortSignal): Promise<boolean>;
  /** Loads WhatsApp Web again in the same browser, also after the page crashed or hangs. */
  reload(signal: AbortSignal): Promise<void>;
  /** Unlinks this device at WhatsApp. */
  logout(signal: AbortSignal): Promise<void>;
  /** A code to type into the phone instead of scanning; `phoneNumber` digits only. */
  requestPairingCode(phoneNumber: string, signal: AbortSignal): Promise<string>;
  /** An id of WhatsApp's own making that the next send can be given; null when this page takes none. */
  newMessageId(signal: AbortSignal): Promise<string | null>;
  /**
   * Hands a message to the page; resolves when it is in its chat, whether or not WhatsApp's server has it. A message
   * that was given the same id before is not handed over a second time by the same page.
   */
  send(message: OutgoingMessage, signal: AbortSignal): Promise<SendReceipt | SendRefusal>;
  /** Own messages in a chat since a time, oldest first: to find out what became of an interrupted send. */
  ownMessagesSince(chatId: string, sinceMs: number, signal: AbortSignal): Promise<FoundMessage[]>;
  /** What came since a time, from all chats with news: what no event told, because nobody was listening. */
  incomingSince(sinceMs: number, signal: AbortSignal): Promise<MissedNews>;
  /**
   * Downloads the file that came with a message, of at most so many bytes, and gives them piece by piece; each is
   * waited for. Resolves with why it is not to be had, null when all of it was given.
   */
  downloadMedia(
    waMessageId: string,
    maxBytes: number,
    take: TakeBytes,
    signal: AbortSignal,
  ): Promise<MediaFailure | null>;
  /** PNG of the page. */
  screenshot(signal: AbortSignal): Promise<Buffer>;
  /** Chats, newest first. */
  chats(signal: AbortSignal): Promise<ChatSummary[]>;
  /** What WhatsApp knows of a number; `registered: false` when it is not on WhatsApp. */
  contact(phoneNumber: string, signal: AbortSignal): Promise<ContactSummary>;
}

/** What came while nobody listened. */
export interface MissedNews {
  /** Oldest first; those that were changed meanwhile as they are now. */
  messages: IncomingMessage[];
  /** What was deleted meanwhile. */
  news: MessageNews[];
}

export type TakeBytes = (bytes: Uint8Array) => Promise<void>;

export interface ChatSummary {
  id: string;
  name: string | null;
  isGroup: boolean;
  unreadCount: number;
  /** Milliseconds since 1970 of the last message, null when there is none. */
  timestamp: number | null;
}

export interface ContactSummary {
  phoneNumber: string;
  registered: boolean;
  id: string | null;
  name: string | null;
}

/** Everything a client needs to know of its launch. */
export interface LaunchSpec {
  sessionId: string;
  /** Absolute path of the profile, `<authDir>/session-<id>`; created with mode 0700 when it is not there. */
  profileDir: string;
  proxy: string | null;
  /** `usual`: the build that the configuration gives; `chromium`: in full, where the configuration leaves the choice. */
  engine: 'usual' | 'chromium';
  onEvent: (event: ClientEvent) => void;
  /** `isLate`: it was in its chat before, but can be read only now. */
  onMessage: (message: IncomingMessage, isLate?: boolean) => void;
  onChange: (news: MessageNews) => void;
  /** The number behind a LID as it was learned earlier, null when it was not. */
  phoneOf: (lid: string) => string | null;
  /** Every ack of a message of ours, also late ones; -1 when WhatsApp's server refused it. */
  onAck: (waMessageId: string, ack: number) => void;
}

export type CreateClient = (spec: LaunchSpec) => WhatsAppClient;

/** The profile folder of one session; all of it only while no browser runs on it. */
export interface ProfileKeeper {
  /** Absolute path of a session's profile. */
  dir(sessionId: string): string;
  /** Session ids that have a profile folder. */
  list(): Promise<string[]>;
  /** True when the profile holds something that can be a login. */
  hasCredentials(sessionId: string): Promise<boolean>;
  /**
   * Makes the profile ready for a launch: ends a leftover browser that provably runs on it and removes stale lock files.
   * Rejects with ClientError `profile_in_use` when the owner may be alive and is not ours, `disk_full` below the floor,
   * `profile_corrupt` when the database of the login is damaged.
   */
  prepare(sessionId: string): Promise<{ endedPids: number[]; removedLocks: boolean }>;
  /** Keeps the login as the one snapshot; false when nothing new was worth keeping. Only of a login that works. */
  snapshot(sessionId: string): Promise<boolean>;
  /** True when there is a snapshot that can be restored. */
  hasSnapshot(sessionId: string): Promise<boolean>;
  /** Puts the snapshot in the place of the login, which goes to quarantine; false when there is none. */
  restoreSnapshot(sessionId: string): Promise<boolean>;
  /** Deletes the snapshot of a login that was taken back. */
  discardSnapshot(sessionId: string): Promise<void>;
  /**
   * Moves the profile out of the way, restorable by hand, and deletes its snapshot; resolves with the new place, null when
   * there was none.
   */
  quarantine(sessionId: string): Promise<string | null>;
}

/** Which page of WhatsApp Web the browsers load, and what became of it. None of it throws. */
export interface WebPages {
  /** The kept page that this session is to load now; null lets it load what WhatsApp serves. */
  pageFor(sessionId: string): { version: string; html: string } | null;
  /** The session's browser has got this page. */
  loaded(sessionId: string, page: LoadedPage): void;
  /** The session became ready on this page; `html` when it came from WhatsApp. */
  worked(sessionId: string, page: LoadedPage, html: string | null): void;
}

/** Bounds how many browsers start: at the same time, in a minute, and in the memory that is there. */
export interface Admission {
  /** Resolves with the function that gives the place back; rejects when `signal` aborts while waiting. */
  acquire(signal: AbortSignal): Promise<() => void>;
}

/** Keeps sessions from trying while nothing reaches WhatsApp. */
export interface ConnectivityGate {
  /** False while another session looks whether WhatsApp can be reached. `wants`: this one would try right now. */
  mayTry(sessionId: string, wants: boolean): boolean;
}

/** Memory that new processes may take, in bytes; null when it cannot be told. */
export type AvailableMemory = () => number | null;

/** How busy the machine is since the last look. */
export type ReadMachineLoad = () => MachineLoad;

/** Memory of a browser with all its processes, in bytes; 0 when it cannot be told. */
export type MeasureMemory = (browserPid: number) => number;

/** Calls an address that a person set, over HTTP. Never rejects; follows no redirect and keeps nothing of the answer. */
export type PostWebhook = (request: {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  timeoutMs: number;
  /** Set by an admin: only then may it be a private address. */
  trusted: boolean;
  signal: AbortSignal;
}) => Promise<ReceiverAnswer>;

/** Bytes of media that wait to be sent, by the id of their message; they survive a crash. */
export interface MediaShelf {
  /** Resolves when they are on disk. */
  keep(messageId: string, bytes: Uint8Array): Promise<void>;
  has(messageId: string): boolean;
  /** Null when there are none. */
  read(messageId: string): Promise<Uint8Array | null>;
  /** Nothing happens when there are none. */
  discard(messageId: string): Promise<void>;
  /** Discards what was written before a time and belongs to no message that needs it. */
  sweep(isNeeded: (messageId: string) => boolean, writtenBefore: number): Promise<void>;
}

/** What came from a media URL, or why nothing did; `retry` when a later try may go better. */
export type FetchedMedia =
  | { bytes: Uint8Array; mimeType: string | null }
  | { failed: 'media_unreachable' | 'media_too_large'; detail: string; retry: boolean };

/** Fetches a media URL within bounds of time and size. Rejects only when `signal` aborts. */
export type FetchMedia = (
  /** `trusted`: an admin asked for it; only then may it be a private address. */
  source: { url: string; trusted: boolean },
  signal: AbortSignal,
) => Promise<FetchedMedia>;

/** Links to files that came with messages. */
export interface MediaLinks {
  /** A link to a file that is still to come. */
  create(expiresAt: number): MediaLink;
  /** True when the signature of a link is one that was made here. */
  isGenuine(id: string, expiresAt: number, signature: string): boolean;
}

/** The files themselves. */
export interface MediaFiles {
  /** Keeps what `write` gives, once it says that this was all; false keeps nothing. Resolves with the size in bytes. */
  keep(id: string, write: (take: TakeBytes) => Promise<boolean>): Promise<number>;
  /** Where it lies; null when it is not there. */
  find(id: string): string | null;
  /** Nothing happens when it is not there. */
  remove(id: string): Promise<void>;
  /** Removes what nobody needs. */
  sweep(isNeeded: (id: string) => boolean): Promise<void>;
}
