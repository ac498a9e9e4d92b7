import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Database, openDatabase } from '../../../src/adapters/store/database.js';
import { createDeliveryStore } from '../../../src/adapters/store/delivery-store.js';
import { createInboxStore } from '../../../src/adapters/store/inbox-store.js';
import { createOutboxStore } from '../../../src/adapters/store/outbox-store.js';
import { createSessionStore } from '../../../src/adapters/store/session-store.js';
import { createWebhooks } from '../../../src/api/webhooks/create-webhooks.js';
import { loadConfig } from '../../../src/config.js';
import type { SessionState } from '../../../src/domain/session-state.js';
import type { DeliveryStore } from '../../../src/domain/store-ports.js';
import { aRecord } from '../../adapters/store/contracts/session-store.js';
import { FakeClock, settled } from '../../support/fake-clock.js';
import { aSessionView } from '../../support/fake-fleet.js';
import { FakeLogger } from '../../support/fake-logger.js';
import { anIncoming } from '../../support/fake-whatsapp.js';
import { anOutboxInsert } from '../../support/outbox-message.js';
import { aWebhook, FakeReceivers } from './webhook-driver.js';

const ALL_EVENTS = { url: 'http://all/', token: null, hmacKey: null, events: null };

describe('stores that record what webhooks are to be told', () => {
  let folder: string;
  let database: Database;
  let store: DeliveryStore;
  const receivers = new FakeReceivers();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-recorded-'));
    database = openDatabase(folder);
    store = createDeliveryStore(database);
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function build(deliveries = store) {
    const clock = new FakeClock();
    const logger = new FakeLogger();
    const sessions = createSessionStore(database, logger, clock);
    const record = aRecord('sales', { webhook: aWebhook('http://crm/') });
    const house = createWebhooks({
      settings: { ...loadConfig({}, '/').webhooks, endpoints: [ALL_EVENTS] },
      store: deliveries,
      post: receivers.post,
      stores: { sessions, outbox: createOutboxStore(database), inbox: createInboxStore(database) },
      transaction: database.transaction,
      lazily: database.lazily,
      recordOf: () => record,
      viewOf: (id) => aSessionView(id),
      clock,
      logger,
      version: '1',
    });
    house.stores.sessions.insert(record);
    return { ...house, ...house.stores, record, clock };
  }
  const told = (endpoint = 'session:sales') =>
    store.list({ after: 0, limit: 99 }).flatMap((row) => (row.endpoint === endpoint ? [row.event] : []));
  const bodyOfLast = () => {
    const id = store.list({ after: 0, limit: 99 }).at(-1)?.id ?? '';
    return JSON.parse(store.get(id)?.body ?? 'null') as { payload: Record<string, unknown> };
  };
  const aMessage = anOutboxInsert('m1', { to: 'x@c.us' });

  test('a message that comes is told once, however often it comes', () => {
    const { inbox } = build();
    expect(inbox.insert('sales', anIncoming('w1', 1), 5)).toBe(true);
    expect(inbox.insert('sales', anIncoming('w1', 1), 6)).toBe(false);
    expect(told()).toEqual(['message']);
    expect(bodyOfLast()).toMatchObject({
      event: 'message',
      timestamp: 5,
      payload: { id: 'w1', from: expect.any(String) },
    });
  });

  test('no message is stored without its webhook: what cannot be recorded is not received', () => {
    const enqueue = () => {
      throw new Error('SQLITE_FULL: database or disk is full');
    };
    const { inbox } = build({ ...store, enqueue });
    expect(() => inbox.insert('sales', anIncoming('w1', 1), 5)).toThrow('SQLITE_FULL');
    expect(inbox.list('sales', { after: 0, limit: 9 })).toEqual([]);
    // The next look into the chats brings it again.
    expect(build().inbox.insert('sales', anIncoming('w1', 1), 5)).toBe(true);
    expect(told()).toEqual(['message']);
  });

  test('what becomes of a message is told once for each change', () => {
    const { inbox } = build();
    inbox.insert('sales', anIncoming('w1', 1), 5);
    for (const body of ['better', 'better', 'best']) inbox.change('sales', { kind: 'edited', id: 'w1', body, at: 6 });
    expect(bodyOfLast()).toMatchObject({ event: 'message.edited', payload: { id: 'w1', body: 'best', editedAt: 6 } });
    inbox.change('sales', { kind: 'acked', id: 'w1', ack: 3 });
    for (const id of ['w1', 'w1', 'unknown']) inbox.change('sales', { kind: 'revoked', id, at: 7 });
    expect(bodyOfLast()).toMatchObject({ event: 'message.revoked', payload: { id: 'w1', body: '', revokedAt: 7 } });
    const reaction = { messageId: 'w1', chatId: 'x@c.us', from: 'x@c.us', fromLid: null, fromMe: false, timestamp: 8 };
    for (const emoji of ['👍', '👍', '']) inbox.change('sales', { kind: 'reacted', reaction: { ...reaction, emoji } });
    expect(bodyOfLast()).toMatchObject({ event: 'message.reaction', payload: { messageId: 'w1', emoji: '' } });
    expect(told().slice(1)).toEqual([
      ...['message.edited', 'message.edited', 'message.ack', 'message.revoked'],
      ...['message.reaction', 'message.reaction'],
    ]);
  });

  test('a message of ours is told when it is sent, at every ack, and when it is lost', () => {
    const { outbox } = build();
    outbox.accept({ ...aMessage, createdAt: 1 });
    outbox.update('m1', { status: 'sending', attempts: 1, attemptStartedAt: 2 }, 2);
    outbox.update('m1', { waMessageId: 'true_x_1' }, 3);
    expect(told()).toEqual([]);
    outbox.update('m1', { status: 'sent', ack: 1 }, 4);
    outbox.update('m1', { status: 'delivered', ack: 2 }, 5);
    expect(told()).toEqual(['message.sent', 'message.ack', 'message.ack']);
    expect(bodyOfLast().payload).toMatchObject({ id: 'm1', waMessageId: 'true_x_1', status: 'delivered', ack: 2 });
  });

  test('what a power cut took back and WhatsApp says again is told under the same request id', () => {
    const { outbox } = build();
    outbox.accept({ ...aMessage, createdAt: 1 });
    const ids: string[] = [];
    const tellAndLose = () =>
      database.transaction(() => {
        outbox.update('m1', { status: 'sent', ack: 1 }, 4);
        ids.push(...store.list({ after: 0, limit: 9 }).map(({ id }) => id));
        throw new Error('the power goes');
      });
    for (let times = 0; times < 2; times += 1) expect(tellAndLose).toThrow('the power goes');
    expect(ids.slice(4)).toEqual(ids.slice(0, 4));
    expect(new Set(ids).size).toBe(4);
  });

  test.each(['failed', 'uncertain'] as const)('a message that is %s is told as failed, with its code', (status) => {
    const { outbox } = build();
    outbox.accept({ ...aMessage, createdAt: 1 });
    outbox.update('m1', { status, failureCode: 'unknown_number' }, 2);
    expect(told()).toEqual(['message.failed']);
    expect(bodyOfLast().payload).toMatchObject({ status, code: 'unknown_number' });
  });

  test('a late ack does not say again that the message was sent, also when that was forgotten meanwhile', () => {
    const { outbox } = build();
    outbox.accept({ ...aMessage, createdAt: 1 });
    outbox.update('m1', { status: 'sent', ack: 1 }, 2);
    for (const { id } of store.list({ after: 0, limit: 9 })) {
      store.update(id, { status: 'delivered', attempts: 1, refusals: 0, nextAttemptAt: 0 }, 2);
    }
    store.prune({ deliveredBefore: 10, deadBefore: 0 }, 10);
    outbox.update('m1', { status: 'read', ack: 3 }, 20);
    expect(told()).toEqual(['message.ack']);
  });

  test('a session is told when its status or reason changes, not at every write', () => {
    const { sessions, record } = build();
    const save = (change: Partial<SessionState>) =>
      sessions.saveState('sales', { ...record.state, ...change } as SessionState, record.facts);
    save({});
    save({ errorCount: 5 });
    expect(told()).toEqual([]);
    save({ status: 'disconnected', reason: 'logged_out' });
    save({ status: 'disconnected', reason: 'logged_out', errorCount: 6 });
    save({ status: 'disconnected', reason: 'stopped_by_operator' });
    expect(told()).toEqual(['session.status', 'session.status']);
    expect(bodyOfLast()).toMatchObject({ sessionId: 'sales', payload: { id: 'sales', status: 'idle' } });
  });

  test('the status that a session was stored with is no news after a restart', () => {
    const first = build();
    const state = { ...first.record.state, status: 'disconnected', reason: 'logged_out' } as SessionState;
    first.sessions.saveState('sales', state, first.record.facts);
    const { sessions, record } = build();
    sessions.all();
    sessions.saveState('sales', state, record.facts);
    expect(told()).toEqual(['session.status']);
  });

  test('a session that could not be stored is told when it is', () => {
    let isFull = true;
    const full: DeliveryStore = {
      ...store,
      enqueue(delivery) {
        if (isFull) throw new Error('SQLITE_FULL');
        return store.enqueue(delivery);
      },
    };
    const { sessions, record } = build(full);
    const save = () => {
      const state = { ...record.state, status: 'disconnected', reason: 'logged_out' } as SessionState;
      sessions.saveState('sales', state, record.facts);
    };
    expect(save).toThrow('SQLITE_FULL');
    isFull = false;
    save();
    expect(told()).toEqual(['session.status']);
  });

  test('a webhook that is set anew is tried at once, and another setting disturbs nothing', async () => {
    const house = build();
    receivers.requests.length = 0;
    receivers.behave = () => 404;
    house.start();
    house.inbox.insert('sales', anIncoming('w1', 1), house.clock.now());
    await settled();
    const change = (webhook: typeof house.record.webhook) => {
      house.sessions.saveSettings('sales', { label: 'x', webhook, proxy: null });
      house.record.webhook = webhook;
      return settled();
    };
    await change(house.record.webhook);
    expect(receivers.requests).toHaveLength(2);
    receivers.behave = () => 200;
    await change(aWebhook('http://right/'));
    expect(receivers.requests.map(({ url }) => url).toSorted()).toEqual([
      'http://all/',
      'http://crm/',
      'http://right/',
    ]);
    await house.stop();
  });

  test('a webhook that is taken away is paused no longer: the next one is told', () => {
    const { sessions, record } = build();
    store.pause('session:sales', 1);
    sessions.saveSettings('sales', { ...record, label: 'Sales' });
    expect(store.pausedSince('session:sales')).toBe(1);
    sessions.saveSettings('sales', { ...record, webhook: null });
    expect(store.pausedSince('session:sales')).toBeNull();
  });

  test('a session that is removed takes what was its own with it', () => {
    const { sessions, inbox } = build();
    inbox.insert('sales', anIncoming('w1', 1), 5);
    sessions.remove('sales');
    expect(told()).toEqual([]);
    expect(told(store.waitingLanes()[0]?.endpoint)).toEqual(['message']);
  });

  test('an incident is told once to those who hear of everybody, and to who is affected and named it', () => {
    const house = build();
    const incident = {
      id: 'inc_1',
      kind: 'outage',
      key: 'secret',
      reason: 'socket_lost',
      openedAt: 1,
      closedAt: null,
      sessionIds: ['sales'],
      message: 'Several sessions were lost.',
    } as const;
    const tell = (change: 'opened' | 'joined' | 'closed') => house.observe({ type: 'incident', incident, change });
    for (const change of ['opened', 'joined', 'closed'] as const) tell(change);
    const everybody = store.waitingLanes();
    expect(everybody).toEqual([{ endpoint: expect.stringMatching(/^global:/), sessionId: null }]);
    expect(told(everybody[0]?.endpoint)).toEqual(['incident.opened', 'incident.closed']);
    expect(bodyOfLast().payload).toMatchObject({ id: 'inc_1', sessionIds: ['sales'], closedAt: null });
    expect(bodyOfLast().payload).not.toHaveProperty('key');
    house.record.webhook = aWebhook('http://crm/', { events: ['incident.opened'] });
    for (const change of ['opened', 'closed'] as const) tell(change);
    expect(told()).toEqual(['incident.opened']);
  });

  test('a QR code goes at once to who named it, is never stored and never tried again', async () => {
    const house = build();
    const asked = aWebhook('http://crm/', { events: ['session.qr'] });
    house.record.webhook = asked;
    receivers.requests.length = 0;
    receivers.behave = () => 'down';
    const qr = (text: string) =>
      ({
        ...house.record.state,
        status: 'qr_pending',
        qr: { text, shownAt: 1, next: null },
        hideAt: 60_000,
      }) as SessionState;
    house.start();
    const step = (before: SessionState, after: SessionState) =>
      house.observe({ type: 'state', sessionId: 'sales', before, after });
    step(house.record.state, qr('code-1'));
    step(qr('code-1'), qr('code-1'));
    step(qr('code-1'), qr('code-2'));
    step(qr('code-2'), house.record.state);
    store.pause('session:sales', 1);
    step(house.record.state, qr('code-3'));
    await house.clock.advance(60 * 60_000);
    await settled();
    expect(receivers.requests.map(({ url, body }) => [url, JSON.parse(body).payload])).toEqual([
      ['http://crm/', { qr: 'code-1', expiresAt: '1970-01-01T00:01:00.000Z' }],
      ['http://crm/', { qr: 'code-2', expiresAt: '1970-01-01T00:01:00.000Z' }],
    ]);
    expect(store.list({ after: 0, limit: 9 })).toEqual([]);
    await house.stop();
  });
});
