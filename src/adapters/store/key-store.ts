import { z } from 'zod';
import { type ApiKey, KEY_ROLES, type KeyStore } from '../../domain/access-ports.js';
import type { Database } from './database.js';
import type { ApiKeyTable } from './schema.js';

const roleSchema = z.enum(KEY_ROLES);
const sessionIdsSchema = z.array(z.string());

function toKey(row: ApiKeyTable): ApiKey {
  return {
    id: row.id,
    name: row.name,
    role: roleSchema.parse(row.role),
    sessionIds: row.session_ids === null ? null : sessionIdsSchema.parse(JSON.parse(row.session_ids)),
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
  };
}

/** API keys in the database, by their hash. */
export function createKeyStore(database: Database): KeyStore {
  const { query } = database;
  // Asked with every request.
  const byHash = database.prepare(({ hash }: { hash: string }) =>
    query.selectFrom('api_key').selectAll().where('hash', '=', hash),
  );
  return {
    insert({ id, name, role, sessionIds, createdAt, expiresAt, lastUsedAt }, hash) {
      const row = {
        ...{ id, name, role, hash },
        session_ids: sessionIds && JSON.stringify(sessionIds),
        created_at: createdAt,
        expires_at: expiresAt,
        last_used_at: lastUsedAt,
      };
      database.run(query.insertInto('api_key').values(row));
    },
    byHash(hash) {
      const row = byHash.first({ hash });
      return row ? toKey(row) : null;
    },
    list() {
      return database.all(query.selectFrom('api_key').selectAll().orderBy('created_at').orderBy('id')).map(toKey);
    },
    used(id, at) {
      database.run(query.updateTable('api_key').set({ last_used_at: at }).where('id', '=', id));
    },
    remove(id) {
      database.run(query.deleteFrom('api_key').where('id', '=', id));
    },
  };
}
