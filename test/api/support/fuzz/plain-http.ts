import { Agent, type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';

/** A request as it goes over the wire: unlike fetch, nothing of it is put right on the way. */
export interface PlainRequest {
  method: string;
  path: string;
  headers: Readonly<Record<string, string | string[]>>;
  body: Buffer | null;
}

export interface PlainAnswer {
  status: number;
  headers: IncomingMessage['headers'];
  text: string;
  /** Processor time of this process, both sides of the call and whatever else it did meanwhile. */
  cpuMs: number;
}

/** Sends requests over connections that are kept; rejects when no whole answer came within the time. */
export function createPlainHttp(port: number, patienceMs: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 60 });
  const address = { host: '127.0.0.1', port };

  function send({ method, path, headers, body }: PlainRequest): Promise<PlainAnswer> {
    const before = process.cpuUsage();
    return new Promise((resolve, reject) => {
      const signal = AbortSignal.timeout(patienceMs);
      const sent = request({ ...address, agent, method, path, headers, signal }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('error', reject);
        answer.on('end', () => {
          const text = Buffer.concat(chunks).toString('utf8');
          const { user, system } = process.cpuUsage(before);
          resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, cpuMs: (user + system) / 1_000 });
        });
      });
      sent.on('error', reject);
      sent.end(body ?? undefined);
    });
  }

  /** Writes bytes that need not be HTTP; resolves with all that came until the server closed the connection. */
  function write(bytes: string | Buffer): Promise<string> {
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      const socket = connect(address, () => socket.write(bytes));
      const timer = setTimeout(() => {
        socket.destroy();
        reject(new Error(`The connection was not closed within ${patienceMs} ms; so far: ${Buffer.concat(chunks)}`));
      }, patienceMs);
      socket.on('data', (chunk) => chunks.push(chunk));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearTimeout(timer);
        resolve(Buffer.concat(chunks).toString('latin1'));
      });
    });
  }

  return { send, write, close: () => agent.destroy() };
}
