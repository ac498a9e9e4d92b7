import type { ErrorRequestHandler, RequestHandler } from 'express';
import { ZodError, z } from 'zod';
import { DomainError, ERRORS, type ErrorCode } from '../domain/error-catalogue.js';
import { ClientError, type Logger } from '../domain/ports.js';
import { requestIdOf } from './request-id.js';

/** An error as callers get it, RFC 9457 with our stable `code`. */
export const problemSchema = z.object({
  type: z.string().describe('`urn:wakeful:error:<code>`'),
  title: z.string(),
  status: z.int(),
  detail: z.string().describe('What was expected, what came and what to do'),
  code: z.enum(Object.keys(ERRORS) as [ErrorCode, ...ErrorCode[]]),
  sessionId: z.string().optional(),
  retryable: z.boolean().describe('Whether the same request can succeed later'),
  requestId: z.string().describe('The X-Request-Id of the answer, as in the log'),
  errors: z
    .array(z.object({ path: z.string(), message: z.string() }))
    .optional()
    .describe('What is wrong where in the request'),
});
export type Problem = z.infer<typeof problemSchema>;

const RETRY_AFTER_SECONDS = 5;
/** Words about a body may name all that is in it, such as a hundred thousand fields that are not known. */
const MAX_ERROR_LENGTH = 300;

/** Errors of Express and body-parser, which carry a `type` or a status. */
const httpErrorSchema = z.object({
  status: z.int().min(400).max(499),
  type: z.string().optional(),
  /** Bytes, when the body was larger. */
  limit: z.number().optional(),
});

function problem(code: ErrorCode, detail: string): Omit<Problem, 'requestId'> {
  const { title, status, retryable } = ERRORS[code];
  return { type: `urn:wakeful:error:${code}`, title, status, detail, code, retryable };
}

function ofHttpError({ status, type, limit = 0 }: z.infer<typeof httpErrorSchema>): Omit<Problem, 'requestId'> {
  if (type === 'entity.parse.failed') {
    return problem('bad_request', 'The body was expected to be one JSON object, but it is not valid JSON.');
  }
  if (status === 413) {
    return problem('payload_too_large', `A body of at most ${Math.floor(limit / 2 ** 20)} MB was expected.`);
  }
  if (status === 415) return problem('unsupported_media_type', 'A JSON body in UTF-8 was expected.');
  return problem('bad_request', 'The request could not be read: its address or its body is malformed.');
}

const shortened = (text: string) => (text.length > MAX_ERROR_LENGTH ? `${text.slice(0, MAX_ERROR_LENGTH)}…` : text);

/** What a thrown value tells the caller. An unknown one is a bug of ours and tells nothing of our insides. */
export function toProblem(error: unknown): Omit<Problem, 'requestId'> {
  if (error instanceof DomainError) {
    const found = problem(error.code, error.message);
    return error.sessionId === null ? found : { ...found, sessionId: error.sessionId };
  }
  if (error instanceof ClientError) return problem('client_failed', `${error.message} (${error.reason})`);
  if (error instanceof ZodError) {
    const errors = error.issues.map(({ path, message }) => ({
      path: path.map(String).join('.'),
      message: shortened(message),
    }));
    const detail = errors.map(({ path, message }) => (path === '' ? message : `${path}: ${message}`)).join('; ');
    return { ...problem('bad_request', detail), errors };
  }
  const http = httpErrorSchema.safeParse(error);
  if (http.success) return ofHttpError(http.data);
  return problem('internal', 'The request failed for a reason that is in the log under the requestId of this answer.');
}

/** The last handler: turns whatever was thrown into `application/problem+json`. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, req, res, next) => {
    // The caller hung up; whatever broke off because of it is no failure.
    if (res.destroyed && !res.headersSent) return;
    const requestId = requestIdOf(req);
    const body = { ...toProblem(error), requestId };
    if (body.code === 'internal' || body.code === 'client_failed') {
      logger.error('api.request_failed', `${req.method} ${req.path} failed with ${body.status}.`, {
        requestId,
        code: body.code,
        ...(body.sessionId === undefined ? {} : { sessionId: body.sessionId }),
        error: error instanceof Error ? error.message : String(error),
        ...(body.code === 'internal' && error instanceof Error ? { stack: error.stack } : {}),
      });
    }
    // The answer has begun: all that is left is to end the connection, which Express does.
    if (res.headersSent) return next(error);
    if (body.code === 'unauthorized') res.set('WWW-Authenticate', 'Bearer realm="wakeful"');
    if (body.code === 'not_ready' && !res.hasHeader('Retry-After')) res.set('Retry-After', `${RETRY_AFTER_SECONDS}`);
    res.status(body.status).type('application/problem+json').send(JSON.stringify(body));
  };
}

/** For an address that no route has. */
export const notFound: RequestHandler = (req) => {
  throw new DomainError('not_found', `There is no ${req.path} here. /openapi.json lists every address.`);
};
