import { sql } from 'kysely';
import type { Backlog, BacklogStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';

/** How much waits in the database. Indexes answer it, however much there is that no longer waits. */
export function createBacklogStore(database: Database): BacklogStore {
  const { query } = database;
  const backlog = (table: 'outbox' | 'delivery', state: string): Backlog => {
    const waiting = query
      .selectFrom(table)
      .select(({ fn }) => [fn.countAll<number>().as('count'), fn.min<number | null>('created_at').as('oldest_at')])
      // As text: only so does SQLite see which index is enough.
      .where('state', '=', sql.lit(state));
    // Of what is under way no index is kept across sessions: it changes with every message, and few are.
    const ofSessions = waiting.where('session_id', 'in', query.selectFrom('session').select('id'));
    const row = database.first(state === 'sending' ? ofSessions : waiting);
    return { state, count: row?.count ?? 0, oldestAt: row?.oldest_at ?? null };
  };
  return {
    outbox: () => [backlog('outbox', 'queued'), backlog('outbox', 'sending')],
    deliveries: () => [backlog('delivery', 'queued'), backlog('delivery', 'dead')],
  };
}
