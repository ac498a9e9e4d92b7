import type { IncomingHttpHeaders } from 'node:http';
import { ipKeyGenerator } from 'express-rate-limit';
import type { ApiKey, KeyStore } from '../domain/access-ports.js';
import { DomainError } from '../domain/error-catalogue.js';
import { isUseWorthNoting, isValid } from '../domain/key-policy.js';
import type { Clock } from '../domain/ports.js';
import { hashKey } from './keys.js';
import { SteadyLimitStore } from './steady-limit-store.js';

const MINUTE_MS = 60_000;
const MAX_REMEMBERED = 10_000;

/** The key somebody signed in with, and its hash to look it up again; or what he is told instead. */
export type SignInOutcome =
  | { key: ApiKey; hash: string }
  | { refusal: DomainError /** When trying again can help, seconds. */; retryAfterSeconds: number | null };

/** The secret in the headers of a request, null when there is none. */
export function secretIn(headers: IncomingHttpHeaders): string | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  const apiKey = headers['x-api-key'];
  return bearer ?? (typeof apiKey === 'string' ? apiKey : null);
}

/**
 * Knows the keys, by whatever way they come in. Wrong keys count per address; above the limit no key is looked at any
 * more from there, so that guessing stops. Only keys that were good from that address before still are: one
 * misconfigured program must not lock out its neighbours behind the same address.
 */
export class SignIn {
  readonly #keys: KeyStore;
  readonly #failuresPerMinute: number;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #failures = new SteadyLimitStore();
  readonly #seenGood = new Set<string>();

  constructor(keys: KeyStore, failuresPerMinute: number, clock: Pick<Clock, 'now'>) {
    this.#keys = keys;
    this.#clock = clock;
    this.#failuresPerMinute = failuresPerMinute;
    this.#failures.init({ windowMs: MINUTE_MS });
  }

  /** `ip` is the caller's address as the connection shows it. */
  try(secret: string | null, ip: string): SignInOutcome {
    const hash = secret === null ? null : hashKey(secret);
    const address = ipKeyGenerator(ip);
    const visitor = `${address} ${hash}`;
    const failed = this.#failures.get(address);
    if (failed && failed.totalHits >= this.#failuresPerMinute && !this.#seenGood.has(visitor)) {
      const waitMs = failed.resetTime ? failed.resetTime.getTime() - Date.now() : MINUTE_MS;
      return { refusal: tooManyFailures(), retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1_000)) };
    }
    const key = hash === null ? null : this.keyOf(hash);
    if (key && hash !== null) {
      if (this.#seenGood.size >= MAX_REMEMBERED) this.#seenGood.clear();
      this.#seenGood.add(visitor);
      return { key, hash };
    }
    this.#seenGood.delete(visitor);
    this.#failures.increment(address);
    return { refusal: unauthorized(secret), retryAfterSeconds: null };
  }

  /** The key as it is now, null once it was revoked or has expired: also for connections that outlive their sign-in. */
  keyOf(hash: string): ApiKey | null {
    const now = this.#clock.now();
    const key = this.#keys.byHash(hash);
    if (key === null || !isValid(key, now)) return null;
    if (isUseWorthNoting(key, now)) this.#note(key, now);
    return key;
  }

  #note(key: ApiKey, now: number): void {
    try {
      this.#keys.used(key.id, now);
    } catch {
      // A database that cannot write (a full disk) must not keep anybody out who could mend it.
    }
  }
}

function tooManyFailures(): DomainError {
  return new DomainError('too_many_requests', 'Too many wrong keys came from this address. Wait a minute.');
}

function unauthorized(secret: string | null): DomainError {
  const what =
    secret === null ? 'No key came with the request.' : 'The key is not known here, was revoked or has expired.';
  const how = 'Send "Authorization: Bearer <key>" or "X-Api-Key: <key>"; Socket.IO also takes auth.token.';
  return new DomainError('unauthorized', `${what} ${how}`);
}
