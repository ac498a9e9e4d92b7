import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { answerMalformed } from './malformed-request.js';

export interface ApiServer {
  /** For what shares the port with the API. */
  readonly http: Server;
  /** Listens; resolves with the address, whose port is a real one also when 0 was asked for. Idempotent. */
  start(): Promise<{ host: string; port: number }>;
  /** Takes no new connections, lets running requests end within the deadline and closes the rest. Idempotent. */
  stop(deadlineMs?: number): Promise<void>;
}

const STOP_DEADLINE_MS = 5_000;
const IDLE_CHECK_MS = 50;

function explain(error: NodeJS.ErrnoException, host: string, port: number): Error {
  const says: Record<string, string> = {
    EADDRINUSE: `Port ${port} on ${host} is in use by another program. Stop that program, or set WAKEFUL_PORT to a free port.`,
    EACCES: `Port ${port} may not be opened by this user. Set WAKEFUL_PORT to one above 1023.`,
    EADDRNOTAVAIL: `This machine has no address ${host}. Set WAKEFUL_HOST to 127.0.0.1, or to an address of this machine.`,
    ENOTFOUND: `The host name ${host} is not known. Set WAKEFUL_HOST to an address of this machine.`,
  };
  const fallback = `The API could not listen on ${host}:${port}: ${error.message}`;
  return new Error(says[error.code ?? ''] ?? fallback, { cause: error });
}

/** Serves the app on an address. Port 0 takes a free one. */
export function createServer(app: RequestListener, host: string, port: number): ApiServer {
  // The app itself refuses a request without a host, with more words.
  const http = createHttpServer({ requireHostHeader: false }, app);
  answerMalformed(http);
  // An expectation that nobody here knows may be ignored (RFC 9110); Node would answer without a word.
  http.on('checkExpectation', app);
  let starting: Promise<{ host: string; port: number }> | null = null;
  let stopping: Promise<void> | null = null;

  const listen = () =>
    new Promise<{ host: string; port: number }>((resolve, reject) => {
      const refuse = (error: NodeJS.ErrnoException) => reject(explain(error, host, port));
      http.once('error', refuse);
      http.listen(port, host, () => {
        http.off('error', refuse);
        const address = http.address();
        resolve({ host, port: typeof address === 'object' && address ? address.port : port });
      });
    });

  const close = (deadlineMs: number) =>
    new Promise<void>((resolve) => {
      if (!http.listening) return resolve();
      // A connection that was busy when the server closed stays open after its answer: look again until all are gone.
      const idle = setInterval(() => http.closeIdleConnections(), IDLE_CHECK_MS);
      const deadline = setTimeout(() => http.closeAllConnections(), deadlineMs);
      http.close(() => {
        clearInterval(idle);
        clearTimeout(deadline);
        resolve();
      });
      http.closeIdleConnections();
    });

  return {
    http,
    start() {
      starting ??= listen();
      return starting;
    },
    stop(deadlineMs = STOP_DEADLINE_MS) {
      // What is still starting must not come up after stop has resolved.
      stopping ??= (starting ?? Promise.resolve()).then(
        () => close(deadlineMs),
        () => undefined,
      );
      return stopping;
    },
  };
}
