import { json, type Request, type RequestHandler } from 'express';
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

/** Reads a JSON body of at most so many bytes; a request without one has `undefined`. */
export function readJsonBody(maxBytes: number): RequestHandler[] {
  return [expectJson, json({ limit: maxBytes })];
}
