import type { Request, RequestHandler } from 'express';
import { ipKeyGenerator, rateLimit } from 'express-rate-limit';
import { DomainError } from '../domain/error-catalogue.js';
import type { ApiKey, KeyStore } from '../domain/store-ports.js';
import { hashKey } from './keys.js';
import type { Access } from './route.js';
import { SteadyLimitStore } from './steady-limit-store.js';

const MINUTE_MS = 60_000;
const MAX_REMEMBERED = 10_000;
const identities = new WeakMap<Request, ApiKey>();

/** The key that a request came with; only for requests that passed `authenticate`. */
export function keyOf(req: Request): ApiKey {
  const key = identities.get(req);
  if (!key) throw new DomainError('unauthorized', 'This request was not signed in.');
  return key;
}

function secretOf(req: Request): string | null {
  const bearer = /^Bearer +(\S+) *$/i.exec(req.get('Authorization') ?? '')?.[1];
  return bearer ?? req.get('X-Api-Key') ?? null;
}

const addressOf = (req: Request) => ipKeyGenerator(req.ip ?? '0.0.0.0');

/**
 * Lets a request through that brings a known key. Wrong keys count per address; above the limit no key is looked at
 * any more from there, so that guessing stops. Only keys that were good from that address before still are: one
 * misconfigured program must not lock out its neighbours behind the same address.
 */
export function authenticate(keys: KeyStore, failedSignInsPerMinute: number): RequestHandler {
  const seenGood = new Set<string>();
  const failures = rateLimit({
    windowMs: MINUTE_MS,
    store: new SteadyLimitStore(),
    limit: failedSignInsPerMinute,
    keyGenerator: addressOf,
    standardHeaders: false,
    legacyHeaders: false,
    validate: { xForwardedForHeader: false },
    handler: (_req, _res, next) => next(tooManyFailures()),
  });

  return async (req, res, next) => {
    const secret = secretOf(req);
    const hash = secret === null ? null : hashKey(secret);
    const address = addressOf(req);
    const visitor = `${address} ${hash}`;
    const failed = await failures.getKey(address);
    if (failed && failed.totalHits >= failedSignInsPerMinute && !seenGood.has(visitor)) {
      const waitMs = failed.resetTime ? failed.resetTime.getTime() - Date.now() : MINUTE_MS;
      res.set('Retry-After', `${Math.max(1, Math.ceil(waitMs / 1_000))}`);
      throw tooManyFailures();
    }
    const key = hash === null ? null : keys.byHash(hash);
    if (key) {
      if (seenGood.size >= MAX_REMEMBERED) seenGood.clear();
      seenGood.add(visitor);
      identities.set(req, key);
      return next();
    }
    seenGood.delete(visitor);
    await failures(req, res, (refused?: unknown) => next(refused ?? unauthorized(secret)));
  };
}

function tooManyFailures(): DomainError {
  return new DomainError('too_many_requests', 'Too many wrong keys came from this address. Wait a minute.');
}

function unauthorized(secret: string | null): DomainError {
  const what = secret === null ? 'No key came with the request.' : 'The key is not known here, or was revoked.';
  return new DomainError('unauthorized', `${what} Send "Authorization: Bearer <key>" or "X-Api-Key: <key>".`);
}

/** Refuses more than so many requests a second with one key. */
export function limitPerKey(requestsPerSecond: number): RequestHandler {
  return rateLimit({
    windowMs: 1_000,
    store: new SteadyLimitStore(),
    limit: requestsPerSecond,
    keyGenerator: (req: Request) => keyOf(req).id,
    standardHeaders: 'draft-7',
    legacyHeaders: false,
    validate: { xForwardedForHeader: false },
    handler: (_req, _res, next) =>
      next(
        new DomainError('too_many_requests', `At most ${requestsPerSecond} requests a second are taken of one key.`),
      ),
  });
}

/** Refuses a key whose role does not reach: a viewer may only look, and not at what would let him link or read chats. */
export function authorize(access: Access): RequestHandler {
  return (req, _res, next) => {
    if (access === 'operator' && keyOf(req).role === 'viewer') {
      throw new DomainError('forbidden', 'This needs a key of role operator or admin; this one is a viewer.');
    }
    next();
  };
}
