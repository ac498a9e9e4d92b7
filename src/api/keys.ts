import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { ApiKey, KeyStore } from '../domain/access-ports.js';
import { ENVIRONMENT_KEY_ID, isAdmin } from '../domain/key-policy.js';
import type { Logger } from '../domain/ports.js';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const SECRET_LENGTH = 32;
const STRONG_KEY_LENGTH = 16;

/** Hex SHA-256 of a key, which is all that is kept of it. Keys are long and random, so a slow hash would add nothing. */
export function hashKey(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** A new key: `wk_` and 32 characters of base 62, about 190 bits. */
export function makeSecret(): string {
  let secret = '';
  while (secret.length < SECRET_LENGTH) {
    for (const byte of randomBytes(SECRET_LENGTH)) {
      // 248 is the last multiple of 62 in a byte: taking more would favour the first characters.
      if (byte < 248 && secret.length < SECRET_LENGTH) secret += BASE62[byte % 62];
    }
  }
  return `wk_${secret}`;
}

/** A key for every session, for ever. */
function adminKey(id: string, name: string, createdAt: number): ApiKey {
  return { id, name, role: 'admin', sessionIds: null, createdAt, expiresAt: null, lastUsedAt: null };
}

/** An id for a new key. */
export function makeKeyId(): string {
  return `key_${randomUUID()}`;
}

/**
 * Sees to it that somebody can sign in and make keys. A configured key becomes the admin key `environment`, in place of the one that
 * an earlier configuration gave; without one, and without an admin key that is valid, a first admin key is made. Gives that key's
 * secret, to be shown this once, or null when none was made.
 */
export function ensureFirstKey(keys: KeyStore, configuredApiKey: string | null, now: number): string | null {
  keys.remove(ENVIRONMENT_KEY_ID);
  if (configuredApiKey !== null) {
    const hash = hashKey(configuredApiKey);
    if (keys.byHash(hash) === null) keys.insert(adminKey(ENVIRONMENT_KEY_ID, 'environment', now), hash);
    return null;
  }
  if (keys.list().some((key) => isAdmin(key, now))) return null;
  const secret = makeSecret();
  keys.insert(adminKey(makeKeyId(), 'first', now), hashKey(secret));
  return secret;
}

/** The same at the start of the service: shows a first key on the console, and warns of one that can be guessed. */
export function showKeys(
  keys: KeyStore,
  configuredApiKey: string | null,
  { logger, now }: { logger: Logger; now: number },
): void {
  const firstKey = ensureFirstKey(keys, configuredApiKey, now);
  if (firstKey !== null) {
    // The one place where a key is written out; it never reaches a log file.
    process.stdout.write(`\nYour API key, shown this once: ${firstKey}\nUse it as "Authorization: Bearer <key>".\n\n`);
    logger.info('api.first_key', 'A first API key was made and shown on the console');
  }
  if (configuredApiKey !== null && configuredApiKey.length < STRONG_KEY_LENGTH) {
    const words = `The configured API key has fewer than ${STRONG_KEY_LENGTH} characters and can be guessed; take a longer one`;
    logger.warn('api.weak_key', words);
  }
}
