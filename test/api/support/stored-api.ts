import { join } from 'node:path';
import { createMediaShelf } from '../../../src/adapters/media-shelf.js';
import { createAuditStore } from '../../../src/adapters/store/audit-store.js';
import { openDatabase } from '../../../src/adapters/store/database.js';
import { createDeliveryStore } from '../../../src/adapters/store/delivery-store.js';
import { createInboxStore } from '../../../src/adapters/store/inbox-store.js';
import { createIncidentStore } from '../../../src/adapters/store/incident-store.js';
import { createKeyStore } from '../../../src/adapters/store/key-store.js';
import { createOutboxStore } from '../../../src/adapters/store/outbox-store.js';
import { createSessionStore } from '../../../src/adapters/store/session-store.js';
import { createTimelineStore } from '../../../src/adapters/store/timeline-store.js';
import { createApi } from '../../../src/api/create-api.js';
import { hashKey } from '../../../src/api/keys.js';
import { createWebhooks } from '../../../src/api/webhooks/create-webhooks.js';
import { Connectivity } from '../../../src/fleet/connectivity.js';
import { FleetStatistics } from '../../../src/fleet/fleet-stats.js';
import { Incidents } from '../../../src/fleet/incidents.js';
import { sessionView } from '../../../src/fleet/session-view.js';
import { Supervisor } from '../../../src/fleet/supervisor.js';
import { WakefulFleet } from '../../../src/fleet/wakeful-fleet.js';
import { SessionActor } from '../../../src/session/actor.js';
import { quietMachine } from '../../support/admission.js';
import type { FakeClient } from '../../support/fake-client.js';
import { buildHouse } from '../../support/fake-house.js';
import { aKey } from '../../support/fake-keys.js';
import { FakeMediaDesk } from '../../support/fake-media-desk.js';
import { FakeReceivers } from '../webhooks/webhook-driver.js';
import { createPlainHttp } from './fuzz/plain-http.js';

const TICK_MS = 20;
const SPEED = 10;
const BROWSER_BYTES = 110 * 2 ** 20;
const GLOBAL_RECEIVER = 'http://everything.example/hook';

/** A browser that connects by itself, and a WhatsApp that takes every message. */
function obliging(client: FakeClient): void {
  const start = client.start.bind(client);
  client.start = async (signal) => {
    await start(signal);
    setImmediate(() => client.ready());
  };
  client.nextSend = () => 'acked';
  client.chats = async () => [];
}

/**
 * The whole service on a real database, with no part of it fake but what needs a browser or the network: browsers,
 * profiles, receivers and the clock, whose time passes ten times as fast.
 */
export async function startStoredApi(dataDir: string, { patienceMs }: { patienceMs: number }) {
  const house = buildHouse();
  house.browsers.prepare = obliging;
  const { clock, logger, bus, browsers } = house;
  const limits = { ...house.config.api, requestsPerSecond: 10_000, failedSignInsPerMinute: 10_000 };
  const endpoints = [{ url: GLOBAL_RECEIVER, token: null, hmacKey: null, events: null }];
  const address = { host: '127.0.0.1', port: 0, apiKey: 'admin' };
  const config = { ...house.config, ...address, api: limits, webhooks: { ...house.config.webhooks, endpoints } };
  const database = openDatabase(dataDir);
  const timeline = createTimelineStore(database);
  const keys = createKeyStore(database);
  for (const role of ['operator', 'viewer'] as const) {
    if (keys.byHash(hashKey(role)) === null) keys.insert(aKey(role), hashKey(role));
  }
  const version = '1.2.3';
  const measureMemory = () => BROWSER_BYTES;
  const availableMemoryBytes = () => null;
  const receivers = new FakeReceivers();
  const webhooks = createWebhooks({
    settings: config.webhooks,
    store: createDeliveryStore(database),
    post: receivers.post,
    stores: {
      sessions: createSessionStore(database, logger, clock),
      outbox: createOutboxStore(database),
      inbox: createInboxStore(database),
    },
    transaction: database.transaction,
    lazily: database.lazily,
    recordOf: (id) => supervisor.actors.get(id)?.record ?? null,
    viewOf(id) {
      const actor = supervisor.actors.get(id);
      return actor ? sessionView(actor, { now: clock.now(), maxAttempts: null, measureMemory }) : null;
    },
    clock,
    logger,
    version,
  });
  const incidents = new Incidents({
    ...house,
    timeline,
    store: createIncidentStore(database),
    settings: config.incidents,
    supervisor: () => supervisor,
  });
  const connectivity: Connectivity = new Connectivity({ ...house, incidents, actors: () => supervisor.actors });
  const { admission: _own, ...fakes } = house;
  const media = createMediaShelf(join(dataDir, 'media'));
  const deps = { ...fakes, ...webhooks.stores, config, timeline, media, measureMemory, availableMemoryBytes };
  const supervisor: Supervisor = new Supervisor(
    { ...deps, gate: connectivity, machineLoad: quietMachine },
    (record, sessionDeps) => new SessionActor(record, sessionDeps),
  );
  const statistics = new FleetStatistics(clock.now());
  const fleet = new WakefulFleet({ ...deps, supervisor, statistics, incidents });
  const audit = createAuditStore(database);
  const metrics = { page: async () => 'wakeful_ready 1\n' };
  const api = createApi({
    ...{ fleet, webhooks: webhooks.webhooks, keys, audit, metrics, config, version, logger, clock },
    media: new FakeMediaDesk(),
  });

  for (const observe of [api.observe, statistics.observe, connectivity.observe, incidents.observe, webhooks.observe]) {
    bus.subscribe(observe);
  }
  const http = createPlainHttp(Number(new URL(await api.start()).port), patienceMs);
  incidents.start();
  await supervisor.start();
  webhooks.start();
  let passing = Promise.resolve();
  const ticks = setInterval(() => {
    passing = passing.then(() => clock.advance(TICK_MS * SPEED));
  }, TICK_MS);

  return {
    http,
    logger,
    browsers,
    /** The JSON at an address. */
    async read(path: string): Promise<unknown> {
      const { text } = await http.send({ method: 'GET', path, headers: { authorization: 'Bearer admin' }, body: null });
      return JSON.parse(text);
    },
    /** Resolves when everything is written and closed. */
    async stop(): Promise<void> {
      http.close();
      await supervisor.stop();
      incidents.stop();
      await Promise.all([webhooks.stop(), api.stop()]);
      clearInterval(ticks);
      await passing;
      database.close();
    },
  };
}

export type StoredApi = Awaited<ReturnType<typeof startStoredApi>>;
