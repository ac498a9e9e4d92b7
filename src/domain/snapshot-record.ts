/** What is known of the last good copy of the login, and what it was used for since the session was last connected. */
export interface SnapshotRecord {
  /** There was one that can be restored when the present browser was launched. */
  readonly held: boolean;
  /** Launches in a row that failed as one with a damaged profile does. */
  readonly failures: number;
  /** It was asked for since the loss: a second time would not help more. */
  readonly tried: boolean;
  /** It is in the profile since the loss. */
  readonly restored: boolean;
}

export const NO_SNAPSHOT: SnapshotRecord = { held: false, failures: 0, tried: false, restored: false };
