import type { Generated } from 'kysely';

/**
 * The tables as SQL knows them: snake case, times in milliseconds since 1970, JSON as text. `owner`, `epoch` and
 * `lease_until` say which host runs a session; on one host they are only written, never asked.
 */
export interface Schema {
  session: SessionTable;
  outbox: OutboxTable;
  event: EventTable;
  inbox: InboxTable;
  delivery: DeliveryTable;
  webhook_pause: WebhookPauseTable;
  inbox_media: InboxMediaTable;
  reaction: ReactionTable;
  lid_map: LidMapTable;
  api_key: ApiKeyTable;
  incident: IncidentTable;
  audit: AuditTable;
}

export interface SessionTable {
  id: string;
  label: string | null;
  /** JSON of WebhookSettings. */
  webhook: string | null;
  proxy: string | null;
  desired: string;
  /** JSON of SessionState, without the QR code's text. */
  state: string;
  /** JSON of SessionFacts. */
  facts: string;
  owner: string | null;
  epoch: number;
  lease_until: number | null;
  /** Last position given out in `inbox`: kept here, so that pruning never gives a position twice. */
  inbox_seq: number;
  /** Timestamp of the newest received message, which outlives the message. */
  inbox_newest_at: number | null;
  /** Position in `inbox` up to which the handlers of a program are through; null when there never were any. */
  handled_seq: number | null;
  /** From when on received messages may be missing; null while none are. */
  inbox_gap_since: number | null;
  created_at: number;
  updated_at: number;
}

export interface OutboxTable {
  id: string;
  session_id: string;
  idempotency_key: string | null;
  content_hash: string;
  seq: number;
  recipient: string;
  /** Text, caption or description. */
  body: string;
  /** JSON of MessageContent; null when it is a text, which stands in `body`. */
  content: string | null;
  quoted_message_id: string | null;
  state: string;
  failure_code: string | null;
  wa_message_id: string | null;
  preset_id: string | null;
  ack: number;
  attempt_started_at: number | null;
  attempts: number;
  not_before: number | null;
  expires_at: number | null;
  /** Epoch of the session's owner that made the last attempt. */
  epoch: number;
  created_at: number;
  updated_at: number;
}

export interface EventTable {
  session_id: string;
  seq: number;
  at: number;
  event: string;
  message: string;
  /** JSON object. */
  data: string;
}

export interface InboxTable {
  session_id: string;
  seq: number;
  wa_message_id: string;
  /** JSON of IncomingMessage; null once it was pruned and only the id is kept against repetition. */
  message: string | null;
  /** When it was written, as WhatsApp says. */
  sent_at: number;
  received_at: number;
}

/** Has no foreign key: an endpoint of the configuration is told of a session also when that has just been removed. */
export interface DeliveryTable {
  seq: Generated<number>;
  id: string;
  event_id: string;
  session_id: string | null;
  endpoint: string;
  event: string;
  body: string;
  state: string;
  attempts: number;
  refusals: number;
  next_attempt_at: number;
  last_status: number | null;
  last_error: string | null;
  created_at: number;
  updated_at: number;
}

/** An endpoint that is told nothing since a time. Has no foreign key, as deliveries have none. */
export interface WebhookPauseTable {
  endpoint: string;
  since: number;
}

/** A file that came with a message; the file itself lies in `<dataDir>/media/inbox`. */
export interface InboxMediaTable {
  id: string;
  session_id: string;
  wa_message_id: string;
  mime_type: string;
  file_name: string | null;
  size_bytes: number;
  state: string;
  failure: string | null;
  attempts: number;
  due_at: number;
  expires_at: number;
  created_at: number;
}

/** The last that somebody put to a message, so that the same is told once. */
export interface ReactionTable {
  session_id: string;
  wa_message_id: string;
  /** The LID of who reacted where it is known, else the number's id. */
  sender: string;
  /** Empty when it was taken back. */
  emoji: string;
  at: number;
}

/** Whose LID it is: the same for every session. */
export interface LidMapTable {
  lid: string;
  /** `…@c.us`. */
  phone: string;
  learned_at: number;
}

export interface ApiKeyTable {
  id: string;
  name: string;
  role: string;
  hash: string;
  created_at: number;
  /** JSON array; null: every session. */
  session_ids: string | null;
  expires_at: number | null;
  last_used_at: number | null;
}

/** Has no foreign keys: what somebody did is told also after his key and the session are gone. */
export interface AuditTable {
  seq: Generated<number>;
  at: number;
  key_id: string;
  key_name: string;
  role: string;
  action: string;
  session_id: string | null;
  target_id: string | null;
  status: number | null;
  ip: string;
}

export interface IncidentTable {
  id: string;
  seq: number;
  kind: string;
  key: string;
  reason: string;
  opened_at: number;
  closed_at: number | null;
  /** JSON array. */
  session_ids: string;
  message: string;
}
