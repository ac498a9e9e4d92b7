import type { BusEvent } from '../domain/bus-event.js';
import type { AvailableMemory, MeasureMemory } from '../domain/ports.js';
import { progressWords, type RestoreProgress } from '../domain/restore-progress.js';
import { STATUSES, type Status } from '../domain/session-state.js';
import { timeToRecover } from '../domain/uptime.js';
import type { SessionActor } from '../session/actor.js';
import type { FleetStats } from './facade.js';

const RECOVERIES_KEPT = 1000;
const DAY_MS = 24 * 60 * 60_000;
/** Sessions with this many consecutive auth failures are one step from losing their credentials. */
const FAILURE_WARNING = 2;

/** What the figures of a moment are taken from, beside the sessions. */
interface Moment {
  now: number;
  measureMemory: MeasureMemory;
  availableMemoryBytes: AvailableMemory;
  restoring: RestoreProgress | null;
}

/** Counts what the fleet goes through since the start of the service. */
export class FleetStatistics {
  readonly #startedAt: number;
  readonly #recoveriesMs: number[] = [];

  constructor(now: number) {
    this.#startedAt = now;
  }

  /** Listener for the event bus. */
  readonly observe = (event: BusEvent): void => {
    if (event.type !== 'state' || event.after.status !== 'connected' || event.before.status === 'connected') return;
    if (event.after.healed === null) return;
    this.#recoveriesMs.push(event.after.healed.tookMs);
    if (this.#recoveriesMs.length > RECOVERIES_KEPT) this.#recoveriesMs.shift();
  };

  /** The figures of this moment. */
  summary(
    sessions: Iterable<SessionActor>,
    { now, measureMemory, availableMemoryBytes, restoring }: Moment,
  ): FleetStats {
    const actors = [...sessions];
    const states = actors.map((actor) => actor.state);
    const browsers = actors.flatMap(({ browser }) => browser.client?.browser() ?? []);
    const byStatus = Object.fromEntries(STATUSES.map((status) => [status, 0])) as Record<Status, number>;
    for (const { status } of states) byStatus[status] += 1;
    const failures = states.map((state) => state.credentials.failures);
    return {
      sessions: states.length,
      byStatus,
      uptimeSeconds: Math.floor((now - this.#startedAt) / 1000),
      restoring: restoring && {
        connected: restoring.connected,
        of: restoring.of,
        remainingSeconds: restoring.remainingMs === null ? null : Math.ceil(restoring.remainingMs / 1000),
        message: progressWords(restoring),
      },
      timeToRecoverMs: timeToRecover(this.#recoveriesMs),
      failures: {
        mean: failures.length === 0 ? 0 : failures.reduce((sum, count) => sum + count, 0) / failures.length,
        atThreshold: failures.filter((count) => count >= FAILURE_WARNING).length,
        last24Hours: states.filter(({ credentials }) => (credentials.lastFailureAt ?? 0) > now - DAY_MS).length,
      },
      memory: {
        availableBytes: availableMemoryBytes(),
        browsersBytes: browsers.reduce((sum, { pid }) => sum + measureMemory(pid), 0),
      },
    };
  }
}
