import type { LidStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';

/** Numbers behind LIDs in the database. */
export function createLidStore(database: Database): LidStore {
  const { query } = database;
  const known = database.prepare(({ lid }: { lid: string }) =>
    query.selectFrom('lid_map').select('phone').where('lid', '=', lid),
  );
  const phoneOf = (lid: string) => known.first({ lid })?.phone ?? null;
  return {
    phoneOf,
    learn(lid, phone, at) {
      // Nearly every message tells what is known: reading is cheap, writing is not.
      if (phoneOf(lid) === phone) return;
      const columns = { phone, learned_at: at };
      const upsert = query
        .insertInto('lid_map')
        .values({ lid, ...columns })
        .onConflict((c) => c.column('lid').doUpdateSet(columns));
      database.lazily(() => database.run(upsert));
    },
  };
}
