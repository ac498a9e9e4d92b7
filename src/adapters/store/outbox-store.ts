import type { SelectQueryBuilder } from 'kysely';
import { bareIdOf, mustReachDisk } from '../../domain/message.js';
import type { OutboxStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';
import { toColumns, toMessage, toRow } from './outbox-row.js';
import type { Schema } from './schema.js';

/** SQLite takes 32,766 parameters in a statement, older builds 999. */
const IDS_PER_QUERY = 500;
/** A campaign has a chat for every message: they need not all be looked at for each of them. */
const CHATS_AT_ONCE = 500;
const OPEN = ['queued', 'sending'];

/** Messages to send, in the database. A message is deleted only with its session, or long after it has ended. */
export function createOutboxStore(database: Database): OutboxStore {
  const { query } = database;
  const ofSession = (sessionId: string) => query.selectFrom('outbox').selectAll().where('session_id', '=', sessionId);
  const first = (rows: ReturnType<typeof ofSession>) => {
    const row = database.first(rows);
    return row ? toMessage(row) : null;
  };
  const exists = <O>(rows: SelectQueryBuilder<Schema, 'outbox', O>) => database.first(rows.limit(1)) !== undefined;
  const byIdempotencyKey = (sessionId: string, key: string) =>
    first(ofSession(sessionId).where('idempotency_key', '=', key));

  return {
    accept(message) {
      return database.lazily(() => {
        const { sessionId, idempotencyKey } = message;
        const known = idempotencyKey === null ? null : byIdempotencyKey(sessionId, idempotencyKey);
        if (known !== null) return { created: false, message: known };
        const newest = database.first(
          query.selectFrom('outbox').select('seq').where('session_id', '=', sessionId).orderBy('seq', 'desc').limit(1),
        );
        const row = toRow(message, (newest?.seq ?? 0) + 1);
        database.run(query.insertInto('outbox').values(row));
        return { created: true, message: toMessage(row) };
      });
    },
    get: (sessionId, id) => first(ofSession(sessionId).where('id', '=', id)),
    byIdempotencyKey,
    list(sessionId, { status, to, after, limit }) {
      let rows = ofSession(sessionId).where('seq', '>', after).orderBy('seq').limit(limit);
      if (status !== undefined) rows = rows.where('state', '=', status);
      if (to !== undefined) rows = rows.where('recipient', '=', to);
      return database.all(rows).map(toMessage);
    },
    byId: (id) => first(query.selectFrom('outbox').selectAll().where('id', '=', id)),
    heads(sessionId) {
      const firstOfEachChat = query
        .selectFrom('outbox')
        .select(({ fn }) => fn.min('seq').as('seq'))
        .where('session_id', '=', sessionId)
        .where('state', '=', 'queued')
        .groupBy('recipient')
        .orderBy('seq')
        .limit(CHATS_AT_ONCE);
      const rows = [
        ...database.all(ofSession(sessionId).where('state', '=', 'sending')),
        ...database.all(ofSession(sessionId).where('seq', 'in', firstOfEachChat)),
      ];
      return rows.sort((a, b) => a.seq - b.seq).map(toMessage);
    },
    hasOpen: (sessionId) => exists(ofSession(sessionId).where('state', 'in', OPEN)),
    isOpen: (id) => exists(query.selectFrom('outbox').select('id').where('id', '=', id).where('state', 'in', OPEN)),
    expired(sessionId, now) {
      const late = ofSession(sessionId).where('state', '=', 'queued').where('expires_at', '<=', now);
      return database.all(late.orderBy('seq')).map(toMessage);
    },
    nextExpiry(sessionId) {
      const next = query
        .selectFrom('outbox')
        .select('expires_at')
        .where('session_id', '=', sessionId)
        .where('state', '=', 'queued')
        .where('expires_at', 'is not', null)
        .orderBy('expires_at')
        .limit(1);
      return database.first(next)?.expires_at ?? null;
    },
    byWaMessageId(sessionId, waMessageId) {
      const told = first(ofSession(sessionId).where('wa_message_id', '=', waMessageId));
      const bareId = bareIdOf(waMessageId);
      return told ?? (bareId === null ? null : first(ofSession(sessionId).where('preset_id', '=', bareId)));
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
    unidentified(sessionId, to, since) {
      const rows = ofSession(sessionId)
        .where('recipient', '=', to)
        .where('state', 'in', ['sending', 'uncertain'])
        .where('wa_message_id', 'is', null)
        .where('preset_id', 'is', null)
        .where('attempt_started_at', '>=', since);
      return database.all(rows).map(toMessage);
    },
    onDisk: () => database.onDisk(),
    update(id, change, at) {
      const columns = { ...toColumns(change), updated_at: at };
      const changed = query.updateTable('outbox').set(columns).where('id', '=', id).returningAll();
      const row = database[mustReachDisk(change.status) ? 'transaction' : 'lazily'](() => database.first(changed));
      if (!row) throw new Error(`The message ${id} is not in the outbox: it went with its session.`);
      return toMessage(row);
    },
    prune(at) {
      const ended = query.deleteFrom('outbox').where('updated_at', '<', at).where('state', 'not in', OPEN);
      return database.run(
        ended.where('seq', '<', ({ selectFrom }) =>
          selectFrom('outbox as other')
            .select(({ fn }) => fn.max('other.seq').as('newest'))
            .whereRef('other.session_id', '=', 'outbox.session_id'),
        ),
      );
    },
  };
}
