import type { Selectable } from 'kysely';
import { z } from 'zod';
import { OUTBOX_STATUSES, type OutboxMessage } from '../../domain/message.js';
import type { OutboxStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';
import type { OutboxTable } from './schema.js';

const statusSchema = z.enum(OUTBOX_STATUSES);
/** SQLite takes 32,766 parameters in a statement, older builds 999. */
const IDS_PER_QUERY = 500;

function toMessage(row: Selectable<OutboxTable>): OutboxMessage {
  return {
    id: row.id,
    sessionId: row.session_id,
    seq: row.seq,
    idempotencyKey: row.idempotency_key,
    contentHash: row.content_hash,
    to: row.recipient,
    text: row.body,
    status: statusSchema.parse(row.state),
    failureCode: row.failure_code,
    waMessageId: row.wa_message_id,
    ack: row.ack,
    attemptStartedAt: row.attempt_started_at,
    attempts: row.attempts,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

type Change = Parameters<OutboxStore['update']>[1];

/** The columns of a change; what it leaves out stays as it is. */
function toColumns(change: Change): Partial<OutboxTable> {
  const columns: Partial<OutboxTable> = {};
  if (change.status !== undefined) columns.state = change.status;
  if (change.failureCode !== undefined) columns.failure_code = change.failureCode;
  if (change.waMessageId !== undefined) columns.wa_message_id = change.waMessageId;
  if (change.ack !== undefined) columns.ack = change.ack;
  if (change.attemptStartedAt !== undefined) columns.attempt_started_at = change.attemptStartedAt;
  if (change.attempts !== undefined) columns.attempts = change.attempts;
  return columns;
}

/** Messages to send, in the database. A message accepted once is never deleted but with its session. */
export function createOutboxStore(database: Database): OutboxStore {
  const { query } = database;
  const ofSession = (sessionId: string) => query.selectFrom('outbox').selectAll().where('session_id', '=', sessionId);

  return {
    accept(message) {
      return database.transaction(() => {
        const { sessionId, idempotencyKey } = message;
        if (idempotencyKey !== null) {
          const known = database.first(ofSession(sessionId).where('idempotency_key', '=', idempotencyKey));
          if (known) return { created: false, message: toMessage(known) };
        }
        const newest = database.first(
          query.selectFrom('outbox').select('seq').where('session_id', '=', sessionId).orderBy('seq', 'desc').limit(1),
        );
        const row: OutboxTable = {
          id: message.id,
          session_id: sessionId,
          idempotency_key: idempotencyKey,
          content_hash: message.contentHash,
          seq: (newest?.seq ?? 0) + 1,
          recipient: message.to,
          body: message.text,
          state: 'queued',
          failure_code: null,
          wa_message_id: null,
          ack: 0,
          attempt_started_at: null,
          attempts: 0,
          epoch: 0,
          created_at: message.createdAt,
          updated_at: message.createdAt,
        };
        database.run(query.insertInto('outbox').values(row));
        return { created: true, message: toMessage(row) };
      });
    },
    get(sessionId, id) {
      const row = database.first(ofSession(sessionId).where('id', '=', id));
      return row ? toMessage(row) : null;
    },
    byId(id) {
      const row = database.first(query.selectFrom('outbox').selectAll().where('id', '=', id));
      return row ? toMessage(row) : null;
    },
    list(sessionId, { status, after, limit }) {
      const all = ofSession(sessionId).where('seq', '>', after).orderBy('seq').limit(limit);
      return database.all(status === undefined ? all : all.where('state', '=', status)).map(toMessage);
    },
    pending(sessionId) {
      const open = ofSession(sessionId).where('state', 'in', ['queued', 'sending']).orderBy('seq');
      return database.all(open).map(toMessage);
    },
    byWaMessageId(sessionId, waMessageId) {
      const row = database.first(ofSession(sessionId).where('wa_message_id', '=', waMessageId));
      return row ? toMessage(row) : null;
    },
    knownWaMessageIds(sessionId, waMessageIds) {
      const known = new Set<string>();
      for (let start = 0; start < waMessageIds.length; start += IDS_PER_QUERY) {
        const ids = waMessageIds.slice(start, start + IDS_PER_QUERY);
        const rows = database.all(
          query
            .selectFrom('outbox')
            .select('wa_message_id')
            .where('session_id', '=', sessionId)
            .where('wa_message_id', 'in', ids),
        );
        for (const { wa_message_id: id } of rows) if (id !== null) known.add(id);
      }
      return known;
    },
    update(id, change, at) {
      const columns = { ...toColumns(change), updated_at: at };
      const row = database.first(query.updateTable('outbox').set(columns).where('id', '=', id).returningAll());
      if (!row) throw new Error(`The message ${id} is not in the outbox: it went with its session.`);
      return toMessage(row);
    },
  };
}
