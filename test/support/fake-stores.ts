import type { Incident } from '../../src/domain/incident.js';
import type { IncomingMessage, OutboxMessage } from '../../src/domain/message.js';
import type {
  InboxStore,
  IncidentStore,
  OutboxStore,
  SessionRecord,
  SessionStore,
  TimelineEntry,
  TimelineStore,
} from '../../src/domain/store-ports.js';

/** Thrown by a store whose `broken` is set. */
const full = () => new Error('SQLITE_FULL: database or disk is full');

/** Sessions in memory. */
export class FakeSessionStore implements SessionStore {
  broken = false;
  readonly #records = new Map<string, SessionRecord>();

  all(): SessionRecord[] {
    return structuredClone([...this.#records.values()]);
  }

  insert(record: SessionRecord): boolean {
    this.#write();
    if (this.#records.has(record.id)) return false;
    this.#keep(record);
    return true;
  }

  saveState(id: string, state: SessionRecord['state'], facts: SessionRecord['facts']): void {
    this.#write();
    const record = this.#records.get(id);
    if (record) this.#keep({ ...record, state, facts });
  }

  saveSettings(id: string, settings: Pick<SessionRecord, 'label' | 'webhook' | 'proxy'>): void {
    this.#write();
    const record = this.#records.get(id);
    if (record) this.#keep({ ...record, ...settings });
  }

  remove(id: string): void {
    this.#write();
    this.#records.delete(id);
  }

  #write(): void {
    if (this.broken) throw full();
  }

  #keep(record: SessionRecord): void {
    const { state } = record;
    const hidden = state.status === 'qr_pending' ? { ...state, qr: { ...state.qr, text: '', next: null } } : state;
    this.#records.set(record.id, structuredClone({ ...record, state: hidden }));
  }
}

const KEPT_PER_SESSION = 2000;

/** Timelines in memory. */
export class FakeTimelineStore implements TimelineStore {
  broken = false;
  readonly #entries = new Map<string, TimelineEntry[]>();

  append(entry: Omit<TimelineEntry, 'seq'>): TimelineEntry {
    if (this.broken) throw full();
    const entries = this.#entries.get(entry.sessionId) ?? [];
    const numbered = { ...entry, seq: (entries.at(-1)?.seq ?? 0) + 1 };
    this.#entries.set(entry.sessionId, [...entries.slice(1 - KEPT_PER_SESSION), numbered]);
    return numbered;
  }

  list(sessionId: string, { after, limit }: { after: number; limit: number }): TimelineEntry[] {
    return (this.#entries.get(sessionId) ?? []).filter(({ seq }) => seq > after).slice(0, limit);
  }
}

/** Messages to send, in memory. */
export class FakeOutboxStore implements OutboxStore {
  broken = false;
  readonly #messages = new Map<string, OutboxMessage>();

  accept(message: Parameters<OutboxStore['accept']>[0]): { created: boolean; message: OutboxMessage } {
    this.#touch();
    const own = this.#of(message.sessionId);
    const known = own.find(({ idempotencyKey: key }) => key !== null && key === message.idempotencyKey);
    if (known) return { created: false, message: known };
    const accepted: OutboxMessage = {
      ...message,
      seq: own.length + 1,
      status: 'queued',
      failureCode: null,
      waMessageId: null,
      ack: 0,
      attemptStartedAt: null,
      attempts: 0,
      updatedAt: message.createdAt,
    };
    this.#messages.set(message.id, accepted);
    return { created: true, message: accepted };
  }

  get(sessionId: string, id: string): OutboxMessage | null {
    this.#touch();
    const message = this.#messages.get(id);
    return message?.sessionId === sessionId ? message : null;
  }

  byId(id: string): OutboxMessage | null {
    return this.#messages.get(id) ?? null;
  }

  list(sessionId: string, { status, after, limit }: Parameters<OutboxStore['list']>[1]): OutboxMessage[] {
    return this.#of(sessionId)
      .filter((message) => message.seq > after && (status === undefined || message.status === status))
      .slice(0, limit);
  }

  pending(sessionId: string): OutboxMessage[] {
    this.#touch();
    return this.#of(sessionId).filter(({ status }) => status === 'queued' || status === 'sending');
  }

  byWaMessageId(sessionId: string, waMessageId: string): OutboxMessage | null {
    this.#touch();
    return this.#of(sessionId).find((message) => message.waMessageId === waMessageId) ?? null;
  }

  knownWaMessageIds(sessionId: string, waMessageIds: string[]): Set<string> {
    const known = new Set(this.#of(sessionId).map(({ waMessageId }) => waMessageId));
    return new Set(waMessageIds.filter((id) => known.has(id)));
  }

  update(id: string, change: Parameters<OutboxStore['update']>[1], at: number): OutboxMessage {
    this.#touch();
    const message = this.#messages.get(id);
    if (!message) throw new Error(`The message ${id} is not in the outbox.`);
    const updated = { ...message, ...change, updatedAt: at };
    this.#messages.set(id, updated);
    return updated;
  }

  #touch(): void {
    if (this.broken) throw full();
  }

  #of(sessionId: string): OutboxMessage[] {
    return [...this.#messages.values()].filter((message) => message.sessionId === sessionId);
  }
}

const DAY_MS = 86_400_000;
type Row = { sessionId: string; seq: number; message: IncomingMessage; at: number; blank: boolean };

/** Received messages in memory; their ids outlive them by a day, so that a catch-up does not take them anew. */
export class FakeInboxStore implements InboxStore {
  broken = false;
  readonly #newest = new Map<string, { timestamp: number; seq: number }>();
  #rows: Row[] = [];

  insert(sessionId: string, message: IncomingMessage, at: number): boolean {
    if (this.broken) throw full();
    if (this.#rows.some((row) => row.sessionId === sessionId && row.message.id === message.id)) return false;
    const newest = this.#newest.get(sessionId);
    const seq = (newest?.seq ?? 0) + 1;
    this.#newest.set(sessionId, { seq, timestamp: Math.max(newest?.timestamp ?? 0, message.timestamp) });
    this.#rows.push({ sessionId, seq, message, at, blank: false });
    return true;
  }

  list(sessionId: string, { after, limit }: { after: number; limit: number }) {
    return this.#rows
      .filter((row) => row.sessionId === sessionId && row.seq > after && !row.blank)
      .slice(0, limit)
      .map(({ seq, message }) => ({ seq, message }));
  }

  newestTimestamp(sessionId: string): number | null {
    return this.#newest.get(sessionId)?.timestamp ?? null;
  }

  prune(at: number): number {
    if (this.broken) throw full();
    const blanked = this.#rows.filter((row) => row.at < at && !row.blank);
    for (const row of blanked) row.blank = true;
    const horizon = ({ sessionId }: Row) => (this.newestTimestamp(sessionId) ?? 0) - DAY_MS;
    this.#rows = this.#rows.filter((row) => row.at >= at || row.message.timestamp >= horizon(row));
    return blanked.length;
  }
}

/** Incidents in memory. */
export class FakeIncidentStore implements IncidentStore {
  broken = false;
  #rows: { seq: number; incident: Incident }[] = [];

  save(incident: Incident): void {
    if (this.broken) throw full();
    const known = this.#rows.find((row) => row.incident.id === incident.id);
    if (known) known.incident = incident;
    else this.#rows.unshift({ seq: (this.#rows[0]?.seq ?? 0) + 1, incident });
  }

  list({ open, after, limit }: Parameters<IncidentStore['list']>[0]) {
    if (this.broken) throw full();
    return this.#rows
      .filter(({ seq }) => after === 0 || seq < after)
      .filter(({ incident }) => open === undefined || open === (incident.closedAt === null))
      .slice(0, limit);
  }

  prune(at: number): number {
    if (this.broken) throw full();
    const before = this.#rows.length;
    this.#rows = this.#rows.filter(({ incident: { closedAt } }) => closedAt === null || closedAt >= at);
    return before - this.#rows.length;
  }
}
