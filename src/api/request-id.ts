import { randomUUID } from 'node:crypto';
import type { Request, RequestHandler } from 'express';

const ACCEPTABLE = /^[\w.-]{1,128}$/;
const ids = new WeakMap<Request, string>();

/** Gives every request an id: the caller's X-Request-Id when it is sane, so that logs of both sides can be matched. */
export const assignRequestId: RequestHandler = (req, res, next) => {
  const given = req.get('X-Request-Id');
  const id = given !== undefined && ACCEPTABLE.test(given) ? given : randomUUID();
  ids.set(req, id);
  res.set('X-Request-Id', id);
  next();
};

/** The id of a request that went through `assignRequestId`. */
export function requestIdOf(req: Request): string {
  return ids.get(req) ?? 'unknown';
}
