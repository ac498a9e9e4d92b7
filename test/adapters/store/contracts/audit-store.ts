import { describe, expect, test } from '@jest/globals';
import type { AuditEntry, AuditStore } from '../../../../src/domain/access-ports.js';

const ENTRY: Omit<AuditEntry, 'seq'> = {
  at: 1_000,
  keyId: 'key_1',
  keyName: 'shop',
  role: 'operator',
  action: 'POST /api/sessions/:id/connect',
  sessionId: 'sales',
  targetId: null,
  status: 202,
  ip: '127.0.0.1',
};

/** What every AuditStore promises; `make` gives an empty one. */
export function auditStoreContract(make: () => AuditStore): void {
  describe('as an audit store', () => {
    const all = { after: 0, limit: 99 };

    test('gives back what was written, newest first', () => {
      const store = make();
      store.append(ENTRY);
      store.append({ ...ENTRY, sessionId: null, targetId: 'key_9', status: null });
      expect(store.list(all)).toEqual([
        { ...ENTRY, seq: 2, sessionId: null, targetId: 'key_9', status: null },
        { ...ENTRY, seq: 1 },
      ]);
    });

    test('pages, and picks a session or a key', () => {
      const store = make();
      for (const sessionId of ['sales', 'shop', 'sales']) store.append({ ...ENTRY, sessionId });
      store.append({ ...ENTRY, keyId: 'key_2' });
      const seqs = (options: object) => store.list({ ...all, ...options }).map(({ seq }) => seq);
      expect(seqs({ limit: 2 })).toEqual([4, 3]);
      expect(seqs({ after: 3 })).toEqual([2, 1]);
      expect(seqs({ sessionId: 'sales' })).toEqual([4, 3, 1]);
      expect(seqs({ sessionId: 'sales', keyId: 'key_1', after: 3 })).toEqual([1]);
    });

    test('forgets what is older', () => {
      const store = make();
      for (const at of [1_000, 2_000, 3_000]) store.append({ ...ENTRY, at });
      store.prune(2_000);
      expect(store.list(all).map(({ at }) => at)).toEqual([3_000, 2_000]);
    });
  });
}
