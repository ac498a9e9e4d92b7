import type { BusEvent } from '../domain/bus-event.js';
import { INCIDENT_KINDS, lossOf } from '../domain/incident.js';
import type { OutboxMessage } from '../domain/message.js';
import type { Gauges, Meters } from '../domain/metric.js';
import type { Clock, MeasureMemory } from '../domain/ports.js';
import { sessionGauges } from '../domain/session-gauges.js';
import type { SessionState } from '../domain/session-state.js';
import type { Backlog, BacklogStore, IncidentStore } from '../domain/store-ports.js';
import type { SessionActor } from '../session/actor.js';
import type { Fleet } from './facade.js';

/** More incidents than that are not counted. */
const MOST_OPEN = 1_000;

interface FleetMetricsOptions {
  meters: Meters;
  fleet: Pick<Fleet, 'stats' | 'isReady'>;
  actors: () => ReadonlyMap<string, SessionActor>;
  backlog: BacklogStore;
  incidents: IncidentStore;
  measureMemory: MeasureMemory;
  clock: Clock;
  version: string;
}

/** Counts what happens in the house, and looks around in it when it is asked for its figures. */
export class FleetMetrics {
  readonly #options: FleetMetricsOptions;
  /** Messages that are on their way: each is counted once, whatever else becomes of it. */
  readonly #sending = new Set<string>();

  constructor(options: FleetMetricsOptions) {
    this.#options = options;
  }

  /** Listener for the event bus. */
  readonly observe = (event: BusEvent): void => {
    const { meters } = this.#options;
    if (event.type === 'state') this.#observeState(event.before, event.after);
    else if (event.type === 'probe') meters.observe('wakeful_probe_seconds', event.latencyMs / 1_000);
    else if (event.type === 'message') meters.count('wakeful_messages_received_total', {});
    else if (event.type === 'outbox') this.#observeOutbox(event.message);
  };

  /** All figures of this moment, as Prometheus reads them. */
  page(): Promise<string> {
    return this.#options.meters.page(this.#gauges());
  }

  #observeState(before: SessionState, after: SessionState): void {
    const { meters } = this.#options;
    const reason = lossOf(before, after);
    if (reason !== null) meters.count('wakeful_losses_total', { reason });
    if (after.attempt > before.attempt) meters.count('wakeful_attempts_total', {});
    if (after.status !== 'connected' || before.status === 'connected' || after.healed === null) return;
    const { rung, tookMs } = after.healed;
    meters.count('wakeful_recoveries_total', { rung, reason: after.healed.reason });
    meters.observe('wakeful_time_to_recover_seconds', tookMs / 1_000);
  }

  #observeOutbox({ id, status, ack, failureCode }: OutboxMessage): void {
    const { meters } = this.#options;
    if (status === 'queued' || status === 'sending') {
      this.#sending.add(id);
      return;
    }
    const isFirst = this.#sending.delete(id);
    if (status === 'failed' || status === 'uncertain') {
      meters.count('wakeful_messages_failed_total', { code: failureCode ?? status });
    } else if (isFirst || ack === 1) {
      // An earlier run of the service may have handed it over; then the server's own receipt is the first that is heard.
      meters.count('wakeful_messages_sent_total', {});
    }
  }

  #gauges(): Gauges {
    const { fleet, actors, backlog, incidents, measureMemory, clock, version } = this.#options;
    const now = clock.now();
    const { failures, memory } = fleet.stats();
    const sessions = [...actors().values()].map(({ id, state, record, browser }) => {
      const process = browser.client?.browser() ?? null;
      const { lastActivityAt } = record.facts;
      return { id, state, lastActivityAt, memoryBytes: process && measureMemory(process.pid) };
    });
    const [outbox, deliveries] = [backlog.outbox(), backlog.deliveries()];
    const one = (value: number) => [{ labels: {}, value }];
    return {
      ...sessionGauges(sessions, now),
      wakeful_info: [{ labels: { version }, value: 1 }],
      wakeful_ready: one(Number(fleet.isReady())),
      wakeful_login_failures_mean: one(failures.mean),
      wakeful_login_failures_at_threshold: one(failures.atThreshold),
      wakeful_login_failures_last_day: one(failures.last24Hours),
      wakeful_outbox_messages: outbox.map(toCount),
      wakeful_outbox_oldest_seconds: outbox.map((waiting) => toAge(waiting, now)),
      wakeful_webhook_deliveries: deliveries.map(toCount),
      wakeful_webhook_oldest_seconds: deliveries.map((waiting) => toAge(waiting, now)),
      wakeful_incidents_open: countIncidents(incidents),
      wakeful_memory_available_bytes: memory.availableBytes === null ? [] : one(memory.availableBytes),
    };
  }
}

const toCount = ({ state, count }: Backlog) => ({ labels: { state }, value: count });

const toAge = ({ state, oldestAt }: Backlog, now: number) => ({
  labels: { state },
  value: oldestAt === null ? 0 : Math.max(0, now - oldestAt) / 1_000,
});

/** Every kind, also those of which none is open: an alert on a figure that comes and goes is easily missed. */
function countIncidents(store: IncidentStore): Gauges['wakeful_incidents_open'] {
  const open = store.list({ open: true, after: 0, limit: MOST_OPEN });
  return INCIDENT_KINDS.map((kind) => ({
    labels: { kind },
    value: open.filter(({ incident }) => incident.kind === kind).length,
  }));
}
