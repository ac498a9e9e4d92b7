import { z } from 'zod';
import { KEY_ROLES, type KeyStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';

const roleSchema = z.enum(KEY_ROLES);

/** API keys in the database, by their hash. */
export function createKeyStore(database: Database): KeyStore {
  const { query } = database;
  return {
    insert(key, hash) {
      const row = { id: key.id, name: key.name, role: key.role, hash, created_at: key.createdAt };
      database.run(query.insertInto('api_key').values(row));
    },
    byHash(hash) {
      const row = database.first(query.selectFrom('api_key').selectAll().where('hash', '=', hash));
      return row ? { id: row.id, name: row.name, role: roleSchema.parse(row.role), createdAt: row.created_at } : null;
    },
    count() {
      const row = database.first(query.selectFrom('api_key').select(({ fn }) => fn.countAll<number>().as('count')));
      return row?.count ?? 0;
    },
    remove(id) {
      database.run(query.deleteFrom('api_key').where('id', '=', id));
    },
  };
}
