import { z } from 'zod';
import type { TimelineStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';
import type { EventTable } from './schema.js';

const KEPT_PER_SESSION = 2_000;
/** Old entries go in bunches: a delete per entry would double the writes of every event. */
const PRUNE_EVERY = 100;

const dataSchema = z.record(z.string(), z.unknown());

/** Timelines in the database; of each session the newest 2,000 entries (and up to 99 more) are kept. */
export function createTimelineStore(database: Database): TimelineStore {
  const { query } = database;
  const session = database.prepare(({ sessionId }: { sessionId: string }) =>
    query.selectFrom('session').select('id').where('id', '=', sessionId),
  );
  const newest = database.prepare(({ sessionId }: { sessionId: string }) =>
    query.selectFrom('event').select('seq').where('session_id', '=', sessionId).orderBy('seq', 'desc').limit(1),
  );
  const insert = database.prepare((row: EventTable) => query.insertInto('event').values(row));
  return {
    append(entry) {
      return database.lazily(() => {
        const { sessionId, at, event, message, data } = entry;
        // A last word about a session that was just removed has nowhere to stand; it is in the log.
        if (!session.first({ sessionId })) return { ...entry, seq: 0 };
        const seq = (newest.first({ sessionId })?.seq ?? 0) + 1;
        insert.run({ session_id: sessionId, seq, at, event, message, data: JSON.stringify(data) });
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
    list(sessionId, { after, limit, events }) {
      const rows = database.all(
        query
          .selectFrom('event')
          .selectAll()
          .where('session_id', '=', sessionId)
          .where('seq', '>', after)
          .$if(events !== undefined, (picked) => picked.where('event', 'in', events ?? []))
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
