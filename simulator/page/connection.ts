import type { PageFrame, Question, ServerFrame } from '../frame.js';

export interface ConnectionListener {
  opened(): void;
  received(frame: ServerFrame): void;
  /** Called once, however the connection ended; not after close(). */
  lost(): void;
}

/** One WebSocket to the server, with a keep-alive that notices a network that has silently stopped passing anything. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #listener: ConnectionListener;
  readonly #keepAliveMs: number;
  readonly #waiting = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #pinger: ReturnType<typeof setInterval> | undefined;
  #heardAt = Date.now();
  #asked = 0;
  #over = false;

  constructor(url: string, keepAliveMs: number, listener: ConnectionListener) {
    this.#listener = listener;
    this.#keepAliveMs = keepAliveMs;
    this.#socket = new WebSocket(url);
    this.#socket.onopen = () => {
      this.#pinger = setInterval(() => this.#ping(), keepAliveMs);
      this.#heardAt = Date.now();
      listener.opened();
    };
    this.#socket.onmessage = (event: MessageEvent<string>) => this.#take(JSON.parse(event.data) as ServerFrame);
    this.#socket.onclose = () => this.#end(true);
  }

  get isOpen(): boolean {
    return !this.#over && this.#socket.readyState === WebSocket.OPEN;
  }

  send(frame: PageFrame): boolean {
    if (!this.isOpen) return false;
    this.#socket.send(JSON.stringify(frame));
    return true;
  }

  /** Rejects when the connection ends before the answer. */
  ask(question: Question): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#asked += 1;
      const n = this.#asked;
      this.#waiting.set(n, { resolve, reject });
      if (!this.send({ kind: 'ask', n, question })) {
        this.#waiting.delete(n);
        reject(new Error('not connected'));
      }
    });
  }

  close(): void {
    this.#end(false);
    this.#socket.close();
  }

  #take(frame: ServerFrame): void {
    if (this.#over) return;
    this.#heardAt = Date.now();
    if (frame.kind === 'pong') return;
    if (frame.kind === 'answer') {
      this.#waiting.get(frame.n)?.resolve(frame.value);
      this.#waiting.delete(frame.n);
      return;
    }
    this.#listener.received(frame);
  }

  #ping(): void {
    if (Date.now() - this.#heardAt > 2 * this.#keepAliveMs) {
      this.#end(true);
      this.#socket.close();
      return;
    }
    this.send({ kind: 'ping' });
  }

  #end(tell: boolean): void {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#pinger);
    for (const { reject } of this.#waiting.values()) reject(new Error('the connection was lost'));
    this.#waiting.clear();
    if (tell) this.#listener.lost();
  }
}
