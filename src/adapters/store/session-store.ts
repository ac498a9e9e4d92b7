import type { Selectable } from 'kysely';
import type { z } from 'zod';
import type { Clock, Logger } from '../../domain/ports.js';
import { initialState, type SessionState } from '../../domain/session-state.js';
import type { SessionFacts, SessionRecord, SessionStore } from '../../domain/store-ports.js';
import type { Database } from './database.js';
import type { SessionTable } from './schema.js';
import { factsSchema, NO_FACTS, stateSchema, storableState, webhookSchema } from './session-json.js';

/** Sessions in the database. A record that cannot be read is replaced by a fresh one and logged, never thrown. */
export function createSessionStore(database: Database, logger: Logger, clock: Clock): SessionStore {
  const { query } = database;

  function readJson<T>(schema: z.ZodType<T>, text: string, column: string, sessionId: string): T | null {
    try {
      return schema.parse(JSON.parse(text));
    } catch (error) {
      logger.error('store.state_unreadable', `The stored ${column} of this session cannot be read and is replaced.`, {
        sessionId,
        column,
        error: error instanceof Error ? error.message : String(error),
      });
      return null;
    }
  }

  /** What is left of a state that cannot be read: that the number is wanted online, and an epoch no browser had yet. */
  function freshState(row: Selectable<SessionTable>): SessionState {
    const desired = row.desired === 'running' ? 'running' : 'stopped';
    return { ...initialState(clock.now()), desired, epoch: row.epoch };
  }

  function toRecord(row: Selectable<SessionTable>): SessionRecord {
    return {
      id: row.id,
      label: row.label,
      webhook: row.webhook === null ? null : readJson(webhookSchema, row.webhook, 'webhook', row.id),
      proxy: row.proxy,
      state: readJson(stateSchema, row.state, 'state', row.id) ?? freshState(row),
      facts: readJson(factsSchema, row.facts, 'facts', row.id) ?? NO_FACTS,
      createdAt: row.created_at,
    };
  }

  const stateColumns = (state: SessionState, facts: SessionFacts) => ({
    desired: state.desired,
    epoch: state.epoch,
    state: JSON.stringify(storableState(state)),
    facts: JSON.stringify(facts),
    updated_at: clock.now(),
  });

  const settingsColumns = ({ label, webhook, proxy }: Pick<SessionRecord, 'label' | 'webhook' | 'proxy'>) => ({
    label,
    webhook: webhook === null ? null : JSON.stringify(webhook),
    proxy,
  });

  const updateState = database.prepare(({ id, ...columns }: ReturnType<typeof stateColumns> & { id: string }) =>
    query.updateTable('session').set(columns).where('id', '=', id),
  );

  const updateFacts = database.prepare(({ id, facts }: { id: string; facts: string }) =>
    query.updateTable('session').set({ facts, updated_at: clock.now() }).where('id', '=', id),
  );

  return {
    all: () => database.all(query.selectFrom('session').selectAll().orderBy('id')).map(toRecord),
    insert(record) {
      const row = {
        id: record.id,
        ...settingsColumns(record),
        ...stateColumns(record.state, record.facts),
        owner: null,
        lease_until: null,
        inbox_seq: 0,
        inbox_newest_at: null,
        inbox_gap_since: null,
        created_at: record.createdAt,
      };
      return (
        database.run(
          query
            .insertInto('session')
            .values(row)
            .onConflict((c) => c.column('id').doNothing()),
        ) === 1
      );
    },
    saveState(id, state, facts) {
      updateState.run({ id, ...stateColumns(state, facts) });
    },
    saveFacts(factsById) {
      database.lazily(() => {
        for (const [id, facts] of factsById) updateFacts.run({ id, facts: JSON.stringify(facts) });
      });
    },
    saveSettings(id, settings) {
      const columns = { ...settingsColumns(settings), updated_at: clock.now() };
      database.run(query.updateTable('session').set(columns).where('id', '=', id));
    },
    // Messages and timeline go with it: their foreign keys cascade.
    remove(id) {
      database.run(query.deleteFrom('session').where('id', '=', id));
    },
  };
}
