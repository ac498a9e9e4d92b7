import { describe, expect, test } from '@jest/globals';
import {
  ENVIRONMENT_KEY_ID,
  isUseWorthNoting,
  isValid,
  maySee,
  maySeeAll,
  refusalToRevoke,
} from '../../src/domain/key-policy.js';
import { aKey } from '../support/fake-keys.js';

describe('a key', () => {
  test('is valid until the moment at which it expires', () => {
    expect(isValid(aKey('viewer'), 1e15)).toBe(true);
    const key = aKey('viewer', { expiresAt: 5_000 });
    expect([isValid(key, 4_999), isValid(key, 5_000)]).toEqual([true, false]);
  });

  test('has its use noted at most once a minute, also when the clock was set back', () => {
    expect(isUseWorthNoting(aKey('viewer'), 0)).toBe(true);
    const key = aKey('viewer', { lastUsedAt: 100_000 });
    const worth = [100_000, 159_999, 160_000, 40_000].map((now) => isUseWorthNoting(key, now));
    expect(worth).toEqual([false, false, true, true]);
  });

  test('without limits sees every session, with limits only those', () => {
    expect(maySee(aKey('viewer'), 'sales')).toBe(true);
    const key = aKey('viewer', { sessionIds: ['sales', 'shop'] });
    expect([maySee(key, 'sales'), maySee(key, 'Sales'), maySee(key, 'support')]).toEqual([true, false, false]);
    expect([maySeeAll(key, ['sales', 'shop']), maySeeAll(key, ['sales', 'support'])]).toEqual([true, false]);
  });
});

describe('revoking', () => {
  const now = 5_000;
  const refusal = (id: string, ...all: ReturnType<typeof aKey>[]) => {
    const key = all.find((candidate) => candidate.id === id);
    return key ? refusalToRevoke(key, all, now) : 'no such key';
  };

  test('takes any key while an admin is left', () => {
    expect(refusal('viewer', aKey('viewer'), aKey('admin'))).toBeNull();
    expect(refusal('a', aKey('admin', { id: 'a' }), aKey('admin', { id: 'b' }))).toBeNull();
    expect(refusal('a', aKey('admin', { id: 'a' }), aKey('admin', { id: ENVIRONMENT_KEY_ID }))).toBeNull();
  });

  test('leaves the last admin, and says what to do', () => {
    expect(refusal('admin', aKey('admin'), aKey('operator'))).toContain('Make a new admin key first');
    const expired = aKey('admin', { id: 'expired', expiresAt: now });
    expect(refusal('admin', aKey('admin'), expired)).not.toBeNull();
    expect(refusal('expired', aKey('admin'), expired)).toBeNull();
  });

  test('leaves the key that the configuration gives', () => {
    const environment = aKey('admin', { id: ENVIRONMENT_KEY_ID });
    expect(refusal(ENVIRONMENT_KEY_ID, environment, aKey('admin'))).toContain('WAKEFUL_API_KEY');
  });
});
