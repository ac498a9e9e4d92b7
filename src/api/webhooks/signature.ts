import { createHmac } from 'node:crypto';
import type { WebhookEndpoint } from '../../domain/webhook.js';

/** Hex HMAC-SHA512 over the raw body: what a receiver computes to know that it was us. */
export function signatureOf(body: string, hmacKey: string): string {
  return createHmac('sha512', hmacKey).update(body, 'utf8').digest('hex');
}

interface Envelope {
  /** The same on every attempt. */
  requestId: string;
  body: string;
  now: number;
  version: string;
}

/** The headers of one attempt. */
export function headersFor(
  { token, hmacKey }: Pick<WebhookEndpoint, 'token' | 'hmacKey'>,
  { requestId, body, now, version }: Envelope,
): Record<string, string> {
  return {
    'Content-Type': 'application/json',
    'User-Agent': `Wakeful/${version}`,
    'X-Webhook-Request-Id': requestId,
    'X-Webhook-Timestamp': String(now),
    ...(hmacKey === null ? {} : { 'X-Webhook-Hmac': signatureOf(body, hmacKey), 'X-Webhook-Hmac-Algorithm': 'sha512' }),
    ...(token === null ? {} : { Authorization: `Bearer ${token}` }),
  };
}
