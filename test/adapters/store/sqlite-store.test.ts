import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe } from '@jest/globals';
import { createAuditStore } from '../../../src/adapters/store/audit-store.js';
import { type Database, openDatabase } from '../../../src/adapters/store/database.js';
import { createDeliveryStore } from '../../../src/adapters/store/delivery-store.js';
import { createInboxStore } from '../../../src/adapters/store/inbox-store.js';
import { createIncidentStore } from '../../../src/adapters/store/incident-store.js';
import { createKeyStore } from '../../../src/adapters/store/key-store.js';
import { createOutboxStore } from '../../../src/adapters/store/outbox-store.js';
import { createSessionStore } from '../../../src/adapters/store/session-store.js';
import { createTimelineStore } from '../../../src/adapters/store/timeline-store.js';
import type { Clock, Logger } from '../../../src/domain/ports.js';
import { auditStoreContract } from './contracts/audit-store.js';
import { deliveryStoreContract } from './contracts/delivery-store.js';
import { inboxStoreContract } from './contracts/inbox-store.js';
import { incidentStoreContract } from './contracts/incident-store.js';
import { keyStoreContract } from './contracts/key-store.js';
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
  incidentStoreContract(() => createIncidentStore(database));
  deliveryStoreContract(() => createDeliveryStore(database));
  auditStoreContract(() => createAuditStore(database));
  keyStoreContract(() => createKeyStore(database));
});
