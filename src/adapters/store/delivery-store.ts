import type { ExpressionBuilder, Insertable, Selectable, Updateable } from 'kysely';
import { z } from 'zod';
import { DELIVERY_STATUSES, type Delivery, type DeliveryLane } from '../../domain/delivery.js';
import type { DeliveryStore } from '../../domain/store-ports.js';
import { endpointOfSession } from '../../domain/webhook.js';
import type { Database } from './database.js';
import type { DeliveryTable, Schema } from './schema.js';

const statusSchema = z.enum(DELIVERY_STATUSES);

const SHOWN = [
  'seq',
  'id',
  'event_id',
  'session_id',
  'endpoint',
  'event',
  'state',
  'attempts',
  'refusals',
  'next_attempt_at',
  'last_status',
  'last_error',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof DeliveryTable)[];

function toSummary(row: Omit<Selectable<DeliveryTable>, 'body'>): Omit<Delivery, 'body'> {
  return {
    id: row.id,
    seq: row.seq,
    eventId: row.event_id,
    sessionId: row.session_id,
    endpoint: row.endpoint,
    event: row.event,
    status: statusSchema.parse(row.state),
    attempts: row.attempts,
    refusals: row.refusals,
    nextAttemptAt: row.next_attempt_at,
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const toDelivery = (row: Selectable<DeliveryTable>): Delivery => ({ ...toSummary(row), body: row.body });

/** What webhooks are to be told, in the database. */
export function createDeliveryStore(database: Database): DeliveryStore {
  const { query } = database;

  const inLane =
    ({ endpoint, sessionId }: DeliveryLane) =>
    ({ and, eb }: ExpressionBuilder<Schema, 'delivery'>) =>
      and([
        eb('state', '=', 'queued'),
        eb('endpoint', '=', endpoint),
        sessionId === null ? eb('session_id', 'is', null) : eb('session_id', '=', sessionId),
      ]);

  const insertOnce = database.prepare((row: Insertable<DeliveryTable>) =>
    query
      .insertInto('delivery')
      .values(row)
      .onConflict((c) => c.doNothing()),
  );
  const firstOfSession = database.prepare((lane: { endpoint: string; sessionId: string }) =>
    query.selectFrom('delivery').selectAll().where(inLane(lane)).orderBy('seq').limit(1),
  );
  const firstOfFleet = database.prepare(({ endpoint }: { endpoint: string }) =>
    query
      .selectFrom('delivery')
      .selectAll()
      .where(inLane({ endpoint, sessionId: null }))
      .orderBy('seq')
      .limit(1),
  );
  const updateOne = database.prepare(({ id, ...columns }: Updateable<DeliveryTable> & { id: string }) =>
    query.updateTable('delivery').set(columns).where('id', '=', id),
  );

  const resume = (endpoint: string) => {
    database.run(query.deleteFrom('webhook_pause').where('endpoint', '=', endpoint));
  };

  return {
    enqueue({ id, eventId, sessionId, endpoint, event, body, createdAt }) {
      const row = {
        id,
        event_id: eventId,
        session_id: sessionId,
        endpoint,
        event,
        body,
        state: 'queued',
        attempts: 0,
        refusals: 0,
        next_attempt_at: createdAt,
        last_status: null,
        last_error: null,
        created_at: createdAt,
        updated_at: createdAt,
      };
      return insertOnce.run(row) === 1;
    },
    get(id) {
      const row = database.first(query.selectFrom('delivery').selectAll().where('id', '=', id));
      return row ? toDelivery(row) : null;
    },
    waitingLanes() {
      const lanes = query.selectFrom('delivery').select(['endpoint', 'session_id']).where('state', '=', 'queued');
      return database.all(lanes.distinct()).map(({ endpoint, session_id: sessionId }) => ({ endpoint, sessionId }));
    },
    head({ endpoint, sessionId }) {
      const row = sessionId === null ? firstOfFleet.first({ endpoint }) : firstOfSession.first({ endpoint, sessionId });
      return row ? toDelivery(row) : null;
    },
    update(id, { status, attempts, refusals, nextAttemptAt, lastStatus, lastError }, at) {
      const columns = {
        state: status,
        attempts,
        refusals,
        next_attempt_at: nextAttemptAt,
        ...(lastStatus === undefined ? {} : { last_status: lastStatus }),
        ...(lastError === undefined ? {} : { last_error: lastError }),
        updated_at: at,
      };
      // Who is called once more after a power cut knows the event by its id.
      database.lazily(() => updateOne.run({ id, ...columns }));
    },
    buryLane(lane, lastError, at) {
      const dead = { state: 'dead', last_error: lastError, updated_at: at };
      return database.run(query.updateTable('delivery').set(dead).where(inLane(lane)));
    },
    list({ status, sessionId, among = null, after, limit }) {
      let wanted = query.selectFrom('delivery').select(SHOWN).where('seq', '>', after);
      if (status !== undefined) wanted = wanted.where('state', '=', status);
      if (sessionId !== undefined) wanted = wanted.where('session_id', '=', sessionId);
      if (among !== null) wanted = wanted.where('session_id', 'in', among);
      return database.all(wanted.orderBy('seq').limit(limit)).map(toSummary);
    },
    pausedSince(endpoint) {
      const row = database.first(query.selectFrom('webhook_pause').select('since').where('endpoint', '=', endpoint));
      return row?.since ?? null;
    },
    pause(endpoint, since) {
      database.run(
        query
          .insertInto('webhook_pause')
          .values({ endpoint, since })
          .onConflict((c) => c.doNothing()),
      );
    },
    resume,
    forgetSession(sessionId) {
      resume(endpointOfSession(sessionId));
      database.run(
        query
          .deleteFrom('delivery')
          .where('session_id', '=', sessionId)
          .where(({ or, eb }) => or([eb('endpoint', '=', endpointOfSession(sessionId)), eb('state', '!=', 'queued')])),
      );
    },
    prune({ deliveredBefore, deadBefore }, at) {
      const ended = (state: string, before: number) =>
        database.run(query.deleteFrom('delivery').where('state', '=', state).where('updated_at', '<', before));
      database.transaction(() => {
        ended('delivered', deliveredBefore);
        ended('dead', deadBefore);
        database.run(
          query
            .updateTable('delivery')
            .set({ state: 'dead', last_error: 'It waited too long', updated_at: at })
            .where('state', '=', 'queued')
            .where('created_at', '<', deadBefore),
        );
      });
    },
  };
}
