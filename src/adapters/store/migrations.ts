import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.js';

/** A statement that Kysely can turn into text. */
interface Statement {
  compile(): { readonly sql: string };
}

/**
 * What brings a database from version n to n + 1, in order; the index is the version it starts from. A step that was
 * released is never edited: a database that took it would not notice.
 */
export const MIGRATIONS: readonly ((db: Kysely<Schema>) => Statement[])[] = [
  createTables,
  createIncidents,
  createDeliveries,
  addHandled,
  limitKeys,
  createAudit,
  extendOutbox,
  indexBacklog,
  extendInbox,
  createWebhookPauses,
  indexOpenMessages,
];

function createTables({ schema }: Kysely<Schema>): Statement[] {
  return [
    schema
      .createTable('session')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('label', 'text')
      .addColumn('webhook', 'text')
      .addColumn('proxy', 'text')
      .addColumn('desired', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('facts', 'text', (c) => c.notNull())
      .addColumn('owner', 'text')
      .addColumn('epoch', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('lease_until', 'bigint')
      .addColumn('inbox_seq', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('inbox_newest_at', 'bigint')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull()),
    schema
      .createTable('outbox')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('session_id', 'text', (c) => c.notNull().references('session.id').onDelete('cascade'))
      .addColumn('idempotency_key', 'text')
      .addColumn('content_hash', 'text', (c) => c.notNull())
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('recipient', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('failure_code', 'text')
      .addColumn('wa_message_id', 'text')
      .addColumn('ack', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('attempt_started_at', 'bigint')
      .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('epoch', 'bigint', (c) => c.notNull().defaultTo(0))
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addUniqueConstraint('outbox_idempotency', ['session_id', 'idempotency_key'])
      .addUniqueConstraint('outbox_order', ['session_id', 'seq']),
    schema.createIndex('outbox_state').on('outbox').columns(['session_id', 'state', 'seq']),
    schema.createIndex('outbox_wa_message').on('outbox').columns(['session_id', 'wa_message_id']),
    schema
      .createTable('event')
      .addColumn('session_id', 'text', (c) => c.notNull().references('session.id').onDelete('cascade'))
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('event', 'text', (c) => c.notNull())
      .addColumn('message', 'text', (c) => c.notNull())
      .addColumn('data', 'text', (c) => c.notNull())
      .addPrimaryKeyConstraint('event_order', ['session_id', 'seq']),
    schema
      .createTable('inbox')
      .addColumn('session_id', 'text', (c) => c.notNull().references('session.id').onDelete('cascade'))
      .addColumn('seq', 'bigint', (c) => c.notNull())
      .addColumn('wa_message_id', 'text', (c) => c.notNull())
      .addColumn('message', 'text')
      .addColumn('sent_at', 'bigint', (c) => c.notNull())
      .addColumn('received_at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('inbox_order', ['session_id', 'seq'])
      .addUniqueConstraint('inbox_once', ['session_id', 'wa_message_id']),
    schema.createIndex('inbox_age').on('inbox').columns(['received_at']),
    schema
      .createTable('api_key')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('name', 'text', (c) => c.notNull())
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('hash', 'text', (c) => c.notNull().unique())
      .addColumn('created_at', 'bigint', (c) => c.notNull()),
  ];
}

function createIncidents({ schema }: Kysely<Schema>): Statement[] {
  return [
    schema
      .createTable('incident')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('seq', 'bigint', (c) => c.notNull().unique())
      .addColumn('kind', 'text', (c) => c.notNull())
      .addColumn('key', 'text', (c) => c.notNull())
      .addColumn('reason', 'text', (c) => c.notNull())
      .addColumn('opened_at', 'bigint', (c) => c.notNull())
      .addColumn('closed_at', 'bigint')
      .addColumn('session_ids', 'text', (c) => c.notNull())
      .addColumn('message', 'text', (c) => c.notNull()),
  ];
}

function createDeliveries({ schema }: Kysely<Schema>): Statement[] {
  return [
    schema
      .createTable('delivery')
      // Never given twice, also after the newest was deleted: lists and lanes go by it.
      .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('id', 'text', (c) => c.notNull().unique())
      .addColumn('event_id', 'text', (c) => c.notNull())
      .addColumn('session_id', 'text')
      .addColumn('endpoint', 'text', (c) => c.notNull())
      .addColumn('event', 'text', (c) => c.notNull())
      .addColumn('body', 'text', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('refusals', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('next_attempt_at', 'bigint', (c) => c.notNull())
      .addColumn('last_status', 'integer')
      .addColumn('last_error', 'text')
      .addColumn('created_at', 'bigint', (c) => c.notNull())
      .addColumn('updated_at', 'bigint', (c) => c.notNull())
      .addUniqueConstraint('delivery_once', ['endpoint', 'event_id']),
    schema.createIndex('delivery_lane').on('delivery').columns(['state', 'endpoint', 'session_id', 'seq']),
    schema.createIndex('delivery_age').on('delivery').columns(['state', 'updated_at']),
  ];
}

function addHandled({ schema }: Kysely<Schema>): Statement[] {
  return [schema.alterTable('session').addColumn('handled_seq', 'bigint')];
}

function limitKeys({ schema }: Kysely<Schema>): Statement[] {
  return [
    schema.alterTable('api_key').addColumn('session_ids', 'text'),
    schema.alterTable('api_key').addColumn('expires_at', 'bigint'),
    schema.alterTable('api_key').addColumn('last_used_at', 'bigint'),
  ];
}

function createAudit({ schema }: Kysely<Schema>): Statement[] {
  return [
    schema
      .createTable('audit')
      .addColumn('seq', 'integer', (c) => c.primaryKey().autoIncrement())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addColumn('key_id', 'text', (c) => c.notNull())
      .addColumn('key_name', 'text', (c) => c.notNull())
      .addColumn('role', 'text', (c) => c.notNull())
      .addColumn('action', 'text', (c) => c.notNull())
      .addColumn('session_id', 'text')
      .addColumn('target_id', 'text')
      .addColumn('status', 'integer')
      .addColumn('ip', 'text', (c) => c.notNull()),
    schema.createIndex('audit_age').on('audit').columns(['at']),
  ];
}

/** Media, places, replies, ids chosen beforehand, expiry, and waits after a refusal. */
function extendOutbox({ schema }: Kysely<Schema>): Statement[] {
  return [
    schema.alterTable('outbox').addColumn('content', 'text'),
    schema.alterTable('outbox').addColumn('quoted_message_id', 'text'),
    schema.alterTable('outbox').addColumn('preset_id', 'text'),
    schema.alterTable('outbox').addColumn('not_before', 'bigint'),
    schema.alterTable('outbox').addColumn('expires_at', 'bigint'),
    schema.createIndex('outbox_heads').on('outbox').columns(['session_id', 'state', 'recipient', 'seq']),
    schema.createIndex('outbox_preset').on('outbox').columns(['session_id', 'preset_id']),
    schema.createIndex('outbox_expiry').on('outbox').columns(['session_id', 'state', 'expires_at']),
    schema.createIndex('outbox_age').on('outbox').columns(['updated_at']),
  ];
}

function indexBacklog({ schema }: Kysely<Schema>): Statement[] {
  return [
    schema.createIndex('outbox_backlog').on('outbox').columns(['state', 'created_at']),
    schema.createIndex('delivery_backlog').on('delivery').columns(['state', 'created_at']),
  ];
}

/** Where a catch-up has to begin, who is behind a LID, what was put to a message, and the files that came. */
function extendInbox({ schema }: Kysely<Schema>): Statement[] {
  return [
    schema.alterTable('session').addColumn('inbox_gap_since', 'bigint'),
    schema
      .createTable('lid_map')
      .addColumn('lid', 'text', (c) => c.primaryKey())
      .addColumn('phone', 'text', (c) => c.notNull())
      .addColumn('learned_at', 'bigint', (c) => c.notNull()),
    schema
      .createTable('reaction')
      .addColumn('session_id', 'text', (c) => c.notNull().references('session.id').onDelete('cascade'))
      .addColumn('wa_message_id', 'text', (c) => c.notNull())
      .addColumn('sender', 'text', (c) => c.notNull())
      .addColumn('emoji', 'text', (c) => c.notNull())
      .addColumn('at', 'bigint', (c) => c.notNull())
      .addPrimaryKeyConstraint('reaction_once', ['session_id', 'wa_message_id', 'sender']),
    schema.createIndex('reaction_age').on('reaction').columns(['at']),
    schema
      .createTable('inbox_media')
      .addColumn('id', 'text', (c) => c.primaryKey())
      .addColumn('session_id', 'text', (c) => c.notNull().references('session.id').onDelete('cascade'))
      .addColumn('wa_message_id', 'text', (c) => c.notNull())
      .addColumn('mime_type', 'text', (c) => c.notNull())
      .addColumn('file_name', 'text')
      .addColumn('size_bytes', 'bigint', (c) => c.notNull())
      .addColumn('state', 'text', (c) => c.notNull())
      .addColumn('failure', 'text')
      .addColumn('attempts', 'integer', (c) => c.notNull().defaultTo(0))
      .addColumn('due_at', 'bigint', (c) => c.notNull())
      .addColumn('expires_at', 'bigint', (c) => c.notNull())
      .addColumn('created_at', 'bigint', (c) => c.notNull()),
    schema.createIndex('inbox_media_due').on('inbox_media').columns(['session_id', 'state', 'due_at']),
    schema.createIndex('inbox_media_age').on('inbox_media').columns(['state', 'created_at']),
  ];
}

/** Endpoints that are told nothing for the time being, because somebody wants it so. */
function createWebhookPauses({ schema }: Kysely<Schema>): Statement[] {
  return [
    schema
      .createTable('webhook_pause')
      .addColumn('endpoint', 'text', (c) => c.primaryKey())
      .addColumn('since', 'bigint', (c) => c.notNull()),
  ];
}

/**
 * Indexes that a message leaves when it has ended, and one by an age that never changes: every step in the life of a
 * message had to be written into seven.
 */
function indexOpenMessages({ schema }: Kysely<Schema>): Statement[] {
  const once = ['outbox_heads', 'outbox_expiry', 'outbox_backlog', 'outbox_age', 'outbox_wa_message', 'outbox_preset'];
  const on = (name: string) => schema.createIndex(name).on('outbox');
  const state = sql.ref('state');
  return [
    ...once.map((name) => schema.dropIndex(name)),
    on('outbox_queued').columns(['session_id', 'recipient', 'seq', 'created_at']).where(state, '=', 'queued'),
    on('outbox_expiry').columns(['session_id', 'expires_at']).where(state, '=', 'queued'),
    on('outbox_age').column('created_at'),
    on('outbox_wa_message').columns(['session_id', 'wa_message_id']).where('wa_message_id', 'is not', null),
    on('outbox_preset').columns(['session_id', 'preset_id']).where('preset_id', 'is not', null),
  ];
}
