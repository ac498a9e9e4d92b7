import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  /** The body as JSON, when it is. */
  json: { id: string; event: string; sessionId: string | null; phoneNumber: string | null; payload: unknown };
  /** HTTP status that it was answered with; null while it was not. */
  status: number | null;
}

type Behave = (call: Call, res: ServerResponse) => void | Promise<void>;

/** Somebody who is told by webhooks: a real HTTP server on loopback that keeps every call it gets. */
export class Receiver {
  readonly calls: Call[] = [];
  /** What it does with a call; it answers 200 unless told otherwise. */
  behave: Behave = (_call, res) => void res.end();
  /** Most calls that were open at the same time. */
  mostAtOnce = 0;
  #open = 0;
  readonly #server = createServer((req, res) => void this.#take(req, res));

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/hook`;
  }

  /** Calls that it took, by its own 2xx answers, in order. */
  get taken(): Call[] {
    return this.calls.filter(({ status }) => status !== null && status >= 200 && status < 300);
  }

  async start(port = 0): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(port, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    if (!this.#server.listening) return;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    this.#open += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#open);
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const { method = '', url: path = '', headers } = req;
    const call: Call = { method, path, headers, body, json: body === '' ? null : JSON.parse(body), status: null };
    this.calls.push(call);
    res.once('close', () => {
      this.#open -= 1;
    });
    res.once('finish', () => {
      call.status = res.statusCode;
    });
    await this.behave(call, res);
  }
}
