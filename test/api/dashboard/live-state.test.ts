import { describe, expect, test } from '@jest/globals';
import { BatchedStore } from '../../../src/api/dashboard/service/batched-store.js';
import {
  NOTHING_YET,
  withIncident,
  withLine,
  withoutSession,
  withQr,
  withSession,
} from '../../../src/api/dashboard/service/live-state.js';
import type { IncidentView } from '../../../src/fleet/facade.js';
import { aSessionView } from '../../support/fake-fleet.js';

describe('what the page knows', () => {
  const qr = { qr: '2@x', expiresAt: '2026-01-01T00:00:00.000Z' };

  test('forgets a QR code as soon as it is no longer waited for', () => {
    const waiting = withSession(NOTHING_YET, aSessionView('shop', { status: 'qr_pending' }));
    const shown = withQr(waiting, 'shop', qr);
    expect(withSession(shown, aSessionView('shop', { status: 'qr_pending' })).qrs.get('shop')).toEqual(qr);
    expect(withSession(shown, aSessionView('shop', { status: 'connected' })).qrs.size).toBe(0);
    expect(withoutSession(shown, 'shop')).toMatchObject({ sessions: new Map(), qrs: new Map() });
  });

  test('keeps the others as they were, so that they are not drawn again', () => {
    const two = withSession(withSession(NOTHING_YET, aSessionView('a')), aSessionView('b'));
    const next = withSession(two, aSessionView('b', { status: 'connected' }));
    expect(next.sessions?.get('a')).toBe(two.sessions?.get('a'));
  });

  test('has an incident while it is open', () => {
    const incident: IncidentView = {
      id: 'inc_1',
      kind: 'outage',
      reason: 'socket_lost',
      openedAt: qr.expiresAt,
      closedAt: null,
      sessionIds: ['a', 'b'],
      message: '',
    };
    const open = withIncident(NOTHING_YET, incident);
    expect(withIncident(open, { ...incident, sessionIds: ['a', 'b', 'c'] }).incidents).toHaveLength(1);
    expect(withIncident(open, { ...incident, closedAt: qr.expiresAt }).incidents).toEqual([]);
  });

  test('holds no more than the last 500 lines', () => {
    let state = NOTHING_YET;
    const line = { sessionId: 'shop', at: qr.expiresAt, event: 'x', message: '', data: {} };
    for (let seq = 1; seq <= 501; seq += 1) state = withLine(state, { ...line, seq });
    expect([state.log.length, state.log[0]?.seq, state.log.at(-1)?.seq]).toEqual([500, 2, 501]);
  });
});

describe('the store', () => {
  test('tells listeners once a frame, after all changes of it in their order', () => {
    const frames: (() => void)[] = [];
    const store = new BatchedStore('', (run) => frames.push(run));
    const seen: string[] = [];
    const stop = store.subscribe(() => seen.push(store.state));
    for (const letter of 'abc') store.change((text) => text + letter);
    expect([frames.length, store.state, seen]).toEqual([1, '', []]);
    frames.shift()?.();
    expect(seen).toEqual(['abc']);
    stop();
    store.change((text) => `${text}d`);
    frames.shift()?.();
    expect([store.state, seen]).toEqual(['abcd', ['abc']]);
  });
});
