import type { HandledStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';

/** How far the handlers are, beside the inbox's own counter. */
export function createHandledStore(database: Database): HandledStore {
  const { query } = database;
  const positions = database.prepare(({ sessionId }: { sessionId: string }) =>
    query.selectFrom('session').select(['inbox_seq', 'handled_seq']).where('id', '=', sessionId),
  );
  return {
    positions(sessionId) {
      const row = positions.first({ sessionId });
      return row ? { newest: row.inbox_seq, handled: row.handled_seq } : null;
    },
    save(sessionId, handled) {
      database.run(query.updateTable('session').set({ handled_seq: handled }).where('id', '=', sessionId));
    },
  };
}
