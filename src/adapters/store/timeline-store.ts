import { z } from 'zod';
import type { TimelineStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';

const KEPT_PER_SESSION = 2_000;
/** Old entries go in bunches: a delete per entry would double the writes of every event. */
const PRUNE_EVERY = 100;

const dataSchema = z.record(z.string(), z.unknown());

/** Timelines in the database; of each session the newest 2,000 entries (and up to 99 more) are kept. */
export function createTimelineStore(database: Database): TimelineStore {
  const { query } = database;
  return {
    append(entry) {
      return database.transaction(() => {
        const { sessionId, at, event, message, data } = entry;
        const session = database.first(query.selectFrom('session').select('id').where('id', '=', sessionId));
        // A last word about a session that was just removed has nowhere to stand; it is in the log.
        if (!session) return { ...entry, seq: 0 };
        const newest = database.first(
          query.selectFrom('event').select('seq').where('session_id', '=', sessionId).orderBy('seq', 'desc').limit(1),
        );
        const seq = (newest?.seq ?? 0) + 1;
        const row = { session_id: sessionId, seq, at, event, message, data: JSON.stringify(data) };
        database.run(query.insertInto('event').values(row));
        if (seq % PRUNE_EVERY === 0) {
          database.run(
            query
              .deleteFrom('event')
              .where('session_id', '=', sessionId)
              .where('seq', '<=', seq - KEPT_PER_SESSION),
          );
        }
        return { ...entry, seq };
      });
    },
    list(sessionId, { after, limit }) {
      const rows = database.all(
        query
          .selectFrom('event')
          .selectAll()
          .where('session_id', '=', sessionId)
          .where('seq', '>', after)
          .orderBy('seq')
          .limit(limit),
      );
      return rows.map((row) => ({
        seq: row.seq,
        sessionId: row.session_id,
        at: row.at,
        event: row.event,
        message: row.message,
        data: dataSchema.parse(JSON.parse(row.data)),
      }));
    },
  };
}
