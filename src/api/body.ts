import { json, type Request, type RequestHandler } from 'express';
import PQueue from 'p-queue';
import { DomainError } from '../domain/error-catalogue.js';

const hasBody = (req: Request) =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

/** Refuses a body of another type, which would otherwise be taken for none. */
const expectJson: RequestHandler = (req, _res, next) => {
  if (req.method !== 'GET' && hasBody(req) && !req.is('application/json')) {
    const came = req.get('Content-Type') ?? 'none';
    throw new DomainError('unsupported_media_type', `Content-Type: application/json was expected, but it is ${came}.`);
  }
  next();
};

const LARGE_BYTES = 1024 * 1024;
/** A body of 90 MB takes thrice that while it is read: many at once would take the memory of all sessions. */
const largeBodies = new PQueue({ concurrency: 2 });

/** Reads large bodies two at a time; the others wait unread. */
function inTurn(read: RequestHandler): RequestHandler {
  return (req, res, next) => {
    if (Number(req.headers['content-length'] ?? Number.POSITIVE_INFINITY) <= LARGE_BYTES || !hasBody(req)) {
      return read(req, res, next);
    }
    const turn = () =>
      new Promise<void>((resolve) => {
        // Whoever hung up while he waited is not read, and nobody waits for him.
        if (res.closed) return resolve();
        res.once('close', resolve);
        read(req, res, (error?: unknown) => {
          resolve();
          next(error);
        });
      });
    largeBodies.add(turn).catch(next);
  };
}

/** Reads a JSON body of at most so many bytes; a request without one has `undefined`. */
export function readJsonBody(maxBytes: number): RequestHandler[] {
  return [expectJson, inTurn(json({ limit: maxBytes }))];
}
