import type { Request, RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import type { ApiKey } from '../domain/access-ports.js';
import { DomainError } from '../domain/error-catalogue.js';
import { maySee } from '../domain/key-policy.js';
import { type Access, namesSession, type Route } from './route.js';
import { type SignIn, secretIn } from './sign-in.js';
import { SteadyLimitStore } from './steady-limit-store.js';

const identities = new WeakMap<Request, ApiKey>();

/** The key that a request came with; only for requests that passed `authenticate`. */
export function keyOf(req: Request): ApiKey {
  const key = identities.get(req);
  if (!key) throw new DomainError('unauthorized', 'This request was not signed in.');
  return key;
}

/** Roles from the least to the most; each may what those before it may. */
const RANKS = { public: 0, viewer: 1, operator: 2, admin: 3 } as const satisfies Record<Access, number>;

/** Whether the role of a key reaches: a viewer may only look, and not at what would let him link or read chats. */
export function reaches(key: ApiKey, access: Access): boolean {
  return RANKS[key.role] >= RANKS[access];
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
function authorizeRole(access: Access): RequestHandler {
  return (req, _res, next) => {
    const key = keyOf(req);
    if (!reaches(key, access)) {
      const needed = access === 'admin' ? 'admin' : 'operator or admin';
      throw new DomainError('forbidden', `This needs a key of role ${needed}; this one is of role ${key.role}.`);
    }
    next();
  };
}

/** Throws as if the session did not exist when the key may not see it: what ids there are is not told. */
export function requireSession(req: Request, id: string): void {
  if (maySee(keyOf(req), id)) return;
  throw new DomainError('session_not_found', `There is no session "${id}".`, { sessionId: id });
}

const authorizeSession: RequestHandler = (req, _res, next) => {
  requireSession(req, String(req.params.id ?? req.params.sessionId));
  next();
};

/** Refuses a key that is limited to some sessions. */
const authorizeFleet: RequestHandler = (req, _res, next) => {
  if (keyOf(req).sessionIds !== null) {
    throw new DomainError('forbidden', 'This concerns every session, and this key is limited to some of them.');
  }
  next();
};

/** Every check of a key that a route needs. What says nothing of limits is closed to keys that have some. */
export function authorize(route: Route): RequestHandler[] {
  const { access, forLimitedKeys } = route;
  if (access === 'public') return [];
  const role = authorizeRole(access);
  if (namesSession(route)) return [role, authorizeSession];
  return forLimitedKeys ? [role] : [role, authorizeFleet];
}
