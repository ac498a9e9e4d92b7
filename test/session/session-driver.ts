import type { ClientEvent } from '../../src/domain/session-event.js';
import type { SessionState } from '../../src/domain/session-state.js';
import { SessionActor } from '../../src/session/actor.js';
import type { SessionDeps } from '../../src/session/deps.js';
import type { FakeClient } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { buildHouse, type House, insertRecord } from '../support/fake-house.js';

/** One session in a house of fakes, led through its life by name. */
export interface Session {
  house: House;
  actor: SessionActor;
  /** The browser that was made last. */
  client(): FakeClient;
  /** Browsers made so far. */
  launches(): number;
  status(): string;
  /** Starts it and lets it become ready. */
  connect(): Promise<FakeClient>;
  /** A browser reports. */
  tell(...events: ClientEvent[]): Promise<void>;
  /** Accepts messages; their texts are their ids. */
  accept(...texts: string[]): void;
  outbox(): Record<string, string>;
}

/** `status`, and for `reconnecting` what it is at, such as `reconnecting/waiting` or `reconnecting/relaunch`. */
export function statusOf(state: SessionState): string {
  if (state.status !== 'reconnecting') return state.status;
  return `reconnecting/${state.step === 'waiting' ? 'waiting' : state.rung}`;
}

export function aSession(change: Partial<Pick<SessionDeps, 'config' | 'random' | 'admission'>> = {}): Session {
  const house = buildHouse(change);
  const actor = new SessionActor(insertRecord(house, 'sales'), house);
  const client = () => house.browsers.latest;
  const tell = async (...events: ClientEvent[]) => {
    client().tell(...events);
    await settled();
  };
  return {
    house,
    actor,
    client,
    tell,
    launches: () => house.browsers.clients.length,
    status: () => statusOf(actor.state),
    async connect() {
      actor.dispatch({ type: 'start' });
      await settled();
      client().ready();
      await settled();
      return client();
    },
    accept(...texts) {
      for (const text of texts) {
        const id = `${text}#${house.outbox.list('sales', { after: 0, limit: 999 }).length + 1}`;
        const createdAt = house.clock.now();
        const to = '491511234567@c.us';
        const plain = { idempotencyKey: null, contentHash: text, quotedMessageId: null, expiresAt: null };
        house.outbox.accept({ id, sessionId: 'sales', to, content: { type: 'text', text }, ...plain, createdAt });
        actor.sender.kick();
      }
    },
    outbox: () =>
      Object.fromEntries(house.outbox.list('sales', { after: 0, limit: 999 }).map(({ id, status }) => [id, status])),
  };
}
