/** Consecutive auth failures and logouts of one profile; nothing else ever counts against the credentials. */
export interface CredentialRecord {
  readonly failures: number;
  readonly lastFailureAt: number | null;
}

export const TRUSTED_CREDENTIALS: CredentialRecord = { failures: 0, lastFailureAt: null };

/** One auth failure or logout more. At `discardAfter` the profile goes to quarantine and the count starts anew. */
export function credentialsAfterFailure(
  record: CredentialRecord,
  now: number,
  discardAfter: number,
): { record: CredentialRecord; discard: boolean } {
  const failures = record.failures + 1;
  const discard = failures >= discardAfter;
  return { record: { failures: discard ? 0 : failures, lastFailureAt: now }, discard };
}
