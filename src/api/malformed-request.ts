import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { RequestHandler } from 'express';
import { DomainError } from '../domain/error-catalogue.js';
import { toProblem } from './problem.js';

/** How Node reports bytes that it could not read as a request. */
interface ReadError extends NodeJS.ErrnoException {
  /** What came last. */
  rawPacket?: Buffer;
}

function refusalOf({ code }: ReadError): DomainError {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return new DomainError('headers_too_large', 'Address and headers of at most 16 KB together were expected.');
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return new DomainError('request_timeout', 'The whole request was expected sooner. Send it again.');
  }
  return new DomainError('bad_request', 'A request of HTTP/1.1 was expected, but what came could not be read as one.');
}

/**
 * Answers what the app never sees, since Node could not read it, in the form of every other refusal; without this it is
 * a status line with nothing behind it.
 */
export function answerMalformed(http: Server): void {
  const answers = new WeakMap<Duplex, ServerResponse>();
  http.on('request', ({ socket }: IncomingMessage, answer: ServerResponse) => answers.set(socket, answer));

  http.on('clientError', (error: ReadError, socket: Duplex) => {
    const last = answers.get(socket);
    const isAnswering = last?.headersSent && !last.writableFinished;
    if (!socket.writable || isAnswering) return void socket.destroy(error);
    const requestId = randomUUID();
    const problem = { ...toProblem(refusalOf(error)), requestId };
    const body = JSON.stringify(problem);
    const head = [
      `HTTP/1.1 ${problem.status} ${problem.title}`,
      'Connection: close',
      'Cache-Control: no-store',
      'Content-Type: application/problem+json; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(body)}`,
      `X-Request-Id: ${requestId}`,
    ];
    const isHead = error.rawPacket?.toString('latin1', 0, 5) === 'HEAD ';
    socket.end(`${head.join('\r\n')}\r\n\r\n${isHead ? '' : body}`, () => socket.destroy());
  });
}

/** Refuses a request of HTTP/1.1 that does not name the host it is for, as RFC 9112 wants it. */
export const requireHost: RequestHandler = (req, _res, next) => {
  if (req.headers.host === undefined && req.httpVersion === '1.1') {
    throw new DomainError('bad_request', 'A header "Host" was expected, but none came.');
  }
  next();
};
