import type { Selectable } from 'kysely';
import { z } from 'zod';
import { OUTBOX_STATUSES, type OutboxMessage } from '../../domain/message.js';
import { type MessageContent, wordsOf } from '../../domain/message-content.js';
import type { OutboxChange, OutboxInsert } from '../../domain/store-ports.js';
import type { OutboxTable } from './schema.js';

const statusSchema = z.enum(OUTBOX_STATUSES);
const contentSchema = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('media'),
    mimeType: z.string(),
    fileName: z.string().nullable(),
    caption: z.string().nullable(),
    url: z.string().nullable(),
    urlIsTrusted: z.boolean(),
  }),
  z.object({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    name: z.string().nullable(),
    address: z.string().nullable(),
  }),
]);

function toContent({ body, content }: Selectable<OutboxTable>): MessageContent {
  return content === null ? { type: 'text', text: body } : contentSchema.parse(JSON.parse(content));
}

/** The row of a message that is accepted. */
export function toRow(message: OutboxInsert, seq: number): OutboxTable {
  const { content } = message;
  return {
    id: message.id,
    session_id: message.sessionId,
    idempotency_key: message.idempotencyKey,
    content_hash: message.contentHash,
    seq,
    recipient: message.to,
    body: wordsOf(content),
    content: content.type === 'text' ? null : JSON.stringify(content),
    quoted_message_id: message.quotedMessageId,
    state: 'queued',
    failure_code: null,
    wa_message_id: null,
    preset_id: null,
    ack: 0,
    attempt_started_at: null,
    attempts: 0,
    not_before: null,
    expires_at: message.expiresAt,
    epoch: 0,
    created_at: message.createdAt,
    updated_at: message.createdAt,
  };
}

export function toMessage(row: Selectable<OutboxTable>): OutboxMessage {
  return {
    id: row.id,
    sessionId: row.session_id,
    seq: row.seq,
    idempotencyKey: row.idempotency_key,
    contentHash: row.content_hash,
    to: row.recipient,
    content: toContent(row),
    quotedMessageId: row.quoted_message_id,
    status: statusSchema.parse(row.state),
    failureCode: row.failure_code,
    waMessageId: row.wa_message_id,
    presetId: row.preset_id,
    ack: row.ack,
    attemptStartedAt: row.attempt_started_at,
    attempts: row.attempts,
    notBefore: row.not_before,
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

/** The columns of a change; what it leaves out stays as it is. */
export function toColumns(change: OutboxChange): Partial<OutboxTable> {
  const columns: Partial<OutboxTable> = {};
  if (change.status !== undefined) columns.state = change.status;
  if (change.failureCode !== undefined) columns.failure_code = change.failureCode;
  if (change.waMessageId !== undefined) columns.wa_message_id = change.waMessageId;
  if (change.presetId !== undefined) columns.preset_id = change.presetId;
  if (change.ack !== undefined) columns.ack = change.ack;
  if (change.attemptStartedAt !== undefined) columns.attempt_started_at = change.attemptStartedAt;
  if (change.attempts !== undefined) columns.attempts = change.attempts;
  if (change.notBefore !== undefined) columns.not_before = change.notBefore;
  return columns;
}
