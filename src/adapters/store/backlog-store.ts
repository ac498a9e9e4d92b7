import type { Backlog, BacklogStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';

/** How much waits in the database. Indexes answer it, however much there is that no longer waits. */
export function createBacklogStore(database: Database): BacklogStore {
  const { query } = database;
  const backlog = (table: 'outbox' | 'delivery', states: readonly string[]): Backlog[] => {
    const rows = database.all(
      query
        .selectFrom(table)
        .select(({ fn }) => ['state', fn.countAll<number>().as('count'), fn.min<number>('created_at').as('oldest_at')])
        .where('state', 'in', states)
        .groupBy('state'),
    );
    return states.map((state) => {
      const row = rows.find((candidate) => candidate.state === state);
      return { state, count: row?.count ?? 0, oldestAt: row?.oldest_at ?? null };
    });
  };
  return {
    outbox: () => backlog('outbox', ['queued', 'sending']),
    deliveries: () => backlog('delivery', ['queued', 'dead']),
  };
}
