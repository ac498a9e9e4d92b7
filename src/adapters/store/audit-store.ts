import type { Selectable } from 'kysely';
import { z } from 'zod';
import { type AuditEntry, type AuditStore, KEY_ROLES } from '../../domain/access-ports.js';
import type { Database } from './database.js';
import type { AuditTable } from './schema.js';

const roleSchema = z.enum(KEY_ROLES);

function toEntry(row: Selectable<AuditTable>): AuditEntry {
  return {
    seq: row.seq,
    at: row.at,
    keyId: row.key_id,
    keyName: row.key_name,
    role: roleSchema.parse(row.role),
    action: row.action,
    sessionId: row.session_id,
    targetId: row.target_id,
    status: row.status,
    ip: row.ip,
  };
}

/** Who changed what, in the database. */
export function createAuditStore(database: Database): AuditStore {
  const { query } = database;
  return {
    append({ at, keyId, keyName, role, action, sessionId, targetId, status, ip }) {
      const row = {
        ...{ at, role, action, status, ip },
        key_id: keyId,
        key_name: keyName,
        session_id: sessionId,
        target_id: targetId,
      };
      database.run(query.insertInto('audit').values(row));
    },
    list({ sessionId, keyId, after, limit }) {
      let rows = query.selectFrom('audit').selectAll();
      if (sessionId !== undefined) rows = rows.where('session_id', '=', sessionId);
      if (keyId !== undefined) rows = rows.where('key_id', '=', keyId);
      if (after > 0) rows = rows.where('seq', '<', after);
      return database.all(rows.orderBy('seq', 'desc').limit(limit)).map(toEntry);
    },
    prune(at) {
      database.run(query.deleteFrom('audit').where('at', '<', at));
    },
  };
}
