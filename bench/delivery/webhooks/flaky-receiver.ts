import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pause } from '../../support/waiting.js';
import type { Taken } from './told.js';

/** What of a webhook's body is read here. */
interface Body {
  readonly sessionId: string;
  readonly payload: { readonly id: string; readonly timestamp: number };
}

const FAILURES = 1 / 3;
const SLOW = 0.03;
/** Long, but within the 10 s that the service waits. */
const SLOW_MS = { from: 1000, to: 2000 };
const ERRORS = [500, 502, 503];

/**
 * A receiver of webhooks as they are: it fails a third of the calls, by an error, or by closing the connection before or
 * after it has read them; it is slow now and then; and it is not there for a while.
 */
export class FlakyReceiver {
  /** Calls that it answered with 2xx, in order. */
  readonly taken: Taken[] = [];
  readonly counts = { calls: 0, errors: 0, closed: 0, slow: 0 };
  readonly #random: () => number;
  readonly #server = createServer((req, res) => void this.#take(req, res));
  #port = 0;
  #isDown = false;

  constructor(random: () => number) {
    this.#random = random;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}/hook`;
  }

  async start(): Promise<void> {
    this.#isDown = false;
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  /** Takes no call from now on, those that it has begun included. */
  async goDown(): Promise<void> {
    this.#isDown = true;
    const closed = new Promise((resolve) => this.#server.close(resolve));
    this.#server.closeAllConnections();
    await closed;
  }

  async #take(req: IncomingMessage, res: ServerResponse): Promise<void> {
    this.counts.calls += 1;
    const fate = this.#random();
    if (fate < FAILURES / 4) return this.#hangUp(req);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of req) chunks.push(chunk as Buffer);
    } catch {
      // The caller is gone.
      return;
    }
    if (this.#random() < SLOW) {
      this.counts.slow += 1;
      await pause(SLOW_MS.from + this.#random() * (SLOW_MS.to - SLOW_MS.from));
    }
    if (this.#isDown || fate < FAILURES / 2) return this.#hangUp(req);
    if (fate < FAILURES) {
      this.counts.errors += 1;
      res.writeHead(ERRORS[Math.floor(this.#random() * ERRORS.length)] ?? 500).end();
      return;
    }
    const { sessionId, payload } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Body;
    const requestId = String(req.headers['x-webhook-request-id']);
    const id = payload.id.split('_')[2] ?? payload.id;
    // Taken is what the answer has left for.
    res.once('finish', () => {
      this.taken.push({ requestId, id, sessionId, timestamp: payload.timestamp, at: Date.now() });
    });
    res.end();
  }

  #hangUp(req: IncomingMessage): void {
    this.counts.closed += 1;
    req.socket.destroy();
  }
}
