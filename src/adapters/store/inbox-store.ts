import type { IncomingMessage } from '../../domain/message.js';
import {
  amended,
  isNewReaction,
  type MessageChange,
  type MessageNews,
  type MessageReaction,
} from '../../domain/message-news.js';
import type { InboxStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';
import { messageSchema } from './inbox-json.js';
import type { InboxMediaTable, InboxTable } from './schema.js';

/**
 * After a reconnect the chats are read again from the newest known message on, and somewhat earlier: the ids of this
 * much before it stay (without content) when the rest is pruned, or a quiet session would receive old messages anew.
 */
const IDS_KEPT_BEFORE_NEWEST_MS = 24 * 60 * 60 * 1_000;

/** Received messages in the database, each once. */
export function createInboxStore(database: Database): InboxStore {
  const { query } = database;
  const ofId = database.prepare(({ sessionId, waMessageId }: { sessionId: string; waMessageId: string }) =>
    query
      .selectFrom('inbox')
      .select(['seq', 'message'])
      .where('session_id', '=', sessionId)
      .where('wa_message_id', '=', waMessageId),
  );
  const position = database.prepare(({ sessionId }: { sessionId: string }) =>
    query.selectFrom('session').select(['inbox_seq', 'inbox_newest_at']).where('id', '=', sessionId),
  );
  const move = database.prepare(({ id, ...counters }: { id: string; inbox_seq: number; inbox_newest_at: number }) =>
    query.updateTable('session').set(counters).where('id', '=', id),
  );
  const insertOnce = database.prepare((row: InboxTable) =>
    query
      .insertInto('inbox')
      .values(row)
      .onConflict((c) => c.columns(['session_id', 'wa_message_id']).doNothing()),
  );

  /** False when the reaction says nothing new. */
  function noteReaction(sessionId: string, { messageId, from, fromLid, emoji, timestamp }: MessageReaction): boolean {
    const key = { session_id: sessionId, wa_message_id: messageId, sender: fromLid ?? from };
    const known = database.first(
      query
        .selectFrom('reaction')
        .select(['emoji', 'at as timestamp'])
        .where('session_id', '=', key.session_id)
        .where('wa_message_id', '=', key.wa_message_id)
        .where('sender', '=', key.sender),
    );
    if (!isNewReaction({ emoji, timestamp }, known ?? null)) return false;
    const columns = { emoji, at: timestamp };
    database.run(
      query
        .insertInto('reaction')
        .values({ ...key, ...columns })
        .onConflict((c) => c.columns(['session_id', 'wa_message_id', 'sender']).doUpdateSet(columns)),
    );
    return true;
  }

  /** What the news change of a message, null when it is not here or that is nothing. */
  function amend(sessionId: string, news: Exclude<MessageNews, { kind: 'reacted' }>): MessageChange | null {
    const row = ofId.first({ sessionId, waMessageId: news.id });
    const before = row?.message ? messageSchema.parse(JSON.parse(row.message)) : null;
    const after = before && amended(before, news);
    if (!row || !before || !after) return null;
    database.run(
      query
        .updateTable('inbox')
        .set({ message: JSON.stringify(after) })
        .where('session_id', '=', sessionId)
        .where('seq', '=', row.seq),
    );
    if (news.kind !== 'revoked') return { kind: news.kind, message: after };
    const fileId = before.media?.link?.id ?? null;
    if (fileId !== null) database.run(query.deleteFrom('inbox_media').where('id', '=', fileId));
    return { kind: 'revoked', message: after, fileId };
  }

  return {
    insert(sessionId, message, at) {
      return database.transaction(() => {
        const session = position.first({ sessionId });
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
        if (insertOnce.run(row) === 0) return false;
        const media = mediaRow(sessionId, message, at);
        if (media !== null) database.run(query.insertInto('inbox_media').values(media));
        // A message that claims to be from the future must not hide those that really come before it.
        const writtenAt = Math.min(message.timestamp, at);
        const counters = { inbox_seq: seq, inbox_newest_at: Math.max(session.inbox_newest_at ?? writtenAt, writtenAt) };
        move.run({ id: sessionId, ...counters });
        return true;
      });
    },
    change(sessionId, news) {
      return database.transaction(() => {
        if (news.kind !== 'reacted') return amend(sessionId, news);
        const session = database.first(query.selectFrom('session').select('id').where('id', '=', sessionId));
        return session && noteReaction(sessionId, news.reaction) ? news : null;
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
    gapSince(sessionId) {
      const session = database.first(query.selectFrom('session').select('inbox_gap_since').where('id', '=', sessionId));
      return session?.inbox_gap_since ?? null;
    },
    saveGapSince(sessionId, sinceMs) {
      database.run(query.updateTable('session').set({ inbox_gap_since: sinceMs }).where('id', '=', sessionId));
    },
    prune(at) {
      return database.transaction(() => {
        database.run(query.deleteFrom('reaction').where('at', '<', at));
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

function mediaRow(sessionId: string, { id, media }: IncomingMessage, at: number): InboxMediaTable | null {
  if (media === null || media.link === null) return null;
  return {
    id: media.link.id,
    session_id: sessionId,
    wa_message_id: id,
    mime_type: media.mimeType,
    file_name: media.fileName,
    size_bytes: media.sizeBytes,
    state: 'waiting',
    failure: null,
    attempts: 0,
    due_at: at,
    expires_at: media.link.expiresAt,
    created_at: at,
  };
}
