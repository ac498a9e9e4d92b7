import { sql } from 'kysely';
import { bareIdOf, mustReachDisk } from '../../domain/message.js';
import type { OutboxStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';
import { toColumns, toMessage, toRow } from './outbox-row.js';
import type { OutboxTable } from './schema.js';

/** SQLite takes 32,766 parameters in a statement, older builds 999. */
const IDS_PER_QUERY = 500;
/** A campaign has a chat for every message: they need not all be looked at for each of them. */
const CHATS_AT_ONCE = 500;
/** As text in the query: only so does SQLite see that its indexes of open messages are enough. */
const QUEUED = sql.lit('queued');
const SENDING = sql.lit('sending');
/** As text, too: SQLite plans for it, which it cannot for a limit that it learns only when the query runs. */
const ONE = sql.lit(1);

/** Messages to send, in the database. A message is deleted only with its session, or long after it has ended. */
export function createOutboxStore(database: Database): OutboxStore {
  const { query } = database;
  const all = query.selectFrom('outbox').selectAll();
  const ofSession = (sessionId: string) => all.where('session_id', '=', sessionId);
  const inOrder = (rows: OutboxTable[]) => rows.sort((a, b) => a.seq - b.seq).map(toMessage);
  const orNull = (row: OutboxTable | undefined) => (row ? toMessage(row) : null);

  type InSession<T> = T & { sessionId: string };
  const byId = database.prepare(({ id }: { id: string }) => all.where('id', '=', id));
  const inSession = database.prepare(({ sessionId, id }: InSession<{ id: string }>) =>
    ofSession(sessionId).where('id', '=', id),
  );
  const withKey = database.prepare(({ sessionId, key }: InSession<{ key: string }>) =>
    ofSession(sessionId).where('idempotency_key', '=', key),
  );
  const withWaId = database.prepare(({ sessionId, waMessageId }: InSession<{ waMessageId: string }>) =>
    ofSession(sessionId).where('wa_message_id', '=', waMessageId),
  );
  const withPresetId = database.prepare(({ sessionId, presetId }: InSession<{ presetId: string }>) =>
    ofSession(sessionId).where('preset_id', '=', presetId),
  );
  const lastSeq = database.prepare(({ sessionId }: InSession<object>) =>
    query.selectFrom('outbox').select('seq').where('session_id', '=', sessionId).orderBy('seq', 'desc').limit(ONE),
  );
  const insert = database.prepare((row: OutboxTable) => query.insertInto('outbox').values(row));
  const update = database.prepare(({ id, ...columns }: Partial<OutboxTable> & { id: string }) =>
    query.updateTable('outbox').set(columns).where('id', '=', id).returningAll(),
  );
  const underWay = database.prepare(({ sessionId }: InSession<object>) =>
    ofSession(sessionId).where('state', '=', SENDING),
  );
  const states = database.prepare(({ sessionId }: InSession<object>) =>
    query.selectNoFrom(({ exists, selectFrom }) => {
      const isAny = (state: typeof QUEUED | typeof SENDING) =>
        exists(selectFrom('outbox').select('id').where('session_id', '=', sessionId).where('state', '=', state));
      return [isAny(QUEUED).as('queued'), isAny(SENDING).as('sending')];
    }),
  );
  const firstOfEachChat = database.prepare(({ sessionId }: InSession<object>) =>
    ofSession(sessionId).where('seq', 'in', ({ selectFrom }) =>
      selectFrom('outbox')
        .select(({ fn }) => fn.min('seq').as('seq'))
        .where('session_id', '=', sessionId)
        .where('state', '=', QUEUED)
        .groupBy('recipient')
        .orderBy('seq')
        .limit(CHATS_AT_ONCE),
    ),
  );
  const late = database.prepare(({ sessionId, now }: InSession<{ now: number }>) =>
    ofSession(sessionId).where('state', '=', QUEUED).where('expires_at', '<=', now),
  );
  const expiry = database.prepare(({ sessionId }: InSession<object>) =>
    query
      .selectFrom('outbox')
      .select('expires_at')
      .where('session_id', '=', sessionId)
      .where('state', '=', QUEUED)
      .where('expires_at', 'is not', null)
      .orderBy('expires_at')
      .limit(ONE),
  );
  const unnamed = database.prepare(({ sessionId, to, since }: InSession<{ to: string; since: number }>) =>
    ofSession(sessionId)
      .where('recipient', '=', to)
      .where('state', 'in', ['sending', 'uncertain'])
      .where('wa_message_id', 'is', null)
      .where('preset_id', 'is', null)
      .where('attempt_started_at', '>=', since),
  );

  return {
    accept(message) {
      return database.lazily(() => {
        const { sessionId, idempotencyKey } = message;
        const known = idempotencyKey === null ? null : this.byIdempotencyKey(sessionId, idempotencyKey);
        if (known !== null) return { created: false, message: known };
        const row = toRow(message, (lastSeq.first({ sessionId })?.seq ?? 0) + 1);
        insert.run(row);
        return { created: true, message: toMessage(row) };
      });
    },
    get: (sessionId, id) => orNull(inSession.first({ sessionId, id })),
    byId: (id) => orNull(byId.first({ id })),
    byIdempotencyKey: (sessionId, key) => orNull(withKey.first({ sessionId, key })),
    list(sessionId, { status, to, after, limit }) {
      let rows = ofSession(sessionId).where('seq', '>', after).orderBy('seq').limit(limit);
      if (status !== undefined) rows = rows.where('state', '=', status);
      if (to !== undefined) rows = rows.where('recipient', '=', to);
      return database.all(rows).map(toMessage);
    },
    openStates(sessionId) {
      const found = states.first({ sessionId });
      return { queued: Boolean(found?.queued), sending: Boolean(found?.sending) };
    },
    heads: (sessionId, { queued, sending }) =>
      inOrder([...(sending ? underWay.all({ sessionId }) : []), ...(queued ? firstOfEachChat.all({ sessionId }) : [])]),
    hasOpen(sessionId) {
      const { queued, sending } = this.openStates(sessionId);
      return queued || sending;
    },
    isOpen(id) {
      const state = byId.first({ id })?.state;
      return state === 'queued' || state === 'sending';
    },
    expired: (sessionId, now) => inOrder(late.all({ sessionId, now })),
    nextExpiry: (sessionId) => expiry.first({ sessionId })?.expires_at ?? null,
    byWaMessageId(sessionId, waMessageId) {
      const told = orNull(withWaId.first({ sessionId, waMessageId }));
      const presetId = bareIdOf(waMessageId);
      return told ?? (presetId === null ? null : orNull(withPresetId.first({ sessionId, presetId })));
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
    unidentified: (sessionId, to, since) => unnamed.all({ sessionId, to, since }).map(toMessage),
    onDisk: () => database.onDisk(),
    update(id, change, at) {
      const row = database[mustReachDisk(change.status) ? 'transaction' : 'lazily'](() =>
        update.first({ id, ...toColumns(change), updated_at: at }),
      );
      if (!row) throw new Error(`The message ${id} is not in the outbox: it went with its session.`);
      return toMessage(row);
    },
    prune(at) {
      // Nothing changed before it was there: the age by which rows are found never changes.
      const old = query.deleteFrom('outbox').where('created_at', '<', at).where('updated_at', '<', at);
      const ended = old.where('state', 'not in', ['queued', 'sending']);
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
