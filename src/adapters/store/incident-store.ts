import { z } from 'zod';
import { INCIDENT_KINDS, type Incident } from '../../domain/incident.js';
import { REASONS, type Reason } from '../../domain/reason.js';
import type { IncidentStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';
import type { IncidentTable } from './schema.js';

const kindSchema = z.enum(INCIDENT_KINDS);
const reasonSchema = z.enum(Object.keys(REASONS) as [Reason, ...Reason[]]);
const sessionIdsSchema = z.array(z.string());

function toIncident(row: IncidentTable): Incident {
  return {
    id: row.id,
    kind: kindSchema.parse(row.kind),
    key: row.key,
    reason: reasonSchema.parse(row.reason),
    openedAt: row.opened_at,
    closedAt: row.closed_at,
    sessionIds: sessionIdsSchema.parse(JSON.parse(row.session_ids)),
    message: row.message,
  };
}

/** Incidents in the database. They outlive the sessions that they name. */
export function createIncidentStore(database: Database): IncidentStore {
  const { query } = database;
  return {
    save({ id, kind, key, reason, openedAt, closedAt, sessionIds, message }) {
      const columns = {
        ...{ kind, key, reason, message },
        opened_at: openedAt,
        closed_at: closedAt,
        session_ids: JSON.stringify(sessionIds),
      };
      database.transaction(() => {
        if (database.run(query.updateTable('incident').set(columns).where('id', '=', id)) > 0) return;
        const newest = database.first(query.selectFrom('incident').select('seq').orderBy('seq', 'desc').limit(1));
        database.run(query.insertInto('incident').values({ id, seq: (newest?.seq ?? 0) + 1, ...columns }));
      });
    },
    list({ open, after, limit }) {
      let rows = query.selectFrom('incident').selectAll();
      if (open !== undefined) rows = rows.where('closed_at', open ? 'is' : 'is not', null);
      if (after > 0) rows = rows.where('seq', '<', after);
      const newestFirst = database.all(rows.orderBy('seq', 'desc').limit(limit));
      return newestFirst.map((row) => ({ seq: row.seq, incident: toIncident(row) }));
    },
    prune(at) {
      return database.run(query.deleteFrom('incident').where('closed_at', '<', at));
    },
  };
}
