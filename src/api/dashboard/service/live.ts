import { io, type Socket } from 'socket.io-client';
import type { IncidentView, QrView, SentMessage, SessionView } from '../contract.js';
import { itemOf, type LogNews, type TimelineItem } from '../model/timeline-item.js';
import { type Api, errorWords } from './api.js';
import { BatchedStore } from './batched-store.js';
import {
  type LiveState,
  NOTHING_YET,
  withIncident,
  withLine,
  withoutSession,
  withQr,
  withSession,
} from './live-state.js';

/** What docs/realtime.md says of the events that the page listens to. */
interface Incoming {
  sessions: (news: { items: SessionView[] }) => void;
  'session-status': (session: SessionView & { seq: number }) => void;
  'session-removed': (news: { sessionId: string }) => void;
  'session-qr': (news: QrView & { sessionId: string }) => void;
  'message-ack': (message: SentMessage & { sessionId: string }) => void;
  log: (line: LogNews) => void;
  incident: (news: IncidentView & { change: string }) => void;
}

/** What is told one by one, beside the state. */
interface Listeners {
  line: (line: TimelineItem) => void;
  ack: (message: SentMessage & { sessionId: string }) => void;
}

/** The fleet as it is, kept so by Socket.IO. Who was away gets what he missed, or everything anew. */
export class Live {
  readonly store = new BatchedStore<LiveState>(NOTHING_YET);
  readonly #api: Api;
  readonly #onRefused: (why: string) => void;
  readonly #listeners: { [N in keyof Listeners]: Set<Listeners[N]> } = {
    line: new Set<Listeners['line']>(),
    ack: new Set<Listeners['ack']>(),
  };
  #socket: Socket<Incoming> | null = null;
  #after: number | null = null;

  /** `onRefused` is called when the key is no longer taken. */
  constructor(api: Api, onRefused: (why: string) => void) {
    this.#api = api;
    this.#onRefused = onRefused;
  }

  start(): void {
    if (this.#socket !== null) return;
    const socket: Socket<Incoming> = io({
      auth: (tell) => tell({ token: this.#api.key, after: this.#after }),
      // The other one is for proxies that pass no WebSocket on.
      transports: ['websocket', 'polling'],
      tryAllTransports: true,
      reconnectionDelayMax: 5_000,
    });
    this.#socket = socket;
    this.#follow(socket);
    this.#listen(socket);
  }

  stop(): void {
    this.#socket?.disconnect();
    this.#socket = null;
  }

  /** Calls at each line of a timeline, or at each news of a message that was sent; gives back how to stop that. */
  on<N extends keyof Listeners>(name: N, listener: Listeners[N]): () => void {
    const listeners: Set<Listeners[N]> = this.#listeners[name];
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }

  #follow(socket: Socket<Incoming>): void {
    const connection = (to: LiveState['connection']) => this.store.change((state) => ({ ...state, connection: to }));
    socket.on('connect', () => {
      connection('live');
      void this.#loadIncidents();
    });
    socket.on('disconnect', (reason) => {
      connection('lost');
      // The service threw us out: the next connection tells why, and the library makes none by itself then.
      if (reason === 'io server disconnect') socket.connect();
    });
    socket.on('connect_error', (error) => {
      const problem = (error as { data?: { code?: string; detail?: string } }).data;
      if (problem?.code === 'unauthorized') return this.#onRefused(problem.detail ?? error.message);
      connection('lost');
      // Refused for another reason, such as too many connections: the library gives up after that, we do not.
      if (problem !== undefined) setTimeout(() => this.#socket?.connect(), 5_000);
    });
    socket.onAny((_name, { seq }: { seq?: number }) => {
      this.#after = seq ?? this.#after;
    });
  }

  #listen(socket: Socket<Incoming>): void {
    const { store } = this;
    socket.on('sessions', ({ items }) => {
      const sessions = new Map(items.map((session) => [session.id, session]));
      store.change((state) => ({ ...state, sessions }));
    });
    socket.on('session-status', (session) => store.change((state) => withSession(state, session)));
    socket.on('session-removed', ({ sessionId }) => store.change((state) => withoutSession(state, sessionId)));
    socket.on('session-qr', ({ sessionId, qr, expiresAt }) =>
      store.change((state) => withQr(state, sessionId, { qr, expiresAt })),
    );
    socket.on('incident', ({ change: _, ...incident }) => store.change((state) => withIncident(state, incident)));
    socket.on('log', (news) => {
      const line = itemOf(news);
      store.change((state) => withLine(state, line));
      for (const listener of this.#listeners.line) listener(line);
    });
    socket.on('message-ack', (message) => {
      for (const listener of this.#listeners.ack) listener(message);
    });
  }

  async #loadIncidents(): Promise<void> {
    try {
      const incidents = (await this.#api.incidents(true)).reverse();
      this.store.change((state) => ({ ...state, incidents }));
    } catch (error) {
      console.warn(`Open incidents could not be read: ${errorWords(error)}`);
    }
  }
}
