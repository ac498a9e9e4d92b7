import { z } from 'zod';
import { type IncomingMessage, OUTBOX_STATUSES, type OutboxMessage } from '../domain/message.js';
import { type MessageContent, whatsAppTypeOf, wordsOf } from '../domain/message-content.js';
import type { MessageReaction } from '../domain/message-news.js';
import type { ReceivedMedia } from '../domain/received-media.js';
import { pageQuery, recipientSchema, sessionParams } from './inputs.js';

const MAX_TEXT_LENGTH = 65_536;
const MAX_VALID_SECONDS = 30 * 24 * 60 * 60;
const TEXT_HINT = `expected a text of 1 to ${MAX_TEXT_LENGTH} characters`;
const ONE_CONTENT_HINT = 'expected one of text, media and location; the words beside media are its caption';

const words = z
  .string()
  .min(1, TEXT_HINT)
  .max(MAX_TEXT_LENGTH, TEXT_HINT)
  .refine((text) => !/\p{Surrogate}/u.test(text), 'expected well-formed Unicode, but half of a surrogate pair came');

const httpUrl = z
  .string()
  .max(4096)
  .refine((text) => /^https?:\/\//i.test(text) && URL.canParse(text), 'expected a URL that begins with http or https');

/** Bytes as base64. Node's decoder drops what it does not know, so that anything wrong shows in the length. */
const base64 = z.string().transform((text, context) => {
  const bytes = Buffer.from(text, 'base64');
  const padding = text.endsWith('==') ? 2 : Number(text.endsWith('='));
  const expected = Math.floor(((text.length - padding) * 3) / 4);
  if (bytes.length > 0 && bytes.length === expected) return bytes;
  context.addIssue({ code: 'custom', message: 'expected the bytes of a file in base64, without "data:" before them' });
  return z.NEVER;
});

const mediaSchema = z
  .strictObject({
    url: httpUrl.exactOptional().describe('Fetched when its turn comes'),
    base64: base64.exactOptional().describe('The bytes themselves'),
    mimeType: z
      .string()
      .max(200)
      .regex(/^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/, 'expected a MIME type such as image/png'),
    fileName: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^/\\\p{Cc}]+$/u, 'expected a name without slashes')
      .exactOptional()
      .describe('What the receiver of a document sees'),
  })
  .refine(({ url, base64: bytes }) => (url === undefined) !== (bytes === undefined), {
    error: 'expected either url or base64',
  });

const locationSchema = z.strictObject({
  latitude: z.number().min(-90).max(90),
  longitude: z.number().min(-180).max(180),
  name: words.exactOptional(),
  address: words.exactOptional(),
});

export const sendMessageBody = z
  .strictObject({
    to: recipientSchema,
    text: words.exactOptional(),
    media: mediaSchema.exactOptional(),
    caption: words.exactOptional().describe('Only with media'),
    location: locationSchema.exactOptional(),
    quotedMessageId: z
      .string()
      .min(1)
      .max(300)
      .exactOptional()
      .describe('The `id` of a received message or the `waMessageId` of a sent one that this one replies to'),
    validForSeconds: z
      .int()
      .min(1)
      .max(MAX_VALID_SECONDS)
      .exactOptional()
      .describe('Still queued after this time, it is reported as failed (`expired`) and not sent; absent: for ever'),
  })
  .refine(({ text, media, location }) => [text, media, location].filter((one) => one !== undefined).length > 0, {
    path: ['text'],
    error: TEXT_HINT,
  })
  .refine(({ text, media, location }) => [text, media, location].filter((one) => one !== undefined).length < 2, {
    path: ['media'],
    error: ONE_CONTENT_HINT,
  })
  .refine(({ media, caption }) => caption === undefined || media !== undefined, {
    path: ['caption'],
    error: 'expected only beside media',
  });

/** What the body says; `trusted` tells that an admin says it. */
export function contentOf(
  { text, media, caption, location }: z.output<typeof sendMessageBody>,
  trusted: boolean,
): { content: MessageContent; bytes: Uint8Array | null } {
  if (media !== undefined) {
    const { mimeType, fileName = null, url = null, base64: bytes = null } = media;
    const urlIsTrusted = url !== null && trusted;
    return { content: { type: 'media', mimeType, fileName, caption: caption ?? null, url, urlIsTrusted }, bytes };
  }
  if (location !== undefined) {
    return { content: { type: 'location', name: null, address: null, ...location }, bytes: null };
  }
  return { content: { type: 'text', text: text ?? '' }, bytes: null };
}

export const sendMessageHeaders = z.object({
  'idempotency-key': z
    .string()
    .regex(/^[\x20-\x7e]{1,255}$/, 'expected 1 to 255 printable ASCII characters')
    .exactOptional()
    .describe('The same key with the same body gives the same message; with another body 409'),
  prefer: z
    .string()
    .exactOptional()
    .describe('`wait=SECONDS` (60 at most): answer only once the message is sent, or after this time'),
});

export const acceptedSchema = z.object({
  id: z.string(),
  status: z.enum(OUTBOX_STATUSES),
  detail: z.string().optional().describe('Why it is not sent at once'),
});

const shown = {
  id: z.string(),
  from: z.string().nullable().describe('…@c.us of the sender, also when the message came from a …@lid'),
  to: z.string(),
  chatId: z.string(),
  body: z.string(),
  type: z.string(),
  timestamp: z.number().describe('Milliseconds since 1970'),
  fromMe: z.boolean(),
  ack: z.int(),
};

const receivedMediaSchema = z
  .object({
    mimeType: z.string().describe('As the sender says'),
    fileName: z.string().optional(),
    sizeBytes: z.number(),
    url: z.string().nullable().describe('Gives the file without a key; null when it is larger than what is kept'),
    expiresAt: z.iso.datetime().nullable().describe('Until then the link is good; the file is deleted then'),
  })
  .describe('The file that came with the message');

export const receivedMessageSchema = z.object({
  ...shown,
  fromLid: z.string().optional().describe('…@lid of the sender, when it is known'),
  quotedMessageId: z.string().optional(),
  media: receivedMediaSchema.optional(),
  editedAt: z.number().optional().describe('When its words were changed last; milliseconds since 1970'),
  revokedAt: z.number().optional().describe('When it was deleted for everyone: its words and its file are gone'),
});

export const sentMessageSchema = z.object({
  ...shown,
  media: z.object({ mimeType: z.string(), fileName: z.string().nullable(), url: z.string().nullable() }).optional(),
  location: z
    .object({
      latitude: z.number(),
      longitude: z.number(),
      name: z.string().nullable(),
      address: z.string().nullable(),
    })
    .optional(),
  quotedMessageId: z.string().optional(),
  status: z.enum(OUTBOX_STATUSES),
  code: z.string().nullable().describe('Why it is `failed` or `uncertain`'),
  waMessageId: z.string().nullable(),
  idempotencyKey: z.string().nullable(),
  attempts: z.int(),
  expiresAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const messageParams = sessionParams.extend({ messageId: z.string().min(1).max(200) });

export const messagesQuery = pageQuery
  .extend({
    direction: z.enum(['sent', 'received']).default('sent').describe('`received` lists the inbox'),
    status: z.enum(OUTBOX_STATUSES).exactOptional().describe('Only with direction=sent'),
    to: recipientSchema.exactOptional(),
  })
  .refine(({ direction, status, to }) => direction === 'sent' || (status === undefined && to === undefined), {
    path: ['status'],
    error: 'status and to are expected only with direction=sent',
  });

/** A received message as it is shown: what is not known is left out. */
export function showReceived({
  fromLid,
  quotedMessageId,
  media,
  editedAt,
  revokedAt,
  ...message
}: IncomingMessage): z.infer<typeof receivedMessageSchema> {
  return {
    ...message,
    ...(fromLid === null ? {} : { fromLid }),
    ...(quotedMessageId === null ? {} : { quotedMessageId }),
    ...(media === null ? {} : { media: showMedia(media) }),
    ...(editedAt === null ? {} : { editedAt }),
    ...(revokedAt === null ? {} : { revokedAt }),
  };
}

/** A reaction as it is shown: an empty emoji takes the one before back. */
export type ShownReaction = Omit<MessageReaction, 'fromLid'> & { fromLid?: string };

export function showReaction({ fromLid, ...reaction }: MessageReaction): ShownReaction {
  return { ...reaction, ...(fromLid === null ? {} : { fromLid }) };
}

function showMedia({ mimeType, fileName, sizeBytes, link }: ReceivedMedia): z.infer<typeof receivedMediaSchema> {
  return {
    mimeType,
    ...(fileName === null ? {} : { fileName }),
    sizeBytes,
    url: link?.url ?? null,
    expiresAt: link === null ? null : new Date(link.expiresAt).toISOString(),
  };
}

/** A message of the outbox as it is shown; `phoneNumber` is the session's own, null when it was never linked. */
export function showSent(message: OutboxMessage, phoneNumber: string | null): z.infer<typeof sentMessageSchema> {
  const { content, quotedMessageId } = message;
  const iso = (at: number) => new Date(at).toISOString();
  return {
    id: message.id,
    from: phoneNumber === null ? null : `${phoneNumber}@c.us`,
    to: message.to,
    chatId: message.to,
    body: wordsOf(content),
    type: whatsAppTypeOf(content),
    timestamp: message.createdAt,
    fromMe: true,
    ack: message.ack,
    ...showMore(content),
    ...(quotedMessageId === null ? {} : { quotedMessageId }),
    status: message.status,
    code: message.failureCode,
    waMessageId: message.waMessageId,
    idempotencyKey: message.idempotencyKey,
    attempts: message.attempts,
    expiresAt: message.expiresAt === null ? null : iso(message.expiresAt),
    createdAt: iso(message.createdAt),
    updatedAt: iso(message.updatedAt),
  };
}

function showMore(content: MessageContent): Pick<z.infer<typeof sentMessageSchema>, 'media' | 'location'> {
  if (content.type === 'text') return {};
  if (content.type === 'media') {
    const { mimeType, fileName, url } = content;
    return { media: { mimeType, fileName, url } };
  }
  const { latitude, longitude, name, address } = content;
  return { location: { latitude, longitude, name, address } };
}
