import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import { DomainError } from '../domain/error-catalogue.js';
import type { ApiKey } from '../domain/store-ports.js';
import type { Access } from './route.js';
import { type SignIn, secretIn } from './sign-in.js';
import { SteadyLimitStore } from './steady-limit-store.js';

const identities = new WeakMap<Request, ApiKey>();

/** The key that a request came with; only for requests that passed `authenticate`. */
export function keyOf(req: Request): ApiKey {
  const key = identities.get(req);
  if (!key) throw new DomainError('unauthorized', 'This request was not signed in.');
  return key;
}

/** Whether the key may see that session. Every key may see all of them: here is where one that may not will be told apart. */
export function maySee(_key: ApiKey, _sessionId: string): boolean {
  return true;
}

/** Whether the role of a key reaches: a viewer may only look, and not at what would let him link or read chats. */
export function reaches(key: ApiKey, access: Access): boolean {
  return access !== 'operator' || key.role !== 'viewer';
}

/** Lets a request through that brings a known key. */
export function authenticate(signIn: SignIn): RequestHandler {
  return (req, res, next) => {
    const outcome = signIn.try(secretIn(req.headers), req.ip ?? '0.0.0.0');
    if ('refusal' in outcome) {
      if (outcome.retryAfterSeconds !== null) res.set('Retry-After', `${outcome.retryAfterSeconds}`);
      throw outcome.refusal;
    }
    identities.set(req, outcome.key);
    next();
  };
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

/** Refuses a key whose role does not reach. */
export function authorize(access: Access): RequestHandler {
  return (req, _res, next) => {
    if (!reaches(keyOf(req), access)) {
      throw new DomainError('forbidden', 'This needs a key of role operator or admin; this one is a viewer.');
    }
    next();
  };
}

/** Refuses a session that the key may not see, as if it did not exist. For routes with the session's id in their path. */
export const authorizeSession: RequestHandler = (req, _res, next) => {
  const id = String(req.params.id ?? req.params.sessionId);
  if (!maySee(keyOf(req), id)) {
    throw new DomainError('session_not_found', `There is no session "${id}".`, { sessionId: id });
  }
  next();
};
