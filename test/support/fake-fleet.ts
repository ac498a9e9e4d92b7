import { DomainError } from '../../src/domain/error-catalogue.js';
import type { IncomingMessage, OutboxMessage } from '../../src/domain/message.js';
import { STATUSES } from '../../src/domain/session-state.js';
import type { TimelineEntry } from '../../src/domain/store-ports.js';
import { type Uptime, uptimeDuring } from '../../src/domain/uptime.js';
import type { WebhookSettings } from '../../src/domain/webhook.js';
import type {
  Fleet,
  FleetStats,
  IncidentView,
  MessageRequest,
  SessionSettings,
  SessionView,
} from '../../src/fleet/facade.js';
import type { MemorySample } from '../../src/fleet/memory-history.js';
import { anOutboxMessage } from './outbox-message.js';
import { pageOf } from './page-of.js';

const AT = '2026-01-01T00:00:00.000Z';

/** A session as it looks right after it was created. */
export function aSessionView(id: string, change: Partial<SessionView> = {}): SessionView {
  return {
    id,
    label: null,
    phoneNumber: null,
    status: 'idle',
    reason: 'never_started',
    message: 'Known, but never started.',
    userAction: 'none',
    since: AT,
    desired: 'stopped',
    attempt: 0,
    maxAttempts: 10,
    nextAttemptAt: null,
    lastReconnectAttempt: null,
    isReconnecting: false,
    errorCount: 0,
    circuit: { state: 'closed', resumesAt: null },
    connectionFailureCount: 0,
    lastConnectionFailure: null,
    lastQrScanAt: null,
    lastConnectionCheckAt: null,
    lastActivityAt: null,
    uptimeSeconds: 0,
    isConnected: false,
    browser: null,
    webVersion: null,
    health: { verdict: 'unknown', checkedAt: null, latencyMs: null },
    ...change,
  };
}

interface FakeSession {
  view: SessionView;
  webhook: WebhookSettings | null;
  proxy: string | null;
  qr: string | null;
  events: TimelineEntry[];
  memory: MemorySample[];
  outbox: OutboxMessage[];
  inbox: IncomingMessage[];
}

/** A fleet without browsers: sessions are what the test makes of them. */
export class FakeFleet implements Fleet {
  ready = true;
  /** Calls that change something, as `verb id`. */
  readonly calls: string[] = [];
  /** Thrown by the next call that reads from the page. */
  pageError: unknown = null;
  /** Thrown by every send. */
  sendError: unknown = null;
  /** Bytes that came with the last send. */
  bytes: Uint8Array | null = null;
  /** Newest first. */
  readonly incidentLog: IncidentView[] = [];
  readonly #sessions = new Map<string, FakeSession>();
  #nextMessage = 1;

  /** Puts a session there without a call. */
  add(id: string, change: Partial<SessionView> = {}): FakeSession {
    const view = aSessionView(id, change);
    const session = { view, webhook: null, proxy: null, qr: null, events: [], memory: [], outbox: [], inbox: [] };
    this.#sessions.set(id, session);
    return session;
  }

  /** The session behind the view, with what no view shows. */
  peek(id: string): FakeSession {
    const session = this.#sessions.get(id);
    if (!session) {
      throw new DomainError('session_not_found', `There is no session "${id}". Create it first.`, { sessionId: id });
    }
    return session;
  }

  showQr(id: string, text: string): void {
    const session = this.peek(id);
    session.qr = text;
    session.view = { ...session.view, status: 'qr_pending' };
  }

  async create({ id, label, webhook, proxy }: SessionSettings, start: boolean): Promise<SessionView> {
    if (this.#sessions.has(id)) {
      throw new DomainError('session_exists', `The session "${id}" exists already.`, { sessionId: id });
    }
    this.calls.push(`create ${id}`);
    const session = this.add(id, {
      label: label ?? null,
      ...(start ? { status: 'connecting', desired: 'running' } : {}),
    });
    session.webhook = webhook ?? null;
    session.proxy = proxy ?? null;
    return session.view;
  }

  list(): SessionView[] {
    return [...this.#sessions.values()].map(({ view }) => view);
  }

  get(id: string): SessionView {
    return this.peek(id).view;
  }

  phoneNumberOf = (id: string) => this.#sessions.get(id)?.view.phoneNumber ?? null;

  change(id: string, settings: Omit<SessionSettings, 'id'>): SessionView {
    const session = this.peek(id);
    if (settings.label !== undefined) session.view = { ...session.view, label: settings.label };
    if (settings.webhook !== undefined) session.webhook = settings.webhook;
    if (settings.proxy !== undefined) session.proxy = settings.proxy;
    return session.view;
  }

  async remove(id: string): Promise<void> {
    this.peek(id);
    this.calls.push(`remove ${id}`);
    this.#sessions.delete(id);
  }

  connect(id: string): SessionView {
    return this.#command('connect', id, { status: 'connecting', desired: 'running' });
  }

  async disconnect(id: string, { force }: { force: boolean }): Promise<SessionView> {
    return this.#command(force ? 'disconnect!' : 'disconnect', id, { status: 'disconnected', desired: 'stopped' });
  }

  forceReconnect(id: string): SessionView {
    return this.#command('force-reconnect', id, { status: 'connecting', desired: 'running', errorCount: 0 });
  }

  async logout(id: string): Promise<SessionView> {
    return this.#command('logout', id, { status: 'disconnected' });
  }

  qr(id: string): { qr: string; expiresAt: string } {
    const { qr, view } = this.peek(id);
    if (qr === null) throw new DomainError('no_qr', `The session is ${view.status}.`, { sessionId: id });
    return { qr, expiresAt: AT };
  }

  async pairingCode(id: string, phoneNumber: string): Promise<string> {
    this.#command(`pair ${phoneNumber}`, id, {});
    return 'ABCD-1234';
  }

  async screenshot(id: string): Promise<Buffer> {
    this.#page(id);
    return Buffer.from([0x89, 0x50, 0x4e, 0x47]);
  }

  events(id: string, { after, limit }: { after: number; limit: number }): TimelineEntry[] {
    return this.peek(id)
      .events.filter(({ seq }) => seq > after)
      .slice(0, limit);
  }

  /** As a minute after the session became what it is. */
  uptime(id: string, hours: number): Uptime {
    const { events, view } = this.peek(id);
    const since = Date.parse(view.since);
    return uptimeDuring(hours, events, { status: view.status, reason: view.reason, since }, since + 60_000);
  }

  memory(id: string): MemorySample[] {
    return this.peek(id).memory;
  }

  async chats(id: string) {
    this.#page(id);
    return [1, 2, 3].map((n) => ({
      id: `4915100000${n}@c.us`,
      name: null,
      isGroup: false,
      unreadCount: n,
      timestamp: null,
    }));
  }

  async contact(id: string, phoneNumber: string) {
    this.#page(id);
    return { phoneNumber, registered: true, id: `${phoneNumber}@c.us`, name: 'Ada' };
  }

  async send(id: string, asked: MessageRequest) {
    const nothing = { bytes: null, quotedMessageId: null, validForMs: null, idempotencyKey: null };
    const { bytes, validForMs, ...request }: Required<MessageRequest> = { ...nothing, ...asked };
    const { outbox } = this.peek(id);
    if (this.sendError !== null) throw this.sendError;
    this.bytes = bytes;
    const { idempotencyKey } = request;
    const contentHash = JSON.stringify([request.to, request.content, request.quotedMessageId, validForMs]);
    const known = outbox.find((message) => idempotencyKey !== null && message.idempotencyKey === idempotencyKey);
    if (known && known.contentHash !== contentHash) {
      throw new DomainError('idempotency_conflict', 'This key was used for another message.', { sessionId: id });
    }
    if (known) return { created: false, message: known };
    const message = anOutboxMessage({
      ...request,
      id: `msg_${this.#nextMessage}`,
      sessionId: id,
      seq: outbox.length + 1,
      contentHash,
      expiresAt: validForMs === null ? null : Date.parse(AT) + validForMs,
      createdAt: Date.parse(AT),
      updatedAt: Date.parse(AT),
    });
    this.#nextMessage += 1;
    outbox.push(message);
    return { created: true, message };
  }

  cancelMessage(id: string, messageId: string): OutboxMessage {
    const message = this.message(id, messageId);
    if (message.status !== 'queued') throw new DomainError('not_cancellable', `It is ${message.status}.`);
    return Object.assign(message, { status: 'failed', failureCode: 'cancelled' });
  }

  /** A message to `…00@c.us` is never sent, any other at once. */
  async settled(id: string, messageId: string): Promise<OutboxMessage> {
    const message = this.message(id, messageId);
    if (!message.to.endsWith('00@c.us')) Object.assign(message, { status: 'sent', ack: 1, waMessageId: 'true_x_1' });
    return message;
  }

  message(id: string, messageId: string): OutboxMessage {
    const message = this.peek(id).outbox.find((candidate) => candidate.id === messageId);
    if (!message) throw new DomainError('message_not_found', `There is no message "${messageId}".`, { sessionId: id });
    return message;
  }

  messages(id: string, { status, to, ...page }: Parameters<Fleet['messages']>[1]) {
    const all = this.peek(id).outbox.filter((message) => status === undefined || message.status === status);
    return pageOf(
      all.filter((message) => to === undefined || message.to === to),
      page,
    );
  }

  inbox(id: string, options: { after: number; limit: number }) {
    return pageOf(this.peek(id).inbox, options);
  }

  incidents({ open, ...page }: { open?: boolean; after: number; limit: number }) {
    const fits = ({ closedAt }: IncidentView) => open === undefined || open === (closedAt === null);
    return pageOf(this.incidentLog.filter(fits), page);
  }

  stats(): FleetStats {
    const none = Object.fromEntries(STATUSES.map((status) => [status, 0])) as FleetStats['byStatus'];
    return {
      sessions: this.#sessions.size,
      byStatus: { ...none, idle: this.#sessions.size },
      ...{ uptimeSeconds: 1, restoring: null },
      timeToRecoverMs: { p50: null, p95: null, count: 0 },
      failures: { mean: 0, atThreshold: 0, last24Hours: 0 },
      memory: { availableBytes: null, browsersBytes: 0 },
    };
  }

  isReady(): boolean {
    return this.ready;
  }

  #command(verb: string, id: string, change: Partial<SessionView>): SessionView {
    const session = this.peek(id);
    this.calls.push(`${verb} ${id}`);
    session.view = { ...session.view, ...change };
    return session.view;
  }

  #page(id: string): void {
    this.peek(id);
    if (this.pageError !== null) throw this.pageError;
  }
}
