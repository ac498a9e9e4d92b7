import { describe, expect, test } from '@jest/globals';
import type { InboxMediaStore, InboxStore } from '../../../../src/domain/store-ports.js';
import { aFile, anIncoming } from '../../../support/fake-whatsapp.js';

interface Stores {
  media: InboxMediaStore;
  inbox: InboxStore;
}

/** What every InboxMediaStore promises beside its inbox; `make` gives empty ones that know the session `sales`. */
export function inboxMediaStoreContract(make: () => Stores): void {
  /** A message with a file of so many bytes comes. */
  function receive({ inbox }: Stores, id: string, at: number, sizeBytes = 10): void {
    const link = { id: `med_${id}`, url: 'http://x/', expiresAt: at + 1_000 };
    inbox.insert('sales', anIncoming(id, at, { media: aFile({ sizeBytes, link }) }), at);
  }

  describe('as a store of files', () => {
    test('has a file waiting as soon as its message is there, and none for a message without a link', () => {
      const stores = make();
      receive(stores, 'a', 5);
      stores.inbox.insert('sales', anIncoming('large', 6, { media: aFile() }), 6);
      expect(stores.media.get('med_a')).toEqual({
        id: 'med_a',
        sessionId: 'sales',
        waMessageId: 'a',
        mimeType: 'image/png',
        fileName: 'view.png',
        sizeBytes: 10,
        state: 'waiting',
        failure: null,
        attempts: 0,
        dueAt: 5,
        expiresAt: 1_005,
        createdAt: 5,
      });
      expect(stores.media.nextWaiting('sales')?.id).toBe('med_a');
      expect(stores.media.nextWaiting('support')).toBeNull();
      expect(stores.media.get('med_b')).toBeNull();
    });

    test('gives what is due first, and nothing that is done', () => {
      const stores = make();
      for (const [at, id] of ['a', 'b', 'c'].entries()) receive(stores, id, at);
      stores.media.update('med_a', { dueAt: 99, attempts: 1, failure: 'media_unavailable' });
      expect(stores.media.nextWaiting('sales')?.id).toBe('med_b');
      stores.media.update('med_b', { state: 'kept', sizeBytes: 12 });
      stores.media.update('med_c', { state: 'failed', failure: 'media_too_large' });
      expect(stores.media.nextWaiting('sales')).toMatchObject({ id: 'med_a', attempts: 1, dueAt: 99 });
      expect(stores.media.get('med_b')).toMatchObject({ state: 'kept', sizeBytes: 12 });
      stores.media.update('med_gone', { state: 'kept' });
      expect(stores.media.get('med_gone')).toBeNull();
    });

    test('gives up the oldest files that are kept until the others fit', () => {
      const stores = make();
      for (const [at, id] of ['a', 'b', 'c', 'd'].entries()) receive(stores, id, at);
      expect(stores.media.evict(0)).toEqual([]);
      for (const id of ['a', 'b', 'c']) stores.media.update(`med_${id}`, { state: 'kept' });
      expect(stores.media.evict(30)).toEqual([]);
      expect(stores.media.evict(15)).toEqual(['med_a', 'med_b']);
      expect(stores.media.get('med_a')).toMatchObject({ state: 'failed', failure: 'media_evicted' });
      expect(stores.media.get('med_c')?.state).toBe('kept');
      expect(stores.media.get('med_d')?.state).toBe('waiting');
    });

    test('forgets files whose time has passed', () => {
      const stores = make();
      receive(stores, 'a', 0);
      receive(stores, 'b', 5);
      expect(stores.media.removeExpired(1_000)).toEqual(['med_a']);
      expect(stores.media.get('med_a')).toBeNull();
      expect(stores.media.get('med_b')).not.toBeNull();
    });

    test('forgets a file with its message', () => {
      const stores = make();
      receive(stores, 'a', 0);
      const change = stores.inbox.change('sales', { kind: 'revoked', id: 'a', at: 3 });
      expect(change).toMatchObject({ fileId: 'med_a', message: { media: null } });
      expect(stores.media.get('med_a')).toBeNull();
    });
  });
}
