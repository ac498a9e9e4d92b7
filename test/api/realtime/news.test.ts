import { beforeEach, describe, expect, test } from '@jest/globals';
import { newsOf, REALTIME_EVENTS, statusNews } from '../../../src/api/realtime/news.js';
import type { OutboxStatus } from '../../../src/domain/message.js';
import type { MessageChange } from '../../../src/domain/message-news.js';
import type { SessionState } from '../../../src/domain/session-state.js';
import { FakeFleet } from '../../support/fake-fleet.js';
import { aMessage, aState, CONNECTED, IDLE, LOST } from '../support/realtime-harness.js';

const withQr = (text: string, next: string | null = null): SessionState =>
  aState({ status: 'qr_pending', qr: { text, shownAt: 0, next }, hideAt: 120_000 });

describe('what is told', () => {
  let fleet: FakeFleet;
  beforeEach(() => {
    fleet = new FakeFleet();
    fleet.add('sales', { phoneNumber: '491511' });
  });
  const moved = (before: SessionState, after: SessionState) =>
    newsOf({ type: 'state', sessionId: 'sales', before, after }, fleet).map(({ name, payload }) => [name, payload]);

  test('of a session that is connected, lost, or merely goes on', () => {
    expect(moved(IDLE, CONNECTED)).toEqual([['whatsapp-connected', { sessionId: 'sales', phoneNumber: '491511' }]]);
    expect(moved(CONNECTED, LOST)).toEqual([
      ['whatsapp-disconnected', { sessionId: 'sales', reason: 'browser_crashed' }],
    ]);
    expect(moved(CONNECTED, { ...CONNECTED, attempt: 0 })).toEqual([]);
    expect(moved(LOST, { ...LOST, attempt: 2 })).toEqual([]);
  });

  test('of a QR code: each once, and none that is held back', () => {
    const qr = (text: string) => [
      ['session-qr', { sessionId: 'sales', qr: text, expiresAt: '1970-01-01T00:02:00.000Z' }],
    ];
    expect(moved(IDLE, withQr('1'))).toEqual(qr('1'));
    expect(moved(withQr('1'), withQr('1', '2'))).toEqual([]);
    expect(moved(withQr('1', '2'), withQr('2'))).toEqual(qr('2'));
    expect(moved(withQr('2'), CONNECTED)).toEqual([['whatsapp-connected', expect.anything()]]);
  });

  test('of a message that came in, as the API shows it', () => {
    const message = { ...aMessage('m1'), fromLid: '1@lid' };
    const { quotedMessageId: _, media: _media, editedAt: _editedAt, revokedAt: _revokedAt, ...shown } = message;
    expect(newsOf({ type: 'message', sessionId: 'sales', message }, fleet)).toEqual([
      { name: 'message', sessionIds: ['sales'], payload: { sessionId: 'sales', ...shown } },
    ]);
  });

  test('of what became of a message: new words, a deletion, an ack, a reaction', () => {
    const message = aMessage('m1');
    const told = (change: MessageChange) => newsOf({ type: 'message-change', sessionId: 'sales', change }, fleet)[0];
    const edited = told({ kind: 'edited', message: { ...message, body: 'better', editedAt: 5 } });
    expect(edited).toMatchObject({ name: 'message-edited', payload: { sessionId: 'sales', id: 'm1', editedAt: 5 } });
    const revoked = told({ kind: 'revoked', message: { ...message, revokedAt: 6 }, fileId: 'med_1' });
    expect(revoked).toMatchObject({ name: 'message-revoked', payload: { revokedAt: 6 } });
    expect(revoked?.payload).not.toHaveProperty('fileId');
    expect(told({ kind: 'acked', message: { ...message, ack: 3 } })).toMatchObject({ name: 'message-ack' });
    const reaction = { messageId: 'm1', chatId: '1@c.us', from: '1@c.us', fromLid: null, fromMe: false, timestamp: 7 };
    expect(told({ kind: 'reacted', reaction: { ...reaction, emoji: '👍' } })).toMatchObject({
      name: 'message-reaction',
      payload: { sessionId: 'sales', messageId: 'm1', from: '1@c.us', emoji: '👍' },
    });
  });

  test('of a message that was sent, once something became of it', async () => {
    const { message } = await fleet.send('sales', { to: '491533@c.us', content: { type: 'text', text: 'Hi' } });
    const statuses: OutboxStatus[] = ['queued', 'sending', 'sent', 'delivered', 'read', 'failed', 'uncertain'];
    const told = statuses.flatMap((status) => newsOf({ type: 'outbox', message: { ...message, status } }, fleet));
    expect(told.map(({ payload }) => payload.status)).toEqual(['sent', 'delivered', 'read', 'failed', 'uncertain']);
    expect(told[0]).toMatchObject({
      name: 'message-ack',
      payload: { sessionId: 'sales', id: message.id, from: '491511@c.us', to: '491533@c.us', body: 'Hi' },
    });
  });

  test('of the timeline, with the place in it', () => {
    const entry = { sessionId: 'sales', seq: 7, at: 0, event: 'session.lost', message: 'Lost.', data: { attempt: 0 } };
    expect(newsOf({ type: 'timeline', entry }, fleet).map(({ payload }) => payload)).toEqual([
      { ...entry, seq: undefined, timelineSeq: 7, at: '1970-01-01T00:00:00.000Z' },
    ]);
  });

  test('of an incident, as the API shows it', () => {
    const incident = {
      id: 'inc_1',
      kind: 'outage',
      key: 'socket_lost',
      reason: 'socket_lost',
      openedAt: 0,
      closedAt: null,
      sessionIds: ['sales', 'support'],
      message: 'Several sessions were lost.',
    } as const;
    const { key: _, ...shown } = incident;
    expect(newsOf({ type: 'incident', incident, change: 'opened' }, fleet)).toEqual([
      {
        name: 'incident',
        sessionIds: ['sales', 'support'],
        payload: { ...shown, change: 'opened', openedAt: '1970-01-01T00:00:00.000Z' },
      },
    ]);
  });

  test('of a session that is being removed: that it is gone, but no status', () => {
    expect(newsOf({ type: 'session', sessionId: 'gone', change: 'removed' }, fleet)).toEqual([
      { name: 'session-removed', sessionIds: ['gone'], payload: { sessionId: 'gone' } },
    ]);
    expect(statusNews('gone', fleet)).toBeNull();
    expect(statusNews('sales', fleet)?.payload).toEqual(fleet.get('sales'));
    expect(newsOf({ type: 'state', sessionId: 'gone', before: CONNECTED, after: IDLE }, fleet)).toHaveLength(1);
  });

  test('keeps from a viewer only what is a login', () => {
    const kept = Object.entries(REALTIME_EVENTS).filter(([, { access }]) => access !== 'viewer');
    expect(kept.map(([name]) => name)).toEqual(['session-qr']);
  });
});
