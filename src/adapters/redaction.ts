import type { LogFields } from '../domain/ports.js';

/** What a person must be able to look up again; these hold ids of ours, never a number of somebody else. */
const IDS = new Set([
  'sessionId',
  'messageId',
  'requestId',
  'incidentId',
  'eventId',
  'deliveryId',
  'keyId',
  'event',
  'reason',
]);
const SECRETS = new Set(['token', 'hmackey', 'apikey', 'authorization', 'xapikey', 'password', 'secret', 'cookie']);
/** A QR code or what people write to each other: not even its length belongs in a log. */
const NEVER = new Set(['qr', 'text', 'body', 'pairingcode']);
const HIDDEN = '[redacted]';

// +49 151 1234-567: a plus sign allows for separators.
const SPACED_NUMBER = /\+\d(?:[ .()/-]{0,2}\d){6,14}(?![A-Za-z0-9])/g;
// 491511234567, also inside of WhatsApp ids such as true_491511234567@c.us_3EB0…; not inside of a hash.
const PLAIN_NUMBER = /(?<![A-Za-z0-9.])\d{7,15}(?![A-Za-z0-9])/g;
const BEARER = /\b(Bearer|Basic)\s+[\w.~+/=-]+/gi;
const OWN_KEY = /\bwk_[A-Za-z0-9]+/g;
const URL_LOGIN = /(:\/\/)[^\s/@]+@/g;
const URL_SECRET = /([?&](?:token|key|apikey|api_key|secret|password)=)[^&\s]+/gi;

/** What all of these need at the least: most lines have nothing of it, and are then looked through once. */
const SUSPICIOUS = /\d{7}|\+\d|wk_|bearer|basic|:\/\/|[?&]/i;

function shorten(number: string): string {
  const digits = number.replace(/\D/g, '');
  return `${digits.slice(0, 3)}${'*'.repeat(digits.length - 5)}${digits.slice(-2)}`;
}

/** Takes phone numbers (first 3 and last 2 digits stay), keys and passwords out of a sentence. */
export function redactText(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text
    .replace(BEARER, `$1 ${HIDDEN}`)
    .replace(OWN_KEY, HIDDEN)
    .replace(URL_LOGIN, `$1${HIDDEN}@`)
    .replace(URL_SECRET, `$1${HIDDEN}`)
    .replace(SPACED_NUMBER, shorten)
    .replace(PLAIN_NUMBER, shorten);
}

/** The fields of a log line without secrets; QR codes and message contents are left out altogether. */
export function redactFields(fields: LogFields): LogFields {
  const safe: Record<string, LogFields[string]> = {};
  for (const [name, value] of Object.entries(fields)) {
    const plainName = name.toLowerCase().replace(/[^a-z]/g, '');
    if (value === undefined || NEVER.has(plainName)) continue;
    if (SECRETS.has(plainName)) safe[name] = HIDDEN;
    else safe[name] = typeof value === 'string' && !IDS.has(name) ? redactText(value) : value;
  }
  return safe;
}
