import type { ApiKey } from '../../domain/access-ports.js';
import { maySee, maySeeAll } from '../../domain/key-policy.js';
import type { SessionView } from '../../fleet/facade.js';
import { reaches } from '../auth.js';
import type { EventRing, RealtimeEvent } from './event-ring.js';
import { REALTIME_EVENTS, type RealtimeEventName } from './news.js';

/** So many events are handed to a connection before it has taken the last ones. */
const MOST_WAITING = 50;

const HINT =
  'Events were missed that are no longer kept. The sessions follow as they are now; read the rest from ' +
  '/api/sessions/{id}/events?after= and /api/sessions/{id}/messages?direction=received&after=';

interface SubscriberOptions {
  ring: EventRing;
  /** All sessions as they are now. */
  sessions: () => SessionView[];
  /** Hands one event to the connection, which keeps it until the other side takes it. */
  send: (name: RealtimeEventName, payload: Readonly<Record<string, unknown>>) => void;
}

/** What one client is told: its place among the events, what it wants, and what its key may see. */
export class Subscriber {
  /** Looked up anew now and then, since a key can be changed. */
  key: ApiKey;
  readonly #options: SubscriberOptions;
  /** The last event that this client got, or that was not for it. */
  #after = 0;
  /** Null wants every session. */
  #wanted: ReadonlySet<string> | null = null;
  #waiting = 0;
  #pumping = false;

  constructor(key: ApiKey, options: SubscriberOptions) {
    this.key = key;
    this.#options = options;
  }

  /** `after` is the last event that the client knows, null when it knows none. */
  begin({ after, sessionIds }: { after: number | null; sessionIds: readonly string[] | null }): void {
    this.#want(sessionIds);
    this.#after = after ?? this.#options.ring.head;
    if (after === null) this.#sendSessions();
    this.pump();
  }

  /** Wants only these sessions, or every one; gives them as they are now. */
  subscribe(sessionIds: readonly string[] | null): { seq: number; items: SessionView[] } {
    this.#want(sessionIds);
    return this.#present();
  }

  /** Counts an answer that is about to be sent; false when the other side has taken too few of the last ones. */
  takesAnswer(): boolean {
    this.#waiting += 1;
    return this.#waiting <= 2 * MOST_WAITING;
  }

  /** The connection has taken everything that it was given. */
  drained(): void {
    this.#waiting = 0;
    this.pump();
  }

  /** Sends what is new, as far as the connection takes it. A client that falls behind what is kept is told so. */
  pump(): void {
    // A connection that takes an event at once says so within `send`.
    if (this.#pumping) return;
    this.#pumping = true;
    const { ring } = this.#options;
    try {
      while (this.#waiting < MOST_WAITING) {
        if (!ring.reaches(this.#after)) this.#sendGap();
        const event = ring.next(this.#after);
        if (event === null) return;
        this.#after = event.seq;
        if (this.#isFor(event)) this.#send(event.name, { seq: event.seq, ...event.payload });
      }
    } finally {
      this.#pumping = false;
    }
  }

  #want(sessionIds: readonly string[] | null): void {
    this.#wanted = sessionIds && new Set(sessionIds);
  }

  #isFor({ name, sessionIds }: RealtimeEvent): boolean {
    if (!reaches(this.key, REALTIME_EVENTS[name].access)) return false;
    // What tells of several sessions is kept from a key that may not see all of them.
    return sessionIds.some((id) => this.#wants(id)) && maySeeAll(this.key, sessionIds);
  }

  #wants(sessionId: string): boolean {
    return this.#wanted?.has(sessionId) ?? true;
  }

  #present(): { seq: number; items: SessionView[] } {
    const { ring, sessions } = this.#options;
    const items = sessions().filter(({ id }) => this.#wants(id) && maySee(this.key, id));
    return { seq: ring.head, items };
  }

  #sendGap(): void {
    const { ring } = this.#options;
    this.#send('gap', { after: this.#after, oldest: ring.oldest, hint: HINT });
    this.#sendSessions();
    this.#after = ring.head;
  }

  #sendSessions(): void {
    this.#send('sessions', this.#present());
  }

  #send(name: RealtimeEventName, payload: Readonly<Record<string, unknown>>): void {
    this.#waiting += 1;
    this.#options.send(name, payload);
  }
}
