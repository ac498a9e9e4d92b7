import { describe, expect, test } from '@jest/globals';
import { ensureFirstKey, hashKey, makeSecret } from '../../src/api/keys.js';
import { auditStoreContract } from '../adapters/store/contracts/audit-store.js';
import { keyStoreContract } from '../adapters/store/contracts/key-store.js';
import { aKey, FakeAuditStore, FakeKeyStore } from '../support/fake-keys.js';

keyStoreContract(() => new FakeKeyStore());
auditStoreContract(() => new FakeAuditStore());

describe('the first key', () => {
  test('is made once, when there is none', () => {
    const keys = new FakeKeyStore();
    const secret = ensureFirstKey(keys, null, 1_000);
    expect(secret).toMatch(/^wk_[0-9A-Za-z]{32}$/);
    expect(keys.byHash(hashKey(secret ?? ''))).toMatchObject({ role: 'admin', createdAt: 1_000 });
    expect(ensureFirstKey(keys, null, 2_000)).toBeNull();
    expect(keys.list()).toHaveLength(1);
  });

  test('is the configured one, over every restart', () => {
    const keys = new FakeKeyStore();
    for (let start = 0; start < 2; start += 1) expect(ensureFirstKey(keys, 'configured-key-1', start)).toBeNull();
    expect(keys.list()).toHaveLength(1);
    expect(keys.byHash(hashKey('configured-key-1'))).toMatchObject({ name: 'environment', role: 'admin' });
  });

  test('revokes the configured key that another one replaced', () => {
    const keys = new FakeKeyStore();
    ensureFirstKey(keys, 'configured-key-1', 1);
    ensureFirstKey(keys, 'configured-key-2', 2);
    expect(keys.byHash(hashKey('configured-key-1'))).toBeNull();
    expect(keys.byHash(hashKey('configured-key-2'))).not.toBeNull();
  });

  test('is new again when the only key was configured and is no longer', () => {
    const keys = new FakeKeyStore();
    ensureFirstKey(keys, 'configured-key-1', 1);
    expect(ensureFirstKey(keys, null, 2)).not.toBeNull();
    expect(keys.byHash(hashKey('configured-key-1'))).toBeNull();
  });

  test.each([
    ['has expired', aKey('admin', { expiresAt: 5_000 })],
    ['is no key of an admin', aKey('operator')],
  ])('is made anew when the only one %s: otherwise nobody could ever make another', (_, key) => {
    const keys = new FakeKeyStore();
    keys.insert(key, 'aa');
    expect(ensureFirstKey(keys, null, 5_000)).not.toBeNull();
    expect(ensureFirstKey(keys, null, 5_000)).toBeNull();
  });

  test('is never the same twice', () => {
    const secrets = new Set(Array.from({ length: 200 }, makeSecret));
    expect(secrets.size).toBe(200);
  });
});
