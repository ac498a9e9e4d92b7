import { z } from 'zod';
import type { IncomingMessage } from '../../domain/message.js';

const mediaSchema = z.object({
  mimeType: z.string(),
  fileName: z.string().nullable(),
  sizeBytes: z.number(),
  link: z.object({ id: z.string(), url: z.string(), expiresAt: z.number() }).nullable(),
});

/** A received message as it is stored; one of an earlier version has no files and knows no changes. */
export const messageSchema: z.ZodType<IncomingMessage> = z.object({
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
  media: mediaSchema.nullable().default(null),
  editedAt: z.number().nullable().default(null),
  revokedAt: z.number().nullable().default(null),
});
