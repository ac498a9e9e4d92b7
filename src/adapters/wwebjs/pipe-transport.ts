import type { Readable, Writable } from 'node:stream';
import type { ConnectionTransport } from 'puppeteer';

const END_OF_MESSAGE = 0;

/** DevTools protocol over `--remote-debugging-pipe`: JSON messages, each ended by a zero byte. */
export class PipeTransport implements ConnectionTransport {
  onmessage?: (message: string) => void;
  onclose?: () => void;
  readonly #toBrowser: Writable;
  #parts: Buffer[] = [];
  #closed = false;

  constructor(toBrowser: Writable, fromBrowser: Readable) {
    this.#toBrowser = toBrowser;
    // A browser that is gone shows itself by the end of the stream; EPIPE adds nothing, and must not end the process.
    toBrowser.on('error', () => this.#end());
    fromBrowser.on('error', () => this.#end());
    fromBrowser.on('close', () => this.#end());
    fromBrowser.on('data', (chunk: Buffer) => this.#take(chunk));
  }

  send(message: string): void {
    if (!this.#closed && this.#toBrowser.writable) this.#toBrowser.write(`${message}\0`);
  }

  close(): void {
    this.#closed = true;
  }

  #end(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.onclose?.();
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    for (let end = rest.indexOf(END_OF_MESSAGE); end !== -1; end = rest.indexOf(END_OF_MESSAGE)) {
      this.#parts.push(rest.subarray(0, end));
      const message = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      rest = rest.subarray(end + 1);
      // Its own turn each, as puppeteer's transport does: what one message makes happen is done before the next.
      setImmediate(() => {
        if (!this.#closed) this.onmessage?.(message);
      });
    }
    if (rest.length > 0) this.#parts.push(rest);
  }
}
