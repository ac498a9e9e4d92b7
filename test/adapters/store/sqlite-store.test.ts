import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAuditStore } from '../../../src/adapters/store/audit-store.js';
import { createBacklogStore } from '../../../src/adapters/store/backlog-store.js';
import { type Database, openDatabase } from '../../../src/adapters/store/database.js';
import { createDeliveryStore } from '../../../src/adapters/store/delivery-store.js';
import { createInboxMediaStore } from '../../../src/adapters/store/inbox-media-store.js';
import { createInboxStore } from '../../../src/adapters/store/inbox-store.js';
import { createIncidentStore } from '../../../src/adapters/store/incident-store.js';
import { createKeyStore } from '../../../src/adapters/store/key-store.js';
import { createLidStore } from '../../../src/adapters/store/lid-store.js';
import { createOutboxStore } from '../../../src/adapters/store/outbox-store.js';
import { createSessionStore } from '../../../src/adapters/store/session-store.js';
import { createTimelineStore } from '../../../src/adapters/store/timeline-store.js';
import type { Clock, Logger } from '../../../src/domain/ports.js';
import { anOutboxInsert } from '../../support/outbox-message.js';
import { auditStoreContract } from './contracts/audit-store.js';
import { deliveryStoreContract } from './contracts/delivery-store.js';
import { inboxMediaStoreContract } from './contracts/inbox-media-store.js';
import { inboxStoreContract } from './contracts/inbox-store.js';
import { incidentStoreContract } from './contracts/incident-store.js';
import { keyStoreContract } from './contracts/key-store.js';
import { lidStoreContract } from './contracts/lid-store.js';
import { outboxStoreContract } from './contracts/outbox-store.js';
import { aRecord, sessionStoreContract } from './contracts/session-store.js';
import { timelineStoreContract } from './contracts/timeline-store.js';

const silent: Logger = { debug() {}, info() {}, warn() {}, error() {} };
const clock: Clock = { now: () => 1_000, schedule: () => () => {} };

describe('SQLite', () => {
  let folder: string;
  let database: Database;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-store-'));
    database = openDatabase(folder);
  });

  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function withSessions<T>(store: T): T {
    const sessions = createSessionStore(database, silent, clock);
    sessions.insert(aRecord('sales'));
    sessions.insert(aRecord('support'));
    return store;
  }

  sessionStoreContract(() => createSessionStore(database, silent, clock));
  timelineStoreContract(() => withSessions(createTimelineStore(database)));
  outboxStoreContract(() => withSessions(createOutboxStore(database)));
  inboxStoreContract(() => withSessions(createInboxStore(database)));
  inboxMediaStoreContract(() =>
    withSessions({ media: createInboxMediaStore(database), inbox: createInboxStore(database) }),
  );
  lidStoreContract(() => createLidStore(database));
  incidentStoreContract(() => createIncidentStore(database));
  deliveryStoreContract(() => createDeliveryStore(database));
  auditStoreContract(() => createAuditStore(database));
  test('tells what waits in all sessions, and since when', () => {
    const [outbox, deliveries] = [withSessions(createOutboxStore(database)), createDeliveryStore(database)];
    const backlog = createBacklogStore(database);
    const none = { count: 0, oldestAt: null };
    expect(backlog.outbox()).toEqual([
      { state: 'queued', ...none },
      { state: 'sending', ...none },
    ]);
    expect(backlog.deliveries()).toEqual([
      { state: 'queued', ...none },
      { state: 'dead', ...none },
    ]);
    for (const [n, sessionId] of ['sales', 'support', 'sales'].entries()) {
      outbox.accept(anOutboxInsert(`m${n}`, { sessionId, createdAt: 1_000 + n }));
      const event = { eventId: `evt_${n}`, event: 'message', body: '{}', createdAt: 2_000 + n };
      deliveries.enqueue({ id: `dlv_${n}`, endpoint: `session:${sessionId}`, sessionId, ...event });
    }
    outbox.update('m0', { status: 'sending' }, 5_000);
    outbox.update('m1', { status: 'failed', failureCode: 'send_failed' }, 5_000);
    deliveries.update('dlv_0', { status: 'delivered', attempts: 1, refusals: 0, nextAttemptAt: 0 }, 5_000);
    expect(backlog.outbox()).toEqual([
      { state: 'queued', count: 1, oldestAt: 1_002 },
      { state: 'sending', count: 1, oldestAt: 1_000 },
    ]);
    expect(backlog.deliveries()[0]).toEqual({ state: 'queued', count: 2, oldestAt: 2_001 });
  });
  keyStoreContract(() => createKeyStore(database));
});
