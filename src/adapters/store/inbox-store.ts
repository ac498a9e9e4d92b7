import { z } from 'zod';
import type { IncomingMessage } from '../../domain/message.js';
import type { InboxStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';

const messageSchema: z.ZodType<IncomingMessage> = z.object({
  id: z.string(),
  from: z.string(),
  fromLid: z.string().nullable(),
  to: z.string(),
  chatId: z.string(),
  body: z.string(),
  type: z.string(),
  timestamp: z.number(),
  fromMe: z.boolean(),
  ack: z.number(),
  quotedMessageId: z.string().nullable(),
});

/**
 * After a reconnect the chats are read again from the newest known message on, and somewhat earlier: the ids of this
 * much before it stay (without content) when the rest is pruned, or a quiet session would receive old messages anew.
 */
const IDS_KEPT_BEFORE_NEWEST_MS = 24 * 60 * 60 * 1_000;

/** Received messages in the database, each once. */
export function createInboxStore(database: Database): InboxStore {
  const { query } = database;
  return {
    insert(sessionId, message, at) {
      return database.transaction(() => {
        const session = database.first(
          query.selectFrom('session').select(['inbox_seq', 'inbox_newest_at']).where('id', '=', sessionId),
        );
        // The session was removed while the message was on its way.
        if (!session) return false;
        const seq = session.inbox_seq + 1;
        const row = {
          session_id: sessionId,
          seq,
          wa_message_id: message.id,
          message: JSON.stringify(message),
          sent_at: message.timestamp,
          received_at: at,
        };
        const once = query
          .insertInto('inbox')
          .values(row)
          .onConflict((c) => c.columns(['session_id', 'wa_message_id']).doNothing());
        if (database.run(once) === 0) return false;
        const newest = Math.max(session.inbox_newest_at ?? message.timestamp, message.timestamp);
        const counters = { inbox_seq: seq, inbox_newest_at: newest };
        database.run(query.updateTable('session').set(counters).where('id', '=', sessionId));
        return true;
      });
    },
    list(sessionId, { after, limit }) {
      const rows = database.all(
        query
          .selectFrom('inbox')
          .select(['seq', 'message'])
          .where('session_id', '=', sessionId)
          .where('seq', '>', after)
          .where('message', 'is not', null)
          .orderBy('seq')
          .limit(limit),
      );
      return rows.flatMap(({ seq, message }) =>
        message === null ? [] : [{ seq, message: messageSchema.parse(JSON.parse(message)) }],
      );
    },
    newestTimestamp(sessionId) {
      const session = database.first(query.selectFrom('session').select('inbox_newest_at').where('id', '=', sessionId));
      return session?.inbox_newest_at ?? null;
    },
    prune(at) {
      return database.transaction(() => {
        const blanked = database.run(
          query
            .updateTable('inbox')
            .set({ message: null })
            .where('received_at', '<', at)
            .where('message', 'is not', null),
        );
        database.run(
          query
            .deleteFrom('inbox')
            .where('received_at', '<', at)
            .where('sent_at', '<', ({ selectFrom }) =>
              selectFrom('session')
                .select(({ eb }) => eb('inbox_newest_at', '-', IDS_KEPT_BEFORE_NEWEST_MS).as('horizon'))
                .whereRef('session.id', '=', 'inbox.session_id'),
            ),
        );
        return blanked;
      });
    },
  };
}
