import { z } from 'zod';
import { WEBHOOK_EVENTS } from './domain/webhook.js';

const printable = (max: number) =>
  z.string().regex(new RegExp(`^[\\x21-\\x7e]{1,${max}}$`), `expected 1 to ${max} printable ASCII characters`);

function isPlainWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  return ['http:', 'https:'].includes(protocol) && username === '' && password === '';
}

/** An address without a login in it. */
export const plainWebUrl = z
  .string()
  .max(2_048)
  .refine(isPlainWebUrl, 'expected an address that starts with http:// or https:// and holds no login');

/** A receiver of webhooks as a person writes it, in the configuration and over the API. */
export const webhookSchema = z.strictObject({
  url: plainWebUrl,
  token: printable(4_096).nullable().default(null).describe('Sent as `Authorization: Bearer …`; never shown again'),
  hmacKey: z.string().min(1).max(1_024).nullable().default(null).describe('Key of X-Webhook-Hmac; never shown again'),
  events: z
    .array(z.enum(WEBHOOK_EVENTS))
    .max(WEBHOOK_EVENTS.length, 'expected each event once')
    .nullable()
    .default(null)
    .describe('Events to report; null reports all but `session.qr`, which must be named'),
});
