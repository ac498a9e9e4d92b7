import { describe, expect, test } from '@jest/globals';
import { credentialsAfterFailure, TRUSTED_CREDENTIALS } from '../../src/domain/credential-policy.js';
import { policyOf } from '../support/policy.js';

describe('R14 the credential policy', () => {
  test('keeps the profile at the first two failures and discards it at the third, counting anew', () => {
    const { discardAfter } = policyOf('standard').credentials;
    const first = credentialsAfterFailure(TRUSTED_CREDENTIALS, 10, discardAfter);
    const second = credentialsAfterFailure(first.record, 20, discardAfter);
    const third = credentialsAfterFailure(second.record, 30, discardAfter);
    expect(first).toEqual({ record: { failures: 1, lastFailureAt: 10 }, discard: false });
    expect(second).toEqual({ record: { failures: 2, lastFailureAt: 20 }, discard: false });
    expect(third).toEqual({ record: { failures: 0, lastFailureAt: 30 }, discard: true });
  });

  test('discards at the first failure with the preset patient', () => {
    const { discardAfter } = policyOf('patient').credentials;
    expect(credentialsAfterFailure(TRUSTED_CREDENTIALS, 10, discardAfter).discard).toBe(true);
  });

  test('discards when the limit was lowered below what is counted already', () => {
    expect(credentialsAfterFailure({ failures: 2, lastFailureAt: 1 }, 10, 1).discard).toBe(true);
  });
});
