import { z } from 'zod';
import { type IncomingMessage, OUTBOX_STATUSES, type OutboxMessage } from '../domain/message.js';
import { pageQuery, recipientSchema, sessionParams } from './inputs.js';

const MAX_TEXT_LENGTH = 65_536;
const TEXT_HINT = `expected a text of 1 to ${MAX_TEXT_LENGTH} characters`;

const mediaSchema = z
  .strictObject({
    url: z.string().exactOptional(),
    base64: z.string().exactOptional(),
    mimeType: z.string(),
    fileName: z.string().exactOptional(),
  })
  .describe('Not sent yet: answered with 501');

export const sendMessageBody = z
  .strictObject({
    to: recipientSchema,
    text: z
      .string()
      .min(1, TEXT_HINT)
      .max(MAX_TEXT_LENGTH, TEXT_HINT)
      .refine((text) => !/\p{Surrogate}/u.test(text), 'expected well-formed Unicode, but half of a surrogate pair came')
      .exactOptional(),
    media: mediaSchema.exactOptional(),
    caption: z.string().exactOptional(),
    quotedMessageId: z.string().min(1).exactOptional().describe('Not sent yet: answered with 501'),
  })
  .refine(({ text, media }) => text !== undefined || media !== undefined, { path: ['text'], error: TEXT_HINT })
  .refine(({ text, media }) => text === undefined || media === undefined, {
    path: ['media'],
    error: 'expected either text or media; the words beside media are its caption',
  });

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

export const acceptedSchema = z.object({ id: z.string(), status: z.enum(OUTBOX_STATUSES) });

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

export const receivedMessageSchema = z.object({
  ...shown,
  fromLid: z.string().optional(),
  quotedMessageId: z.string().optional(),
});

export const sentMessageSchema = z.object({
  ...shown,
  status: z.enum(OUTBOX_STATUSES),
  code: z.string().nullable().describe('Why it is `failed` or `uncertain`'),
  waMessageId: z.string().nullable(),
  idempotencyKey: z.string().nullable(),
  attempts: z.int(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

export const messageParams = sessionParams.extend({ messageId: z.string().min(1).max(200) });

export const messagesQuery = pageQuery
  .extend({
    direction: z.enum(['sent', 'received']).default('sent').describe('`received` lists the inbox'),
    status: z.enum(OUTBOX_STATUSES).exactOptional().describe('Only with direction=sent'),
  })
  .refine(({ direction, status }) => direction === 'sent' || status === undefined, {
    path: ['status'],
    error: 'expected only with direction=sent: received messages have no status',
  });

/** A received message as it is shown: what is not known is left out. */
export function showReceived({
  fromLid,
  quotedMessageId,
  ...message
}: IncomingMessage): z.infer<typeof receivedMessageSchema> {
  return {
    ...message,
    ...(fromLid === null ? {} : { fromLid }),
    ...(quotedMessageId === null ? {} : { quotedMessageId }),
  };
}

/** A message of the outbox as it is shown; `phoneNumber` is the session's own, null when it was never linked. */
export function showSent(message: OutboxMessage, phoneNumber: string | null): z.infer<typeof sentMessageSchema> {
  return {
    id: message.id,
    from: phoneNumber === null ? null : `${phoneNumber}@c.us`,
    to: message.to,
    chatId: message.to,
    body: message.text,
    type: 'chat',
    timestamp: message.createdAt,
    fromMe: true,
    ack: message.ack,
    status: message.status,
    code: message.failureCode,
    waMessageId: message.waMessageId,
    idempotencyKey: message.idempotencyKey,
    attempts: message.attempts,
    createdAt: new Date(message.createdAt).toISOString(),
    updatedAt: new Date(message.updatedAt).toISOString(),
  };
}
