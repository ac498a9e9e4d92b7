import type { RequestHandler, Response } from 'express';
import type { AuditEntry, AuditStore } from '../domain/access-ports.js';
import type { Clock, Logger } from '../domain/ports.js';
import { keyOf } from './auth.js';
import { sessionIdSchema } from './inputs.js';
import type { Route } from './route.js';

const DAY_MS = 24 * 60 * 60_000;
/** Comes all day long and stands in the outbox once it is accepted: only its refusals are worth a line here. */
const SEND = 'POST /api/sessions/:id/messages';

type Subject = Partial<Pick<AuditEntry, 'sessionId' | 'targetId'>>;
const subjects = new WeakMap<Response, Subject>();

/** Says whom a request is about where its path does not: a session, or a key or delivery. */
export function concerns(res: Response, subject: Subject): void {
  subjects.set(res, { ...subjects.get(res), ...subject });
}

interface AuditTrailOptions {
  store: AuditStore;
  clock: Clock;
  logger: Logger;
  keepDays: number;
}

/** Writes down who changed what by the API, or tried to: never what stood in the request. */
export class AuditTrail {
  readonly #options: AuditTrailOptions;

  constructor(options: AuditTrailOptions) {
    this.#options = options;
  }

  /** Middleware in front of a route, behind the sign-in. */
  watch({ method, path }: Pick<Route, 'method' | 'path'>): RequestHandler {
    const action = `${method.toUpperCase()} ${path}`;
    return (req, res, next) => {
      const { id: keyId, name: keyName, role } = keyOf(req);
      const ip = req.ip ?? 'unknown';
      // Express takes the parameters away again when the request has left the route.
      const named = path.startsWith('/api/sessions/:id') ? req.params.id : req.params.sessionId;
      const sessionId = sessionIdSchema.safeParse(named).data ?? null;
      res.once('close', () => {
        const at = this.#options.clock.now();
        const status = res.writableFinished ? res.statusCode : null;
        if (action === SEND && status !== null && status < 400) return;
        this.#append({ at, keyId, keyName, role, action, sessionId, targetId: null, status, ip, ...subjects.get(res) });
      });
      next();
    };
  }

  /** Newest first, those behind `after`. */
  list(options: Parameters<AuditStore['list']>[0]): AuditEntry[] {
    return this.#options.store.list(options);
  }

  /** Forgets what is older than `keepDays`. */
  prune(): void {
    const { store, clock, keepDays } = this.#options;
    this.#guard(() => store.prune(clock.now() - keepDays * DAY_MS));
  }

  #append(entry: Omit<AuditEntry, 'seq'>): void {
    const { at: _, ...fields } = entry;
    const outcome = entry.status ?? 'no answer taken';
    this.#options.logger.info('api.audit', `${entry.keyName}: ${entry.action}: ${outcome}`, fields);
    this.#guard(() => this.#options.store.append(entry));
  }

  /** A database that cannot write must not keep a request from its answer; the log has the entry all the same. */
  #guard(write: () => void): void {
    try {
      write();
    } catch (error) {
      this.#options.logger.error('service.unhandled', `The audit trail could not be written: ${String(error)}`);
    }
  }
}
