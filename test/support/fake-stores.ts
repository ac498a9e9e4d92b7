import type { Incident } from '../../src/domain/incident.js';
import type {
  IncidentStore,
  SessionRecord,
  SessionStore,
  TimelineEntry,
  TimelineStore,
} from '../../src/domain/store-ports.js';

/** Thrown by a store whose `broken` is set. */
export const full = () => new Error('SQLITE_FULL: database or disk is full');

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

  saveFacts(factsById: ReadonlyMap<string, SessionRecord['facts']>): void {
    this.#write();
    for (const [id, facts] of factsById) {
      const record = this.#records.get(id);
      if (record) this.#keep({ ...record, facts });
    }
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

  list(sessionId: string, { after, limit, events }: Parameters<TimelineStore['list']>[1]): TimelineEntry[] {
    return (this.#entries.get(sessionId) ?? [])
      .filter(({ seq, event }) => seq > after && (events?.includes(event) ?? true))
      .slice(0, limit);
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
