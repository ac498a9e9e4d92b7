export const KEY_ROLES = ['viewer', 'operator', 'admin'] as const;
export type KeyRole = (typeof KEY_ROLES)[number];

/** Who may do what; times are milliseconds since 1970. */
export interface ApiKey {
  id: string;
  name: string;
  role: KeyRole;
  /** The only sessions that it sees and touches, whether they exist yet or not; null: every one. */
  sessionIds: readonly string[] | null;
  createdAt: number;
  /** Not taken any more from then on; null: never. */
  expiresAt: number | null;
  /** To the minute; null before the first use. */
  lastUsedAt: number | null;
}

export interface KeyStore {
  /** Only the hash (hex SHA-256 of the secret) is kept. */
  insert(key: ApiKey, hash: string): void;
  byHash(hash: string): ApiKey | null;
  /** Oldest first, also those that have expired. */
  list(): ApiKey[];
  used(id: string, at: number): void;
  /** Revokes a key; nothing happens when it is not there. */
  remove(id: string): void;
}

/** One request that was to change something, as it is kept for those who ask later. Nothing of its body. */
export interface AuditEntry {
  seq: number;
  at: number;
  keyId: string;
  keyName: string;
  role: KeyRole;
  /** Method and pattern of the path, such as `DELETE /api/sessions/:id`. */
  action: string;
  /** The session that was meant, whether it exists or not; null when it was none. */
  sessionId: string | null;
  /** The key, the delivery or the webhook that was meant; null when it was none. */
  targetId: string | null;
  /** HTTP status of the answer; null when the caller had gone before it came. */
  status: number | null;
  ip: string;
}

export interface AuditStore {
  append(entry: Omit<AuditEntry, 'seq'>): void;
  /** Newest first, those behind the position `after`; 0 begins with the newest. */
  list(options: { sessionId?: string; keyId?: string; after: number; limit: number }): AuditEntry[];
  /** Forgets entries from before `at`. */
  prune(at: number): void;
}
