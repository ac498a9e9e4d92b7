import { describe, expect, test } from '@jest/globals';
import { commonOf } from '../../../../src/domain/attempt.js';
import { initialState } from '../../../../src/domain/session-state.js';
import type { SessionRecord, SessionStore } from '../../../../src/domain/store-ports.js';

const FACTS = {
  phoneNumber: null,
  webVersion: null,
  lastQrScanAt: null,
  lastConnectionCheckAt: null,
  lastActivityAt: null,
};

export function aRecord(id: string, change: Partial<SessionRecord> = {}): SessionRecord {
  const state = initialState(1_000);
  return { id, label: null, webhook: null, proxy: null, state, facts: FACTS, createdAt: 1_000, ...change };
}

/** What every SessionStore promises; `make` gives an empty one. */
export function sessionStoreContract(make: () => SessionStore): void {
  describe('as a session store', () => {
    test('gives back what was inserted', () => {
      const store = make();
      const webhook = { url: 'http://127.0.0.1:9/x', token: 't', hmacKey: null, events: ['message'], trusted: false };
      const record = aRecord('sales', { label: 'Sales', webhook, proxy: 'socks5://proxy:1080' });
      expect(store.insert(record)).toBe(true);
      expect(store.all()).toEqual([record]);
    });

    test('does not insert an id twice and leaves the first one alone', () => {
      const store = make();
      store.insert(aRecord('sales', { label: 'first' }));
      expect(store.insert(aRecord('sales', { label: 'second' }))).toBe(false);
      expect(store.all().map(({ label }) => label)).toEqual(['first']);
    });

    test('saves state and facts without touching the settings', () => {
      const store = make();
      store.insert(aRecord('sales', { label: 'Sales' }));
      const state = {
        ...commonOf(initialState(2_000)),
        desired: 'running' as const,
        epoch: 4,
        status: 'reconnecting' as const,
        step: 'waiting' as const,
        dueAt: 9_000,
        reason: 'socket_lost' as const,
        lost: { at: 1_500, reason: 'socket_lost' as const },
      };
      const facts = { ...FACTS, phoneNumber: '491511234567', lastActivityAt: 5 };
      store.saveState('sales', state, facts);
      expect(store.all()).toEqual([aRecord('sales', { label: 'Sales', state, facts })]);
    });

    test('saves facts of many sessions without touching anything else', () => {
      const store = make();
      for (const id of ['sales', 'shop']) store.insert(aRecord(id, { label: id }));
      const facts = { ...FACTS, lastConnectionCheckAt: 7, lastActivityAt: 5 };
      store.saveFacts(
        new Map([
          ['shop', facts],
          ['gone', facts],
        ]),
      );
      expect(store.all()).toEqual([aRecord('sales', { label: 'sales' }), aRecord('shop', { label: 'shop', facts })]);
    });

    test('saves settings without touching the state', () => {
      const store = make();
      store.insert(aRecord('sales'));
      store.saveSettings('sales', { label: 'Other', webhook: null, proxy: 'http://proxy:8080' });
      expect(store.all()).toEqual([aRecord('sales', { label: 'Other', proxy: 'http://proxy:8080' })]);
    });

    test('never writes a QR code down', () => {
      const store = make();
      const qr = { text: 'SECRET-QR', shownAt: 1_000, next: 'SECRET-NEXT' };
      store.insert(aRecord('sales', { state: { ...initialState(1_000), status: 'qr_pending', qr, hideAt: 9_000 } }));
      expect(JSON.stringify(store.all())).not.toContain('SECRET');
      expect(store.all()[0]?.state.status).toBe('qr_pending');
    });

    test('forgets a removed session and lets its id be used again', () => {
      const store = make();
      store.insert(aRecord('sales'));
      store.remove('sales');
      expect(store.all()).toEqual([]);
      expect(store.insert(aRecord('sales'))).toBe(true);
    });

    test('ignores writes to a session that is gone', () => {
      const store = make();
      store.saveState('gone', initialState(1), FACTS);
      store.saveSettings('gone', { label: 'x', webhook: null, proxy: null });
      store.remove('gone');
      expect(store.all()).toEqual([]);
    });
  });
}
