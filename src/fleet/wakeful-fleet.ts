import { describeState } from '../domain/description.js';
import { DomainError } from '../domain/error-catalogue.js';
import type { IncomingMessage, OutboxMessage } from '../domain/message.js';
import {
  type AvailableMemory,
  type ChatSummary,
  ClientError,
  type ContactSummary,
  type MeasureMemory,
  type WhatsAppClient,
} from '../domain/ports.js';
import { isAsleep } from '../domain/sleep.js';
import type { Page, SessionRecord, TimelineEntry } from '../domain/store-ports.js';
import { UPTIME_EVENTS, type Uptime, uptimeDuring } from '../domain/uptime.js';
import type { SessionActor } from '../session/actor.js';
import type { SessionDeps } from '../session/deps.js';
import type { EventBus } from './event-bus.js';
import type {
  Fleet,
  FleetStats,
  IncidentView,
  MessageRequest,
  QrView,
  SessionSettings,
  SessionView,
} from './facade.js';
import type { FleetStatistics } from './fleet-stats.js';
import type { Incidents } from './incidents.js';
import type { MemorySample } from './memory-history.js';
import { Messages } from './messages.js';
import { sessionView } from './session-view.js';
import { newRecord, type Supervisor } from './supervisor.js';

const CALL_MS = 20_000;
/** More entries than any timeline keeps. */
const WHOLE_TIMELINE = 10_000;

interface WakefulFleetDeps
  extends Pick<SessionDeps, 'config' | 'clock' | 'profiles' | 'outbox' | 'media' | 'inbox' | 'timeline' | 'logger'> {
  supervisor: Supervisor;
  bus: EventBus;
  statistics: FleetStatistics;
  incidents: Incidents;
  measureMemory: MeasureMemory;
  availableMemoryBytes: AvailableMemory;
}

/** The facade over all sessions: looks them up, refuses what cannot be, and passes the rest to the session itself. */
export class WakefulFleet implements Fleet {
  readonly #deps: WakefulFleetDeps;
  readonly #messages: Messages;
  readonly #removing = new Set<string>();

  constructor(deps: WakefulFleetDeps) {
    this.#deps = deps;
    this.#messages = new Messages(deps);
  }

  async create(settings: SessionSettings, start: boolean): Promise<SessionView> {
    const { supervisor, clock, config } = this.#deps;
    if (supervisor.actors.size >= config.fleet.maxSessions) {
      const detail = `This server is set to at most ${config.fleet.maxSessions} sessions (fleet.maxSessions).`;
      throw new DomainError('fleet_full', detail);
    }
    const { label = null, webhook = null, proxy = null } = settings;
    const record: SessionRecord = { ...newRecord(settings.id, clock.now(), { linked: false }), label, webhook, proxy };
    const actor = supervisor.add(record);
    if (actor === null) {
      const detail = `There is a session "${settings.id}" already; use PATCH to change it.`;
      throw new DomainError('session_exists', detail, { sessionId: settings.id });
    }
    if (start) actor.dispatch({ type: 'start' });
    return this.#view(actor);
  }

  list(): SessionView[] {
    return [...this.#deps.supervisor.actors.values()].map((actor) => this.#view(actor));
  }

  get(id: string): SessionView {
    return this.#view(this.#actor(id));
  }

  phoneNumberOf(id: string): string | null {
    return this.#deps.supervisor.actors.get(id)?.record.facts.phoneNumber ?? null;
  }

  change(id: string, settings: Omit<SessionSettings, 'id'>): SessionView {
    const actor = this.#actor(id);
    const { label, webhook, proxy } = { ...actor.record, ...settings };
    actor.changeSettings({ label, webhook, proxy });
    this.#deps.bus.publish({ type: 'session', sessionId: id, change: 'changed' });
    return this.#view(actor);
  }

  async remove(id: string): Promise<void> {
    const actor = this.#actor(id);
    // From here the session takes no orders: a connect in between would start a browser that nobody owns.
    this.#removing.add(id);
    try {
      actor.dispatch({ type: 'stop', force: true });
      await actor.settled();
      await this.#requireDiscarded(id);
      await actor.stop();
      await this.#messages.discardMedia(id);
      this.#deps.supervisor.forget(id);
    } finally {
      this.#removing.delete(id);
    }
  }

  connect(id: string): SessionView {
    const actor = this.#actor(id);
    actor.dispatch({ type: 'start' });
    return this.#view(actor);
  }

  async disconnect(id: string, { force }: { force: boolean }): Promise<SessionView> {
    const actor = this.#actor(id);
    actor.dispatch({ type: 'stop', force });
    await actor.settled();
    if (force && actor.state.status === 'disconnected') await this.#requireDiscarded(id);
    return this.#view(actor);
  }

  forceReconnect(id: string): SessionView {
    const actor = this.#actor(id);
    actor.dispatch({ type: 'force-reconnect' });
    return this.#view(actor);
  }

  async logout(id: string): Promise<SessionView> {
    const actor = this.#actor(id);
    this.#connectedClient(actor);
    actor.dispatch({ type: 'logout' });
    await actor.settled();
    return this.#view(actor);
  }

  qr(id: string): QrView {
    const { state } = this.#actor(id);
    if (state.status !== 'qr_pending') {
      const detail = `The session is ${state.status} (${state.reason}): ${describeState(state, this.#deps.clock.now())}`;
      const resting = state.status === 'disconnected' || state.status === 'idle' || state.status === 'error';
      const todo = resting ? ` POST /api/sessions/${id}/connect brings a new QR code.` : '';
      throw new DomainError('no_qr', detail + todo, { sessionId: id });
    }
    return { qr: state.qr.text, expiresAt: new Date(state.hideAt).toISOString() };
  }

  async pairingCode(id: string, phoneNumber: string): Promise<string> {
    const actor = this.#actor(id);
    const { client } = actor.browser;
    if (actor.state.status !== 'qr_pending' || client === null) {
      const detail = `A pairing code needs a session that waits to be linked (qr_pending); this one is ${actor.state.status}.`;
      throw new DomainError('not_waiting_for_scan', detail, { sessionId: id });
    }
    const code = await this.#ask(id, () => client.requestPairingCode(phoneNumber, AbortSignal.timeout(CALL_MS)));
    actor.dispatch({ type: 'code-given', epoch: actor.state.epoch });
    return code;
  }

  async screenshot(id: string): Promise<Buffer> {
    const { client } = this.#actor(id).browser;
    if (client === null) throw new DomainError('not_connected', 'No browser runs for this session.', { sessionId: id });
    return this.#ask(id, () => client.screenshot(AbortSignal.timeout(CALL_MS)));
  }

  events(id: string, options: { after: number; limit: number }): TimelineEntry[] {
    return this.#deps.timeline.list(this.#actor(id).id, options);
  }

  uptime(id: string, hours: number): Uptime {
    const { state } = this.#actor(id);
    const entries = this.#deps.timeline.list(id, { after: 0, limit: WHOLE_TIMELINE, events: UPTIME_EVENTS });
    return uptimeDuring(hours, entries, state, this.#deps.clock.now());
  }

  memory(id: string): readonly MemorySample[] {
    return this.#deps.supervisor.memory.of(this.#actor(id).id);
  }

  async chats(id: string): Promise<ChatSummary[]> {
    const client = this.#connectedClient(this.#actor(id));
    return this.#ask(id, () => client.chats(AbortSignal.timeout(CALL_MS)));
  }

  async contact(id: string, phoneNumber: string): Promise<ContactSummary> {
    const client = this.#connectedClient(this.#actor(id));
    return this.#ask(id, () => client.contact(phoneNumber, AbortSignal.timeout(CALL_MS)));
  }

  async send(id: string, request: MessageRequest): Promise<{ created: boolean; message: OutboxMessage }> {
    return this.#messages.send(this.#actor(id), request);
  }

  settled(id: string, messageId: string, waitMs: number, signal: AbortSignal): Promise<OutboxMessage> {
    return this.#messages.settled(this.#actor(id).id, messageId, waitMs, signal);
  }

  cancelMessage(id: string, messageId: string): OutboxMessage {
    return this.#messages.cancel(this.#actor(id), messageId);
  }

  message(id: string, messageId: string): OutboxMessage {
    return this.#messages.get(this.#actor(id).id, messageId);
  }

  messages(id: string, options: Parameters<Fleet['messages']>[1]): Page<OutboxMessage> {
    return this.#messages.list(this.#actor(id).id, options);
  }

  inbox(id: string, options: { after: number; limit: number }): Page<IncomingMessage> {
    const rows = this.#deps.inbox.list(this.#actor(id).id, options);
    const items = rows.map(({ message }) => message);
    const last = rows.length === options.limit ? rows.at(-1) : undefined;
    return last ? { items, next: String(last.seq) } : { items };
  }

  incidents(options: { open?: boolean; after: number; limit: number }): Page<IncidentView> {
    return this.#deps.incidents.list(options);
  }

  stats(): FleetStats {
    const { statistics, supervisor, clock, measureMemory, availableMemoryBytes } = this.#deps;
    const moment = { now: clock.now(), restoring: supervisor.restoring };
    return statistics.summary(supervisor.actors.values(), { ...moment, measureMemory, availableMemoryBytes });
  }

  isReady(): boolean {
    return this.#deps.supervisor.isRunning;
  }

  #actor(id: string): SessionActor {
    const actor = this.#deps.supervisor.actors.get(id);
    if (actor && !this.#removing.has(id)) return actor;
    throw new DomainError('session_not_found', `There is no session "${id}".`, { sessionId: id });
  }

  /** A login that was to go and is still there must not be reported as gone. */
  async #requireDiscarded(id: string): Promise<void> {
    if (!(await this.#deps.profiles.hasCredentials(id))) return;
    const detail =
      'The session is stopped, but its profile could not be moved away; the log says why. Try again after mending it.';
    throw new DomainError('discard_failed', detail, { sessionId: id });
  }

  #view(actor: SessionActor): SessionView {
    const { clock, config, measureMemory } = this.#deps;
    return sessionView(actor, { now: clock.now(), maxAttempts: config.backoff.maxAttempts, measureMemory });
  }

  #connectedClient(actor: SessionActor): WhatsAppClient {
    const { client } = actor.browser;
    if (actor.state.status === 'connected' && client) return client;
    const { state } = actor;
    const words = `The session is ${state.status}: ${describeState(state, this.#deps.clock.now())}`;
    if (isAsleep(state)) actor.dispatch({ type: 'wanted' });
    const detail = isAsleep(state) ? `${words} It is being woken: try again in a moment.` : words;
    throw new DomainError('not_connected', detail, { sessionId: actor.id });
  }

  /** A call into the page: what it fails with reaches the caller as an error of the catalogue. */
  async #ask<T>(sessionId: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (cause) {
      if (!(cause instanceof ClientError)) throw cause;
      throw new DomainError('client_failed', cause.message, { sessionId, cause });
    }
  }
}
