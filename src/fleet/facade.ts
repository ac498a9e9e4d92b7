import type { Engine } from '../domain/engine-record.js';
import type { IncidentKind } from '../domain/incident.js';
import type { IncomingMessage, OutboxMessage, OutboxStatus } from '../domain/message.js';
import type { MessageContent } from '../domain/message-content.js';
import type { ChatSummary, ContactSummary } from '../domain/ports.js';
import type { Reason, UserAction } from '../domain/reason.js';
import type { Status } from '../domain/session-state.js';
import type { Page, TimelineEntry } from '../domain/store-ports.js';
import type { TimeToRecover, Uptime } from '../domain/uptime.js';
import type { WebhookSettings } from '../domain/webhook.js';
import type { MemorySample } from './memory-history.js';

/** A session as API, page and command line show it. Times are ISO 8601, null where nothing happened yet. */
export interface SessionView {
  id: string;
  label: string | null;
  phoneNumber: string | null;
  status: Status;
  reason: Reason;
  message: string;
  userAction: UserAction;
  since: string;
  desired: 'running' | 'stopped';
  attempt: number;
  maxAttempts: number | null;
  nextAttemptAt: string | null;
  lastReconnectAttempt: string | null;
  isReconnecting: boolean;
  errorCount: number;
  circuit: { state: 'closed' | 'open' | 'half_open'; resumesAt: string | null };
  connectionFailureCount: number;
  lastConnectionFailure: string | null;
  lastQrScanAt: string | null;
  lastConnectionCheckAt: string | null;
  lastActivityAt: string | null;
  uptimeSeconds: number;
  isConnected: boolean;
  browser: { pid: number; memoryBytes: number; startedAt: string; engine: Engine } | null;
  webVersion: string | null;
  health: { verdict: string; checkedAt: string | null; latencyMs: number | null };
}

export interface QrView {
  /** The text that the picture encodes. */
  qr: string;
  expiresAt: string;
}

export interface SessionSettings {
  id: string;
  label?: string | null;
  webhook?: WebhookSettings | null;
  proxy?: string | null;
}

/** A message that somebody wants to be sent. */
export interface MessageRequest {
  /** A chat id: `…@c.us`, `…@g.us`, `…@lid`. */
  to: string;
  content: MessageContent;
  /** The bytes of media that is not behind a URL. */
  bytes?: Uint8Array | null;
  /** WhatsApp's id of the message that this one replies to. */
  quotedMessageId?: string | null;
  /** Not sent later than this after its acceptance, milliseconds; null for ever. */
  validForMs?: number | null;
  /** The same key with the same message sends it once. */
  idempotencyKey?: string | null;
}

export interface FleetStats {
  sessions: number;
  byStatus: Record<Status, number>;
  uptimeSeconds: number;
  /** How far the sessions are that the start of the service brings back; null when that is over. */
  restoring: { connected: number; of: number; remainingSeconds: number | null; message: string } | null;
  timeToRecoverMs: TimeToRecover;
  failures: { mean: number; atThreshold: number; last24Hours: number };
  /** What the machine has left for more, null when it cannot be told, and what all browsers take together. */
  memory: { availableBytes: number | null; browsersBytes: number };
}

/** One trouble of many sessions, as API and page show it. Times are ISO 8601; `closedAt` is null while it is open. */
export interface IncidentView {
  id: string;
  kind: IncidentKind;
  reason: Reason;
  openedAt: string;
  closedAt: string | null;
  sessionIds: string[];
  message: string;
}

/**
 * What the API and the command line may ask of the fleet. An id that does not exist, a session in the wrong state and
 * the like reject with a DomainError of the catalogue.
 */
export interface Fleet {
  create(settings: SessionSettings, start: boolean): Promise<SessionView>;
  list(): SessionView[];
  get(id: string): SessionView;
  /** The number that is linked; null when none is known, also of a session that is gone. Much cheaper than `get`. */
  phoneNumberOf(id: string): string | null;
  change(id: string, settings: Omit<SessionSettings, 'id'>): SessionView;
  /** Stops, forgets and discards the credentials. */
  remove(id: string): Promise<void>;
  /** Wants it running; idempotent, resolves before it is connected. */
  connect(id: string): SessionView;
  /** Resolves when the browser is gone. */
  disconnect(id: string, options: { force: boolean }): Promise<SessionView>;
  forceReconnect(id: string): SessionView;
  logout(id: string): Promise<SessionView>;
  qr(id: string): QrView;
  pairingCode(id: string, phoneNumber: string): Promise<string>;
  screenshot(id: string): Promise<Buffer>;
  events(id: string, options: { after: number; limit: number }): TimelineEntry[];
  /** How it fared during the last hours, as far back as its timeline goes. */
  uptime(id: string, hours: number): Uptime;
  /** What its browser took during the last day, or since the service started; oldest first, one a minute. */
  memory(id: string): readonly MemorySample[];
  chats(id: string): Promise<ChatSummary[]>;
  contact(id: string, phoneNumber: string): Promise<ContactSummary>;
  /** Durable acceptance: when it resolves, the message will be sent or reported. */
  send(id: string, request: MessageRequest): Promise<{ created: boolean; message: OutboxMessage }>;
  /** Resolves with the message as soon as it is neither queued nor sending, or as it stands after `waitMs`. */
  settled(id: string, messageId: string, waitMs: number, signal: AbortSignal): Promise<OutboxMessage>;
  /** Ends a message that is still queued. */
  cancelMessage(id: string, messageId: string): OutboxMessage;
  message(id: string, messageId: string): OutboxMessage;
  messages(
    id: string,
    options: { status?: OutboxStatus; to?: string; after: number; limit: number },
  ): Page<OutboxMessage>;
  inbox(id: string, options: { after: number; limit: number }): Page<IncomingMessage>;
  /** Newest first. */
  incidents(options: { open?: boolean; after: number; limit: number }): Page<IncidentView>;
  stats(): FleetStats;
  /** False while restoring or draining. */
  isReady(): boolean;
}
