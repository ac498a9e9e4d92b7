import type { Server as HttpServer } from 'node:http';
import type { Duplex } from 'node:stream';
import { Server, type Socket } from 'socket.io';
import type { Config } from '../../config.js';
import type { ApiKey } from '../../domain/access-ports.js';
import type { BusEvent } from '../../domain/bus-event.js';
import { DomainError } from '../../domain/error-catalogue.js';
import type { Clock, Logger } from '../../domain/ports.js';
import type { Fleet } from '../../fleet/facade.js';
import { toProblem } from '../problem.js';
import { type SignIn, secretIn } from '../sign-in.js';
import { SteadyLimitStore } from '../steady-limit-store.js';
import { EventRing } from './event-ring.js';
import { handshakeSchema, isSameOrigin, refusalError, sessionIdsSchema } from './handshake.js';
import { type News, newsOf, statusNews } from './news.js';
import { StatusPace } from './status-pace.js';
import { Subscriber } from './subscriber.js';

/** Clients say little: ids to subscribe to. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** A connection without a key is closed after this. */
const SIGN_IN_MS = 10_000;
/** A revoked key loses its open connections within this. */
const KEY_CHECK_MS = 2_000;
/** How long a client may take to answer the close of its connection. */
const CLOSE_MS = 1_000;

interface RealtimeOptions {
  /** The server of the API, which shares its port. */
  http: HttpServer;
  fleet: Fleet;
  signIn: SignIn;
  config: Pick<Config, 'api' | 'realtime'>;
  clock: Clock;
  logger: Logger;
}

interface Requests {
  subscribe: (sessionIds: unknown, answer: unknown) => void;
}
type Events = Record<string, (payload: object) => void>;
interface SignedIn {
  key: ApiKey;
  keyHash: string;
  after: number | null;
  sessionIds: readonly string[] | null;
}
type Connection = Socket<Requests, Events, Record<string, never>, { signedIn: SignedIn }>;
type IoServer = Server<Requests, Events, Record<string, never>, { signedIn: SignedIn }>;

/** What happens in the house, told to clients as it happens: Socket.IO at `/socket.io`. */
export class RealtimeGateway {
  readonly #options: RealtimeOptions;
  readonly #ring: EventRing;
  readonly #pace: StatusPace;
  readonly #clients = new Map<Connection, { subscriber: Subscriber; keyHash: string }>();
  readonly #upgraded = new Set<Duplex>();
  readonly #requests = new SteadyLimitStore();
  #io: IoServer | null = null;
  #cancelKeyCheck: () => void = () => {};
  #isClosed = false;

  constructor(options: RealtimeOptions) {
    const { clock, config, fleet } = options;
    this.#options = options;
    this.#ring = new EventRing({ kept: config.realtime.keepEvents, startedAt: clock.now() });
    this.#pace = new StatusPace(clock, (sessionId) => {
      const news = statusNews(sessionId, fleet);
      if (news) this.#tell(news);
    });
    this.#requests.init({ windowMs: 1_000 });
  }

  /** Listener for the event bus. */
  readonly observe = (event: BusEvent): void => {
    for (const news of newsOf(event, this.#options.fleet)) this.#tell(news);
    if (event.type === 'session' && event.change === 'removed') this.#pace.forget(event.sessionId);
    else if (event.type === 'session' || event.type === 'state') this.#pace.changed(event.sessionId);
  };

  /** Takes connections from now on. Idempotent. */
  start(): void {
    if (this.#io !== null) return;
    const { http } = this.#options;
    this.#io = new Server(http, {
      maxHttpBufferSize: MAX_MESSAGE_BYTES,
      connectTimeout: SIGN_IN_MS,
      allowRequest: (req, answer) => {
        const refusal = this.#isClosed ? 'not_ready' : isSameOrigin(req) ? null : 'forbidden';
        answer(refusal, refusal === null);
      },
    });
    http.on('upgrade', (_req, socket) => {
      this.#upgraded.add(socket);
      socket.once('close', () => this.#upgraded.delete(socket));
    });
    this.#io.use((connection, next) => {
      try {
        connection.data.signedIn = this.#signIn(connection);
        next();
      } catch (error) {
        next(refusalError(this.#problem('connect', error)));
      }
    });
    this.#io.on('connection', (connection) => this.#welcome(connection));
    this.#scheduleKeyCheck();
  }

  /** Closes every connection, in a way that lets clients come back by themselves; resolves when none is left. Idempotent. */
  async stop(): Promise<void> {
    this.#isClosed = true;
    this.#cancelKeyCheck();
    this.#pace.stop();
    const closed = [...this.#upgraded].map((socket) => new Promise((resolve) => socket.once('close', resolve)));
    this.#io?.engine.close();
    const cancel = this.#options.clock.schedule(CLOSE_MS, () => {
      for (const socket of this.#upgraded) socket.destroy();
    });
    await Promise.all(closed);
    cancel();
  }

  #tell(news: News): void {
    this.#ring.append(news);
    for (const { subscriber } of this.#clients.values()) subscriber.pump();
  }

  /** Who it is that connects. Throws what it is refused with. */
  #signIn({ handshake }: Connection): SignedIn {
    const { token, after = null, sessionIds = null } = handshakeSchema.parse(handshake.auth);
    const outcome = this.#options.signIn.try(token ?? secretIn(handshake.headers), handshake.address);
    if ('refusal' in outcome) throw outcome.refusal;
    this.#count(outcome.key);
    return { key: outcome.key, keyHash: outcome.hash, after, sessionIds };
  }

  #welcome(connection: Connection): void {
    const { signedIn } = connection.data;
    const { fleet } = this.#options;
    const subscriber = new Subscriber(signedIn.key, {
      ring: this.#ring,
      sessions: () => fleet.list(),
      send: (name, payload) => connection.emit(name, payload),
    });
    const drained = () => subscriber.drained();
    this.#clients.set(connection, { subscriber, keyHash: signedIn.keyHash });
    connection.conn.on('drain', drained);
    connection.on('disconnect', () => {
      this.#clients.delete(connection);
      connection.conn.off('drain', drained);
    });
    connection.on('subscribe', (sessionIds, answer) => {
      if (!subscriber.takesAnswer()) return this.#drop(connection, 'it asks, but does not read the answers');
      const reply = this.#subscribe(subscriber, sessionIds);
      if (typeof answer === 'function') answer(reply);
    });
    subscriber.begin(signedIn);
  }

  #subscribe(subscriber: Subscriber, sessionIds: unknown): object {
    try {
      this.#count(subscriber.key);
      return subscriber.subscribe(sessionIdsSchema.parse(sessionIds));
    } catch (error) {
      return { error: this.#problem('subscribe', error) };
    }
  }

  #problem(request: string, error: unknown): ReturnType<typeof toProblem> {
    const problem = toProblem(error);
    if (problem.code === 'internal') {
      this.#options.logger.error('api.request_failed', `Socket.IO ${request} failed: ${String(error)}`, { request });
    }
    return problem;
  }

  /** As many requests a second are taken of one key here as over HTTP. */
  #count(key: ApiKey): void {
    const { requestsPerSecond } = this.#options.config.api;
    if (this.#requests.increment(key.id).totalHits <= requestsPerSecond) return;
    throw new DomainError('too_many_requests', `At most ${requestsPerSecond} requests a second are taken of one key.`);
  }

  #scheduleKeyCheck(): void {
    const { clock, signIn } = this.#options;
    this.#cancelKeyCheck = clock.schedule(KEY_CHECK_MS, () => {
      this.#scheduleKeyCheck();
      for (const [connection, { subscriber, keyHash }] of this.#clients) {
        const key = signIn.keyOf(keyHash);
        if (key === null) this.#drop(connection, 'its key was revoked');
        else subscriber.key = key;
      }
    });
  }

  #drop(connection: Connection, why: string): void {
    const { key } = connection.data.signedIn;
    this.#options.logger.info('realtime.client_dropped', `A connection of key ${key.name} was closed: ${why}`, {
      keyId: key.id,
      why,
    });
    connection.disconnect(true);
  }
}
