import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { hashKey } from '../../../src/api/keys.js';
import { REALTIME_EVENTS, type RealtimeEventName } from '../../../src/api/realtime/news.js';
import { KEY_ROLES } from '../../../src/domain/access-ports.js';
import type { BusEvent } from '../../../src/domain/bus-event.js';
import { aKey } from '../../support/fake-keys.js';
import {
  aMessage,
  aState,
  CONNECTED,
  IDLE,
  LOST,
  type Realtime,
  startRealtime,
  type TestClient,
} from '../support/realtime-harness.js';

/** Names of the event that a client gets at the beginning, and of the one that it gets instead of what it missed. */
type Told = Exclude<RealtimeEventName, 'sessions' | 'gap'>;

const moved = (sessionId: string, before: typeof IDLE, after: typeof IDLE): BusEvent => ({
  ...({ type: 'state', sessionId, before, after } as const),
});
const WAITING = aState({ status: 'qr_pending', qr: { text: '2@secret', shownAt: 0, next: null }, hideAt: 60_000 });
const reaction = {
  messageId: 'm',
  chatId: 'c',
  from: '1@c.us',
  fromLid: null,
  fromMe: false,
  emoji: '👍',
  timestamp: 1,
};
const change = (sessionId: string, kind: 'edited' | 'acked'): BusEvent => ({
  ...({ type: 'message-change', sessionId, change: { kind, message: aMessage('m') } } as const),
});

/** What makes each event; written by hand, so that an event that is added must be added here. */
const CAUSES: Readonly<Record<Told, (sessionId: string) => BusEvent>> = {
  'session-status': (id) => ({ type: 'session', sessionId: id, change: 'changed' }),
  'session-removed': (id) => ({ type: 'session', sessionId: id, change: 'removed' }),
  'session-qr': (id) => moved(id, IDLE, WAITING),
  'whatsapp-connected': (id) => moved(id, IDLE, CONNECTED),
  'whatsapp-disconnected': (id) => moved(id, CONNECTED, LOST),
  message: (id) => ({ type: 'message', sessionId: id, message: aMessage('m') }),
  'message-ack': (id) => change(id, 'acked'),
  'message-edited': (id) => change(id, 'edited'),
  'message-revoked': (id) => ({
    ...({ type: 'message-change', sessionId: id } as const),
    change: { kind: 'revoked', message: aMessage('m'), fileId: null },
  }),
  'message-reaction': (id) => ({ type: 'message-change', sessionId: id, change: { kind: 'reacted', reaction } }),
  log: (id) => ({
    type: 'timeline',
    entry: { sessionId: id, seq: 1, at: 0, event: 'session.lost', message: 'Lost.', data: {} },
  }),
  incident: (id) => ({
    type: 'incident',
    incident: {
      ...({ id: 'inc_1', kind: 'outage', key: 'socket_lost', reason: 'socket_lost', message: 'Lost.' } as const),
      ...{ openedAt: 0, closedAt: null, sessionIds: [id] },
    },
    change: 'opened',
  }),
};

const told = Object.keys(CAUSES) as Told[];

describe('every event in real time', () => {
  let house: Realtime;
  beforeEach(async () => {
    house = await startRealtime();
    for (const id of ['sales', 'shop']) house.fleet.add(id);
    house.keys.insert(aKey('admin', { id: 'limited', sessionIds: ['sales'] }), hashKey('limited'));
    house.keys.insert(aKey('admin', { id: 'expired', expiresAt: 1_000 }), hashKey('expired'));
  });
  afterEach(() => house.stop());

  /** Connects, and resolves when the first event is there. */
  async function connected(token: string): Promise<TestClient> {
    const client = house.connect({ token });
    await client.gets('sessions');
    return client;
  }

  /** Has it happen, and then something that every client gets, so that what did not come by then never comes. */
  async function happens(name: Told, sessionId: string, clients: readonly TestClient[]): Promise<void> {
    house.publish(CAUSES[name](sessionId));
    await house.clock.advance(1_000);
    house.receive('sales', 'last');
    await Promise.all(clients.map((client) => client.gets('message', ({ id }) => id === 'last')));
  }
  const gotFrom = (client: TestClient, name: Told) => client.named(name).filter(({ id }) => id !== 'last').length;

  test('stands in the table', () => {
    expect(['gap', 'sessions', ...told].sort()).toEqual(Object.keys(REALTIME_EVENTS).sort());
  });

  test.each(told)('%s comes to the roles that its catalogue names, and to no other', async (name) => {
    const clients = await Promise.all(KEY_ROLES.map(connected));
    await happens(name, 'sales', clients);
    const least = KEY_ROLES.indexOf(REALTIME_EVENTS[name].access);
    const got = clients.map((client) => gotFrom(client, name));
    expect(got).toEqual(KEY_ROLES.map((_, rank) => (rank >= least ? 1 : 0)));
  });

  test.each(told)('%s of another session never comes to a key that is limited', async (name) => {
    const client = await connected('limited');
    await happens(name, 'shop', [client]);
    expect(JSON.stringify(client.received)).not.toContain('shop');
    expect(gotFrom(client, name)).toBe(0);
    house.publish(CAUSES[name]('sales'));
    await house.clock.advance(1_000);
    await client.gets(name, ({ id }) => id !== 'last');
  });

  test.each([null, 'wrong', 'expired'])('comes to nobody whose key is %s', async (token) => {
    const client = house.connect(token === null ? {} : { token });
    expect((await client.isRefused()).message).toBe('unauthorized');
    for (const name of told) house.publish(CAUSES[name]('sales'));
    await house.clock.advance(1_000);
    expect(client.received).toEqual([]);
  });
});
