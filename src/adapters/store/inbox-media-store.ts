import type { Selectable } from 'kysely';
import { z } from 'zod';
import { type InboxMedia, MEDIA_FAILURES } from '../../domain/received-media.js';
import type { InboxMediaStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';
import type { InboxMediaTable } from './schema.js';

const stateSchema = z.enum(['waiting', 'kept', 'failed']);
const failureSchema = z.enum(MEDIA_FAILURES).nullable();

function toMedia(row: Selectable<InboxMediaTable>): InboxMedia {
  return {
    id: row.id,
    sessionId: row.session_id,
    waMessageId: row.wa_message_id,
    mimeType: row.mime_type,
    fileName: row.file_name,
    sizeBytes: row.size_bytes,
    state: stateSchema.parse(row.state),
    failure: failureSchema.parse(row.failure),
    attempts: row.attempts,
    dueAt: row.due_at,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
  };
}

type Change = Parameters<InboxMediaStore['update']>[1];

/** The columns of a change; what it leaves out stays as it is. */
function toColumns(change: Change): Partial<InboxMediaTable> {
  const columns: Partial<InboxMediaTable> = {};
  if (change.state !== undefined) columns.state = change.state;
  if (change.failure !== undefined) columns.failure = change.failure;
  if (change.attempts !== undefined) columns.attempts = change.attempts;
  if (change.dueAt !== undefined) columns.due_at = change.dueAt;
  if (change.sizeBytes !== undefined) columns.size_bytes = change.sizeBytes;
  return columns;
}

/** What is known of files that came with messages, in the database. */
export function createInboxMediaStore(database: Database): InboxMediaStore {
  const { query } = database;
  const all = query.selectFrom('inbox_media').selectAll();

  return {
    get(id) {
      const row = database.first(all.where('id', '=', id));
      return row ? toMedia(row) : null;
    },
    nextWaiting(sessionId) {
      const waiting = all.where('session_id', '=', sessionId).where('state', '=', 'waiting');
      const row = database.first(waiting.orderBy('due_at').orderBy('created_at').limit(1));
      return row ? toMedia(row) : null;
    },
    update(id, change) {
      database.run(query.updateTable('inbox_media').set(toColumns(change)).where('id', '=', id));
    },
    evict(maxTotalBytes) {
      return database.transaction(() => {
        const kept = query.selectFrom('inbox_media').where('state', '=', 'kept');
        const sum = database.first(kept.select(({ fn }) => fn.sum<number | null>('size_bytes').as('bytes')));
        let bytes = sum?.bytes ?? 0;
        const evicted: string[] = [];
        while (bytes > maxTotalBytes) {
          const oldest = database.first(kept.select(['id', 'size_bytes']).orderBy('created_at').orderBy('id').limit(1));
          if (!oldest) break;
          const columns = { state: 'failed', failure: 'media_evicted' };
          database.run(query.updateTable('inbox_media').set(columns).where('id', '=', oldest.id));
          bytes -= oldest.size_bytes;
          evicted.push(oldest.id);
        }
        return evicted;
      });
    },
    removeExpired(now) {
      const expired = query.deleteFrom('inbox_media').where('expires_at', '<=', now).returning('id');
      return database.all(expired).map(({ id }) => id);
    },
  };
}
