import { z } from 'zod';
import type { IncomingMessage } from '../../domain/message.js';
import type { MessageNews, MessageReaction } from '../../domain/message-news.js';
import { personOf, withoutDevice } from '../../domain/person.js';

const wid = z
  .union([z.string(), z.object({ _serialized: z.string() }).transform(({ _serialized }) => _serialized)])
  .nullish()
  .catch(null);
const text = z.string().nullish().catch(null);
const number = z.number().nullish().catch(null);

/** A message as it leaves the page, completed by `completeMessageModels`. */
const modelSchema = z.object({
  id: z.object({ _serialized: z.string().min(1), fromMe: z.boolean(), remote: wid, participant: wid }),
  type: z.string().catch('unknown'),
  t: z.number(),
  ack: z.number().catch(0),
  body: text,
  caption: text,
  directPath: text,
  mimetype: text,
  filename: text,
  size: number,
  pollName: text,
  eventName: text,
  latestEditSenderTimestampMs: number,
  from: wid,
  to: wid,
  author: wid,
  wakeful: z
    .object({
      senderPhone: z.string().nullable(),
      senderLid: z.string().nullable(),
      toPhone: z.string().nullable(),
      quotedId: z.string().nullable(),
      revokedId: z.string().nullable(),
    })
    .optional(),
});

/** Parts of it; built here, since building one takes longer than reading with it. */
const idAndAckSchema = modelSchema.pick({ id: true, ack: true });
const revocationSchema = modelSchema.pick({ id: true, type: true, wakeful: true });

/** Types that WhatsApp writes into a chat by itself; nobody sent them. */
const SYSTEM_TYPES = new Set([
  'broadcast_notification',
  'call_log',
  'ciphertext',
  'debug',
  'e2e_notification',
  'gp2',
  'group_notification',
  'newsletter_notification',
  'notification',
  'notification_template',
  'protocol',
  'revoked',
]);

/** A message of ours or of others: its id and ack, null when the model has none. */
export function keyOf(model: unknown): { id: string; fromMe: boolean; ack: number } | null {
  const parsed = idAndAckSchema.safeParse(model);
  if (!parsed.success) return null;
  const { id, ack } = parsed.data;
  return { id: id._serialized, fromMe: id.fromMe, ack };
}

/**
 * Reads a message model; null when it is no message that somebody sent. The sender is the phone number wherever the page
 * knows it; of a group the author, not the group. A sender known only by LID stays one: `from` equals `fromLid`.
 */
export function incomingMessage(model: unknown): IncomingMessage | null {
  const parsed = modelSchema.safeParse(model);
  if (!parsed.success) return null;
  const { id, type, t, ack, author, from, to, wakeful, ...content } = parsed.data;
  const chatId = id.remote ?? from;
  if (SYSTEM_TYPES.has(type) || typeof chatId !== 'string' || !/@(c\.us|g\.us|lid)$/.test(chatId)) return null;

  const sender = personOf([author, id.participant, from, wakeful?.senderPhone, wakeful?.senderLid]);
  const hasMedia = Boolean(content.directPath);
  const editedAt = content.latestEditSenderTimestampMs;
  return {
    id: id._serialized,
    ...(sender ?? { from: withoutDevice(author ?? from ?? chatId), fromLid: null }),
    to: withoutDevice(wakeful?.toPhone ?? to ?? ''),
    chatId: withoutDevice(chatId),
    // A media message's body is a thumbnail.
    body: (hasMedia ? content.caption : content.body || content.pollName || content.eventName) || '',
    type,
    timestamp: t * 1000,
    fromMe: id.fromMe,
    ack,
    quotedMessageId: wakeful?.quotedId ?? null,
    media: hasMedia
      ? {
          mimeType: content.mimetype || 'application/octet-stream',
          fileName: content.filename || null,
          sizeBytes: Math.max(0, content.size ?? 0),
          link: null,
        }
      : null,
    editedAt: editedAt ? editedAt : null,
    revokedAt: null,
  };
}

/** What a model says of a message that was deleted for everyone; empty when it was not. */
export function revocationsOf(model: unknown, now: number): MessageNews[] {
  const parsed = revocationSchema.safeParse(model);
  if (!parsed.success || parsed.data.type !== 'revoked') return [];
  const { id, wakeful } = parsed.data;
  // Some versions keep the deleted message under its own id, others under that of its deletion.
  const ids = new Set([id._serialized, wakeful?.revokedId ?? id._serialized]);
  return [...ids].map((revoked) => ({ kind: 'revoked', id: revoked, at: now }));
}

const keySchema = z.looseObject({ fromMe: z.boolean(), remote: wid, id: z.string(), participant: wid });

/** The text of a message key that lost its accessors on the way out of the page. */
function keyText(key: z.infer<typeof keySchema>): string {
  const whole = Object.values(key).find(
    (value): value is string => typeof value === 'string' && /^(true|false)_/.test(value) && value.includes(key.id),
  );
  const parts = [key.fromMe, key.remote, key.id, ...(key.participant ? [key.participant] : [])];
  return whole ?? parts.join('_');
}

const reactionSchema = z.object({
  id: z.object({ fromMe: z.boolean() }),
  msgId: keySchema,
  reaction: z.string().nullish(),
  timestamp: z.number(),
  senderId: z.string(),
});

/** Reads a reaction of whatsapp-web.js; null when it names no message or nobody who reacted. */
export function messageReaction(reaction: unknown): MessageReaction | null {
  const parsed = reactionSchema.safeParse(reaction);
  const person = parsed.success ? personOf([parsed.data.senderId]) : null;
  if (!parsed.success || person === null) return null;
  const { id, msgId, reaction: emoji, timestamp } = parsed.data;
  return {
    ...person,
    messageId: keyText(msgId),
    chatId: withoutDevice(msgId.remote ?? ''),
    fromMe: id.fromMe,
    emoji: emoji ?? '',
    timestamp: Math.round(timestamp * 1000),
  };
}
