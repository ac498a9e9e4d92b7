import { z } from 'zod';

export const phoneNumber = z.string().regex(/^\d{5,20}$/, 'a phone number is 5 to 20 digits, without +');

const media = z.object({
  mimetype: z.string(),
  /** Base64. */
  data: z.string(),
  filename: z.string().optional(),
});

/** What somebody writes to an account. */
export const incoming = z.object({
  from: phoneNumber,
  body: z.string(),
  /** The message comes from the sender's lid: this one, or the one the number has when it is `true`. */
  lid: z.union([z.string(), z.boolean()]).optional(),
  /** The chat has the lid, and beside it the message names who wrote it by number. */
  participant: z.boolean().optional(),
  /** The message names this device of the sender: `4915…:12@c.us`. */
  device: z.number().int().min(1).optional(),
  /** How long ago it was written: it comes late. */
  sentAgoMs: z.number().int().min(0).optional(),
  fromName: z.string().optional(),
  /** The message id; made up when left out. The same id twice is delivered once. */
  id: z.string().optional(),
  type: z.enum(['chat', 'image', 'video', 'audio', 'ptt', 'document', 'sticker', 'location']).optional(),
  media: media.optional(),
  location: z.object({ latitude: z.number(), longitude: z.number(), description: z.string().optional() }).optional(),
  quotedId: z.string().optional(),
  /** The message is in a group that both are in. */
  group: z.object({ id: z.string().regex(/^[\d-]+$/, 'a group id is digits and dashes'), name: z.string() }).optional(),
});
export type IncomingMessage = z.infer<typeof incoming>;

/** What the owner of an account writes on the phone: the linked device hears of it. */
export const ownMessage = z.object({ to: phoneNumber, body: z.string() });
export type OwnMessage = z.infer<typeof ownMessage>;
