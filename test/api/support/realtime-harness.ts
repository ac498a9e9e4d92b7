import type { Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import { type Socket as IoSocket, io, type ManagerOptions, type SocketOptions } from 'socket.io-client';
import { RealtimeGateway } from '../../../src/api/realtime/gateway.js';
import { type ApiServer, createServer } from '../../../src/api/server.js';
import type { IncomingMessage } from '../../../src/domain/message.js';
import { initialState, type Phase, type SessionState } from '../../../src/domain/session-state.js';
import { EventBus } from '../../../src/fleet/event-bus.js';
import { FakeClock } from '../../support/fake-clock.js';
import { FakeLogger } from '../../support/fake-logger.js';
import { anIncoming } from '../../support/fake-whatsapp.js';
import { startApi } from './api-harness.js';

export type Payload = Record<string, unknown> & { seq: number; sessionId: string; items: { id: string }[] };
export interface Received {
  name: string;
  payload: Payload;
}

/** What a client says of itself, or the function of socket.io-client that gives it at each connection. */
type Auth = Record<string, unknown> | ((tell: (auth: object) => void) => void);

/** A real client that writes down what it gets. */
export class TestClient {
  readonly socket: IoSocket;
  readonly received: Received[] = [];
  readonly #waiters = new Set<() => void>();

  constructor(url: string, auth: Auth, options: Partial<ManagerOptions & SocketOptions>) {
    this.socket = io(url, { auth, forceNew: true, transports: ['websocket'], reconnectionDelay: 10, ...options });
    this.socket.onAny((name: string, payload: Payload) => {
      this.received.push({ name, payload });
      for (const look of this.#waiters) look();
    });
  }

  /** Resolves with the first event that fits, which may have come already. */
  gets(name: string, fits: (payload: Payload) => boolean = () => true): Promise<Payload> {
    return new Promise((resolve) => {
      const look = () => {
        const found = this.received.find((event) => event.name === name && fits(event.payload));
        if (!found) return;
        this.#waiters.delete(look);
        resolve(found.payload);
      };
      this.#waiters.add(look);
      look();
    });
  }

  /** Resolves with the reason when the connection ends. */
  ends(): Promise<string> {
    return new Promise((resolve) => this.socket.once('disconnect', resolve));
  }

  /** Resolves with what the connection is refused with. */
  isRefused(): Promise<{ message: string; data?: Record<string, unknown> }> {
    return new Promise((resolve) => this.socket.once('connect_error', resolve));
  }

  named(name: string): Payload[] {
    return this.received.filter((event) => event.name === name).map(({ payload }) => payload);
  }
}

export function aState(phase: Phase, change: Partial<SessionState> = {}): SessionState {
  return { ...initialState(0), ...change, ...phase } as SessionState;
}

export const IDLE = aState({ status: 'idle', wakeAt: null });
export const CONNECTED = aState({ status: 'connected', stableAt: 0, stable: false }, { reason: 'ready' });
export const LOST = aState({ status: 'reconnecting', step: 'waiting', dueAt: 0 }, { reason: 'browser_crashed' });

export function aMessage(id: string, body = 'Hello'): IncomingMessage {
  return anIncoming(id, 1_000, { from: '491511@c.us', to: '491522@c.us', chatId: '491511@c.us', body, ack: 0 });
}

interface Settings {
  requestsPerSecond: number;
  failedSignInsPerMinute: number;
  keepEvents: number;
}

/** The API with its events on a free port of loopback, over a fake fleet with one key per role. Time stands still. */
export async function startRealtime(settings: Partial<Settings> = {}) {
  const { keepEvents = 1_000, ...limits } = settings;
  const { app, fleet, keys, deliveries, signIn, server, port, passTime } = await startApi(limits);
  const config = {
    api: { publicUrl: null, requestsPerSecond: 10_000, failedSignInsPerMinute: 10_000, ...limits },
    realtime: { keepEvents },
  };
  const clock = new FakeClock();
  const logger = new FakeLogger();
  const bus = new EventBus(logger);
  const open = (http: HttpServer) => {
    const gateway = new RealtimeGateway({ http, fleet, signIn, config, clock, logger });
    bus.subscribe(gateway.observe);
    gateway.start();
    return gateway;
  };
  const gateway = open(server.http);
  let next: { gateway: RealtimeGateway; server: ApiServer } | null = null;
  const url = `http://127.0.0.1:${port}`;
  const clients: TestClient[] = [];
  const connections = new Set<Socket>();
  server.http.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });

  return {
    fleet,
    keys,
    deliveries,
    /** Of the keys, which have a clock of their own. */
    passTime,
    clock,
    logger,
    gateway,
    server,
    url,
    publish: bus.publish,
    connect(auth: Auth, options: Partial<ManagerOptions & SocketOptions> = {}): TestClient {
      const client = new TestClient(url, auth, options);
      clients.push(client);
      return client;
    },
    /** The service ends, and starts again on the same port. */
    async restart(): Promise<void> {
      await gateway.stop();
      await server.stop();
      await clock.advance(1_000);
      const again = createServer(app, '127.0.0.1', port);
      next = { gateway: open(again.http), server: again };
      await again.start();
    },
    /** The network breaks. */
    cutConnections(): void {
      for (const socket of connections) socket.destroy();
    },
    /** A message that came in for a session. */
    receive: (sessionId: string, id: string, body?: string) =>
      bus.publish({ type: 'message', sessionId, message: aMessage(id, body) }),
    /** A session that went from one state to the other. */
    move: (sessionId: string, before: SessionState, after: SessionState) =>
      bus.publish({ type: 'state', sessionId, before, after }),
    async stop(): Promise<void> {
      for (const { socket } of clients) socket.disconnect();
      await gateway.stop();
      await server.stop();
      await next?.gateway.stop();
      await next?.server.stop();
    },
  };
}

export type Realtime = Awaited<ReturnType<typeof startRealtime>>;
