import { z } from 'zod';
import type { IncomingMessage } from '../../domain/message.js';

const wid = z
  .union([z.string(), z.object({ _serialized: z.string() }).transform(({ _serialized }) => _serialized)])
  .nullish()
  .catch(null);
const text = z.string().nullish().catch(null);

/** A message as it leaves the page, completed by `completeMessageModels`. */
const modelSchema = z.object({
  id: z.object({ _serialized: z.string().min(1), fromMe: z.boolean(), remote: wid }),
  type: z.string().catch('unknown'),
  t: z.number(),
  ack: z.number().catch(0),
  body: text,
  caption: text,
  directPath: text,
  pollName: text,
  eventName: text,
  from: wid,
  to: wid,
  author: wid,
  wakeful: z
    .object({ senderPhone: z.string().nullable(), senderLid: z.string().nullable(), quotedId: z.string().nullable() })
    .optional(),
});

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

/** `user:device@server` names one device of a person; the person is meant. */
export function withoutDevice(id: string): string {
  return id.replace(/:\d+@/, '@');
}

/** A message of ours or of others: its id and ack, null when the model has none. */
export function keyOf(model: unknown): { id: string; fromMe: boolean; ack: number } | null {
  const parsed = modelSchema.pick({ id: true, ack: true }).safeParse(model);
  if (!parsed.success) return null;
  const { id, ack } = parsed.data;
  return { id: id._serialized, fromMe: id.fromMe, ack };
}

/**
 * Reads a message model; null when it is no message that somebody sent to us. The sender is the phone number wherever
 * the page knows it; of a group the author, not the group. A sender known only by LID stays one: `from` equals `fromLid`.
 */
export function incomingMessage(model: unknown): IncomingMessage | null {
  const parsed = modelSchema.safeParse(model);
  if (!parsed.success) return null;
  const { id, type, t, ack, author, from, to, wakeful, ...content } = parsed.data;
  const chatId = id.remote ?? from;
  if (SYSTEM_TYPES.has(type) || typeof chatId !== 'string' || !/@(c\.us|g\.us|lid)$/.test(chatId)) return null;

  const sender = withoutDevice(author ?? from ?? chatId);
  const phone = wakeful?.senderPhone ? withoutDevice(wakeful.senderPhone) : null;
  const lid = wakeful?.senderLid ? withoutDevice(wakeful.senderLid) : null;
  const hasMedia = Boolean(content.directPath);
  return {
    id: id._serialized,
    from: sender.endsWith('@lid') ? (phone ?? sender) : sender,
    fromLid: sender.endsWith('@lid') ? sender : lid,
    to: withoutDevice(to ?? ''),
    chatId: withoutDevice(chatId),
    // A media message's body is a thumbnail.
    body: (hasMedia ? content.caption : content.body || content.pollName || content.eventName) || '',
    type,
    timestamp: t * 1000,
    fromMe: id.fromMe,
    ack,
    quotedMessageId: wakeful?.quotedId ?? null,
  };
}
