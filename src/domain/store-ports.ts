import type { Delivery, DeliveryLane, DeliveryStatus } from './delivery.js';
import type { Incident } from './incident.js';
import type { IncomingMessage, OpenStates, OutboxMessage, OutboxStatus } from './message.js';
import type { MessageChange, MessageNews } from './message-news.js';
import type { InboxMedia } from './received-media.js';
import type { SessionState } from './session-state.js';
import type { Held } from './version-guard.js';
import type { WebhookSettings } from './webhook.js';

/** The stored record of one session: settings, the state of the machine, and facts that no decision depends on. */
export interface SessionRecord {
  id: string;
  label: string | null;
  webhook: WebhookSettings | null;
  proxy: string | null;
  state: SessionState;
  facts: SessionFacts;
  createdAt: number;
}

/** Things worth showing that no decision depends on; times are milliseconds since 1970. */
export interface SessionFacts {
  phoneNumber: string | null;
  webVersion: string | null;
  lastQrScanAt: number | null;
  lastConnectionCheckAt: number | null;
  lastActivityAt: number | null;
}

/** One line of a session's timeline. */
export interface TimelineEntry {
  seq: number;
  sessionId: string;
  at: number;
  /** Name from the log-event catalogue, such as `session.connected`. */
  event: string;
  message: string;
  data: Readonly<Record<string, unknown>>;
}

/** A page of a list: `after` is the position to go on from, absent on the last page. */
export interface Page<T> {
  items: T[];
  next?: string;
}

export interface SessionStore {
  all(): SessionRecord[];
  /** False when a session of that id exists already. */
  insert(record: SessionRecord): boolean;
  /** Writes state and facts; the settings are left alone. */
  saveState(id: string, state: SessionState, facts: SessionFacts): void;
  /** Writes facts of many sessions at once, where nothing else has changed. A power cut may take it back. */
  saveFacts(factsById: ReadonlyMap<string, SessionFacts>): void;
  saveSettings(id: string, settings: Pick<SessionRecord, 'label' | 'webhook' | 'proxy'>): void;
  /** Forgets the session with everything that belongs to it. */
  remove(id: string): void;
}

export interface TimelineStore {
  append(entry: Omit<TimelineEntry, 'seq'>): TimelineEntry;
  /** Oldest first, entries behind `after`; `events` picks those of these names. */
  list(sessionId: string, options: { after: number; limit: number; events?: readonly string[] }): TimelineEntry[];
}

export type OutboxInsert = Pick<
  OutboxMessage,
  | 'id'
  | 'sessionId'
  | 'idempotencyKey'
  | 'contentHash'
  | 'to'
  | 'content'
  | 'quotedMessageId'
  | 'expiresAt'
  | 'createdAt'
>;

export type OutboxChange = Partial<
  Pick<
    OutboxMessage,
    'status' | 'failureCode' | 'waMessageId' | 'presetId' | 'ack' | 'attemptStartedAt' | 'attempts' | 'notBefore'
  >
>;

export interface OutboxStore {
  /** With a known idempotency key it gives the stored message back: `created: false`. Promised once `onDisk` resolves. */
  accept(message: OutboxInsert): { created: boolean; message: OutboxMessage };
  get(sessionId: string, id: string): OutboxMessage | null;
  byId(id: string): OutboxMessage | null;
  byIdempotencyKey(sessionId: string, key: string): OutboxMessage | null;
  list(
    sessionId: string,
    options: { status?: OutboxStatus; to?: string; after: number; limit: number },
  ): OutboxMessage[];
  /** Which kinds of messages there are whose fate is open: most looks of a sender end here. */
  openStates(sessionId: string): OpenStates;
  /** What is `sending`, and of those `queued` the first of each chat (of some hundred chats); in order of acceptance. */
  heads(sessionId: string, open: OpenStates): OutboxMessage[];
  /** True when a message is `queued` or `sending`. */
  hasOpen(sessionId: string): boolean;
  /** True while the message may still be handed over, so that its media is needed. */
  isOpen(id: string): boolean;
  /** Messages that are still `queued` and must not be sent any more. */
  expired(sessionId: string, now: number): OutboxMessage[];
  /** When the next message that is `queued` expires, null when none does. */
  nextExpiry(sessionId: string): number | null;
  /** The message that WhatsApp knows by this id, also when the page has not told it yet. */
  byWaMessageId(sessionId: string, waMessageId: string): OutboxMessage | null;
  /** WhatsApp ids already tied to a message of the outbox, out of those given. */
  knownWaMessageIds(sessionId: string, waMessageIds: string[]): Set<string>;
  /** Messages to a chat that were handed over since a time under an id that nobody knows. */
  unidentified(sessionId: string, to: string, since: number): OutboxMessage[];
  update(id: string, change: OutboxChange, at: number): OutboxMessage;
  /** Resolves when every message that is accepted or `sending` by now would survive a power cut as such. */
  onDisk(): Promise<void>;
  /** Forgets messages that ended before `at`; the newest of each session stays, so that no position is given twice. */
  prune(at: number): number;
}

export interface InboxStore {
  /**
   * False when this id was stored before: the one place where a message that comes twice is recognized. With a message
   * that has a link, its file is noted as waiting to be downloaded.
   */
  insert(sessionId: string, message: IncomingMessage, at: number): boolean;
  /** Stores what became of a message that is here, or was put to one; null when it is not here or nothing is new. */
  change(sessionId: string, news: MessageNews): MessageChange | null;
  /** Oldest first; `after` is the position of the last one seen. */
  list(sessionId: string, options: { after: number; limit: number }): { seq: number; message: IncomingMessage }[];
  /** When the newest message was written, and at the latest when it came; null when there is none. */
  newestTimestamp(sessionId: string): number | null;
  /** From when on messages may be missing, null when none are. It outlives the process. */
  gapSince(sessionId: string): number | null;
  saveGapSince(sessionId: string, sinceMs: number | null): void;
  /** Forgets messages stored before `at`. */
  prune(at: number): number;
}

/** Files that came with messages: what is known of them. */
export interface InboxMediaStore {
  get(id: string): InboxMedia | null;
  /** Of the files that wait for their download the one that is due first. */
  nextWaiting(sessionId: string): InboxMedia | null;
  /** Nothing happens when it went with its message. */
  update(id: string, change: Partial<Pick<InboxMedia, 'state' | 'failure' | 'attempts' | 'dueAt' | 'sizeBytes'>>): void;
  /** Gives up the oldest kept files until all that are kept have at most so many bytes; the ids of those. */
  evict(maxTotalBytes: number): string[];
  /** Forgets files whose time has passed; their ids. */
  removeExpired(now: number): string[];
}

/** Which number is behind a LID, as it was learned from messages. The same for every session. */
export interface LidStore {
  /** `…@c.us`, null when nobody knows. */
  phoneOf(lid: string): string | null;
  /** What is learned last counts: people change their number and keep their LID. */
  learn(lid: string, phone: string, at: number): void;
}

/** Pages of WhatsApp Web on which a session became ready, and which of them the fleet was held on last. */
export interface WebPageStore {
  /** Those that are kept, the one that worked last first. */
  versions(): string[];
  /** Where its page belongs, for people. */
  placeOf(version: string): string;
  /** Its HTML, null when it is not kept. */
  read(version: string): string | null;
  /** A session became ready on it; true when the page is kept from now on and was not before. */
  worked(version: string, html: string | null, at: number): boolean;
  /** WhatsApp no longer takes it. */
  forget(version: string): void;
  held(): Held | null;
  saveHeld(held: Held | null): void;
}

export interface IncidentStore {
  /** Writes a new incident, or what became of a known one. */
  save(incident: Incident): void;
  /** Newest first, those behind the position `after`; 0 begins with the newest. `open` picks those that are, or are not. */
  list(options: { open?: boolean; after: number; limit: number }): { seq: number; incident: Incident }[];
  /** Forgets incidents that were closed before `at`. */
  prune(at: number): number;
}

export type DeliveryInsert = DeliveryLane & Pick<Delivery, 'id' | 'eventId' | 'event' | 'body' | 'createdAt'>;

export interface DeliveryStore {
  /** Queues it, due at once. False when this endpoint was to be told of the event already. */
  enqueue(delivery: DeliveryInsert): boolean;
  get(id: string): Delivery | null;
  /** Every lane in which something is queued. */
  waitingLanes(): DeliveryLane[];
  /** The oldest that is queued in a lane: nothing of the lane goes before it. */
  head(lane: DeliveryLane): Delivery | null;
  /** Nothing happens when it went with its session. */
  update(
    id: string,
    change: Pick<Delivery, 'status' | 'attempts' | 'refusals' | 'nextAttemptAt'> &
      Partial<Pick<Delivery, 'lastStatus' | 'lastError'>>,
    at: number,
  ): void;
  /** Gives up everything that is queued in a lane; how many these were. */
  buryLane(lane: DeliveryLane, lastError: string, at: number): number;
  /** Oldest first, without the bodies: a page of them could be large. */
  list(options: {
    status?: DeliveryStatus;
    sessionId?: string;
    /** Only those of these sessions. */
    among?: readonly string[] | null;
    after: number;
    limit: number;
  }): Omit<Delivery, 'body'>[];
  /** Since when an endpoint is told nothing because somebody wants it so; null when it is told. */
  pausedSince(endpoint: string): number | null;
  /** One that is paused already stays so since then. */
  pause(endpoint: string, at: number): void;
  resume(endpoint: string): void;
  /** A session is removed: what its own webhook was to hear goes, and every copy that nobody waits for. */
  forgetSession(sessionId: string): void;
  /** Gives up what has been queued since before `deadBefore`, and deletes what ended before these times. */
  prune(before: { deliveredBefore: number; deadBefore: number }, at: number): void;
}

/** What of one state waits, and since when the oldest of it does; null when there is none. */
export interface Backlog {
  state: string;
  count: number;
  oldestAt: number | null;
}

/** How much waits in all sessions together; each list has every state, also those without any. */
export interface BacklogStore {
  /** `queued` and `sending`. */
  outbox(): Backlog[];
  /** `queued` and `dead`. */
  deliveries(): Backlog[];
}

/** How far the received messages of a session were handed to the handlers of a program. */
export interface HandledStore {
  /**
   * Position of the newest message, and of the last one that is handled with all before it (null: there never was a
   * handler). Null when there is no such session.
   */
  positions(sessionId: string): { newest: number; handled: number | null } | null;
  save(sessionId: string, handled: number): void;
}
