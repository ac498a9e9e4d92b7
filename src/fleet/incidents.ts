import { randomUUID } from 'node:crypto';
import type { Config } from '../config.js';
import type { BusEvent, Publish } from '../domain/bus-event.js';
import { type IncidentDesk, type IncidentOpening, type KnownKind, lossOf, standingOf } from '../domain/incident.js';
import {
  afterCause,
  afterJoin,
  afterLook,
  afterLoss,
  afterReport,
  type IncidentContext,
  type IncidentNews,
  type LedgerStep,
  takenUp,
} from '../domain/incident-ledger.js';
import type { Clock, Logger } from '../domain/ports.js';
import type { IncidentStore, Page, TimelineStore } from '../domain/store-ports.js';
import type { IncidentView } from './facade.js';
import { incidentView } from './incident-view.js';
import type { Supervisor } from './supervisor.js';

const LOOK_MS = 60_000;
const DAY_MS = 24 * 60 * 60_000;
/** More cannot be open at the same time: each has a way out, a version or a reason of its own. */
const MOST_OPEN = 1_000;

interface IncidentsOptions {
  clock: Clock;
  logger: Logger;
  publish: Publish;
  store: IncidentStore;
  timeline: TimelineStore;
  settings: Config['incidents'];
  supervisor: () => Pick<Supervisor, 'actors' | 'isRunning'>;
}

/** Makes one incident of what befalls many sessions: keeps those that are open, stores and tells what becomes of them. */
export class Incidents implements IncidentDesk {
  readonly #options: IncidentsOptions;
  #ledger = takenUp([]);
  #cancelLook: (() => void) | null = null;

  constructor(options: IncidentsOptions) {
    this.#options = options;
  }

  /** Takes up what an earlier run left open; before the sessions are restored. */
  start(): void {
    const { store, clock } = this.#options;
    this.#guard(() => {
      const left = store.list({ open: true, after: 0, limit: MOST_OPEN });
      this.#ledger = takenUp(left.map(({ incident }) => incident));
    });
    this.#prune();
    this.#scheduleLook(clock.now());
  }

  stop(): void {
    this.#cancelLook?.();
  }

  /**
   * Listener for the event bus, behind those who report causes: what they explain is no outage. While the fleet starts
   * or stops, the states of its sessions say nothing.
   */
  readonly observe = (event: BusEvent): void => {
    if (event.type !== 'state' || !this.#options.supervisor().isRunning) return;
    const { sessionId, before, after } = event;
    const reason = lossOf(before, after);
    if (reason !== null) this.#tell(afterLoss(this.#ledger, { sessionId, reason }, this.#context()));
    if (before.status !== after.status || before.reason !== after.reason) this.#look();
  };

  open(kind: KnownKind, opening: IncidentOpening): void {
    this.#tell(afterReport(this.#ledger, kind, opening, this.#context()));
  }

  join(kind: KnownKind, key: string, sessionIds: readonly string[]): void {
    this.#tell(afterJoin(this.#ledger, kind, key, sessionIds, this.#context()));
  }

  close(kind: KnownKind, key: string, words: string): void {
    this.#tell(afterCause(this.#ledger, kind, key, words, this.#context()));
  }

  /** Newest first, those behind `after`. */
  list({ limit, ...which }: { open?: boolean; after: number; limit: number }): Page<IncidentView> {
    const read = this.#options.store.list({ ...which, limit: limit + 1 });
    const rows = read.slice(0, limit);
    const items = rows.map(({ incident }) => incidentView(incident));
    const last = read.length > limit ? rows.at(-1) : undefined;
    return last ? { items, next: String(last.seq) } : { items };
  }

  #context(): IncidentContext {
    const { clock, settings, supervisor } = this.#options;
    const { actors } = supervisor();
    return {
      now: clock.now(),
      newId: `inc_${randomUUID()}`,
      standingOf: (id) => standingOf(actors.get(id)?.state),
      policy: settings,
    };
  }

  #look(): void {
    this.#tell(afterLook(this.#ledger, this.#context()));
  }

  #scheduleLook(prunedAt: number): void {
    const { clock, supervisor } = this.#options;
    this.#cancelLook = clock.schedule(LOOK_MS, () => {
      const pruneIsDue = clock.now() - prunedAt > DAY_MS;
      this.#scheduleLook(pruneIsDue ? clock.now() : prunedAt);
      if (supervisor().isRunning) this.#look();
      if (pruneIsDue) this.#prune();
    });
  }

  #prune(): void {
    const { store, clock, settings } = this.#options;
    this.#guard(() => store.prune(clock.now() - settings.keepDays * DAY_MS));
  }

  #tell({ ledger, news }: LedgerStep): void {
    // First of all: whoever hears the news may have something to report.
    this.#ledger = ledger;
    for (const item of news) {
      this.#guard(() => this.#options.store.save(item.incident));
      this.#log(item);
      for (const sessionId of item.newcomers) this.#note(sessionId, item);
      this.#options.publish({ type: 'incident', incident: item.incident, change: item.change });
    }
  }

  #log({ incident, change }: IncidentNews): void {
    const { id, kind, reason, sessionIds, openedAt, closedAt, message } = incident;
    const fields = { incidentId: id, kind, reason, count: sessionIds.length };
    if (change === 'opened') this.#options.logger.warn('incident.opened', message, fields);
    if (closedAt === null) return;
    this.#options.logger.info('incident.closed', message, { ...fields, durationMs: closedAt - openedAt });
  }

  /** The timeline of a session says which incident it was part of; that it is back it says by itself. */
  #note(sessionId: string, { incident: { id, kind, reason, message } }: IncidentNews): void {
    const { timeline, clock, publish } = this.#options;
    const data = { incidentId: id, kind, reason };
    this.#guard(() => {
      const entry = timeline.append({ sessionId, at: clock.now(), event: 'incident.opened', message, data });
      publish({ type: 'timeline', entry });
    });
  }

  /** A database that fails here must not keep anybody from healing a session. */
  #guard(ask: () => void): void {
    try {
      ask();
    } catch (error) {
      this.#options.logger.error('service.unhandled', `Incidents could not be stored or read: ${String(error)}`);
    }
  }
}
