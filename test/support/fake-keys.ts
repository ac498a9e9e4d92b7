import type { ApiKey, AuditEntry, AuditStore, KeyRole, KeyStore } from '../../src/domain/access-ports.js';

/** A key of that role, named like it, for every session and for ever. */
export function aKey(role: KeyRole, change: Partial<ApiKey> = {}): ApiKey {
  const id = change.id ?? role;
  return { id, name: id, role, sessionIds: null, createdAt: 0, expiresAt: null, lastUsedAt: null, ...change };
}

/** Keys in memory; the key store's contract holds for it too. */
export class FakeKeyStore implements KeyStore {
  broken = false;
  readonly #byHash = new Map<string, ApiKey>();

  insert(key: ApiKey, hash: string): void {
    if (this.#byHash.has(hash)) throw new Error('This secret is there already.');
    this.#byHash.set(hash, key);
  }

  byHash(hash: string): ApiKey | null {
    return this.#byHash.get(hash) ?? null;
  }

  list(): ApiKey[] {
    return [...this.#byHash.values()].sort((a, b) => a.createdAt - b.createdAt || a.id.localeCompare(b.id));
  }

  used(id: string, at: number): void {
    if (this.broken) throw new Error('SQLITE_FULL: database or disk is full');
    for (const [hash, key] of this.#byHash) if (key.id === id) this.#byHash.set(hash, { ...key, lastUsedAt: at });
  }

  remove(id: string): void {
    for (const [hash, key] of this.#byHash) if (key.id === id) this.#byHash.delete(hash);
  }
}

/** The audit trail in memory; the contract of its store holds for it too. */
export class FakeAuditStore implements AuditStore {
  broken = false;
  entries: AuditEntry[] = [];

  append(entry: Omit<AuditEntry, 'seq'>): void {
    if (this.broken) throw new Error('SQLITE_FULL: database or disk is full');
    this.entries.unshift({ ...entry, seq: (this.entries[0]?.seq ?? 0) + 1 });
  }

  list({ sessionId, keyId, after, limit }: Parameters<AuditStore['list']>[0]): AuditEntry[] {
    return this.entries
      .filter((entry) => after === 0 || entry.seq < after)
      .filter((entry) => sessionId === undefined || entry.sessionId === sessionId)
      .filter((entry) => keyId === undefined || entry.keyId === keyId)
      .slice(0, limit);
  }

  prune(at: number): void {
    this.entries = this.entries.filter((entry) => entry.at >= at);
  }
}
