import type { WebSocket } from 'ws';
import { type PageFrame, pageFrame, type ServerFrame } from '../frame.js';
import type { Account } from './account.js';
import type { FaultBoard } from './fault-board.js';

export interface PageListener {
  frame(page: PageConnection, frame: PageFrame): void;
  closed(page: PageConnection): void;
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** One page's socket, seen from the server, with whatever the network does to it. */
export class PageConnection {
  /** Set once the page has signed in. */
  account: Account | null = null;
  pageId = '';
  /** Whose credentials it showed, whether or not it was let in. */
  claimedNumber: string | null = null;
  synced = false;
  readonly #socket: WebSocket;
  readonly #faults: FaultBoard;
  readonly #baseLatencyMs: () => number;
  /** Frames that the black hole holds back. */
  #held: ServerFrame[] = [];

  constructor(socket: WebSocket, faults: FaultBoard, baseLatencyMs: () => number, listener: PageListener) {
    this.#socket = socket;
    this.#faults = faults;
    this.#baseLatencyMs = baseLatencyMs;
    socket.on('message', (data) => this.#later(() => this.#parse(String(data), listener)));
    socket.on('close', () => listener.closed(this));
    socket.on('error', () => socket.terminate());
    this.settle();
  }

  get phoneNumber(): string | null {
    return this.account?.phoneNumber ?? this.claimedNumber;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  send(frame: ServerFrame): void {
    if (this.#isHeld) {
      this.#held.push(frame);
      return;
    }
    this.#later(() => this.#write(frame));
  }

  /** Cuts the line as a network does: no goodbye. */
  cut(): void {
    this.#socket.terminate();
  }

  /** Ends the connection properly, after what was sent has gone out. */
  close(): void {
    this.#socket.close();
  }

  /** To be called when faults have changed: stops or resumes the flow in both directions. */
  settle(): void {
    if (this.#isHeld) {
      // What the page sends stays in the buffers of the network, and may still arrive: late, not lost.
      this.#socket.pause();
      return;
    }
    if (this.#socket.isPaused) this.#socket.resume();
    const held = this.#held;
    this.#held = [];
    for (const frame of held) this.#write(frame);
  }

  get #isHeld(): boolean {
    return this.#faults.find('black-hole', this.phoneNumber) !== undefined;
  }

  #later(run: () => void): void {
    const latencyMs = (this.#faults.find('slow', this.phoneNumber)?.latencyMs ?? 0) + this.#baseLatencyMs();
    if (latencyMs > 0) setTimeout(run, latencyMs);
    else run();
  }

  #write(frame: ServerFrame): void {
    if (this.#isHeld) this.#held.push(frame);
    else if (this.isOpen) this.#socket.send(JSON.stringify(frame));
  }

  #parse(text: string, listener: PageListener): void {
    const parsed = pageFrame.safeParse(readJson(text));
    // A frame we do not know is a bug in the page: end the line where it can be seen.
    if (parsed.success) listener.frame(this, parsed.data);
    else this.#socket.close(1008, parsed.error.issues[0]?.message.slice(0, 100));
  }
}
