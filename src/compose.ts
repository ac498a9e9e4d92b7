import { hostname } from 'node:os';
import { join } from 'node:path';
import { createAvailableMemory } from './adapters/available-memory.js';
import { createMemoryMeter } from './adapters/chromium/memory-meter.js';
import { reapOrphans } from './adapters/chromium/orphan-reaper.js';
import { killProcessGroup } from './adapters/chromium/process-group.js';
import { createProfileKeeper } from './adapters/chromium/profile-keeper.js';
import { createSystemClock } from './adapters/clock.js';
import { createMediaFetch } from './adapters/http/media-fetch.js';
import { createWebhookPost } from './adapters/http/webhook-post.js';
import { createLogger } from './adapters/logger.js';
import { createMachineLoad } from './adapters/machine-load.js';
import { createMediaShelf } from './adapters/media-shelf.js';
import { createPrometheus } from './adapters/prometheus.js';
import { acquireServiceFolders } from './adapters/service-folders.js';
import { createAuditStore } from './adapters/store/audit-store.js';
import { createBacklogStore } from './adapters/store/backlog-store.js';
import { openDatabase } from './adapters/store/database.js';
import { createDeliveryStore } from './adapters/store/delivery-store.js';
import { createHandledStore } from './adapters/store/handled-store.js';
import { createInboxMediaStore } from './adapters/store/inbox-media-store.js';
import { createInboxStore } from './adapters/store/inbox-store.js';
import { createIncidentStore } from './adapters/store/incident-store.js';
import { createKeyStore } from './adapters/store/key-store.js';
import { createLidStore } from './adapters/store/lid-store.js';
import { createOutboxStore } from './adapters/store/outbox-store.js';
import { createSessionStore } from './adapters/store/session-store.js';
import { createTimelineStore } from './adapters/store/timeline-store.js';
import { createWebPageStore } from './adapters/web-page-store.js';
import { createWhatsAppClient } from './adapters/wwebjs/create-client.js';
import { createApi } from './api/create-api.js';
import { createWebhooks } from './api/webhooks/create-webhooks.js';
import type { Config } from './config.js';
import type { CreateClient, Logger } from './domain/ports.js';
import { Connectivity } from './fleet/connectivity.js';
import { createMedia } from './fleet/create-media.js';
import { EventBus } from './fleet/event-bus.js';
import type { Fleet } from './fleet/facade.js';
import { FleetStatistics } from './fleet/fleet-stats.js';
import { Handlers } from './fleet/handlers.js';
import { Housekeeping } from './fleet/housekeeping.js';
import { Incidents } from './fleet/incidents.js';
import { FleetMetrics } from './fleet/metrics.js';
import { sessionView } from './fleet/session-view.js';
import { Supervisor } from './fleet/supervisor.js';
import { createTrouble } from './fleet/trouble.js';
import { WakefulFleet } from './fleet/wakeful-fleet.js';
import { WebVersions } from './fleet/web-versions.js';
import { loadHandlers } from './handler-file.js';
import { packageVersion } from './package-version.js';
import { SessionActor } from './session/actor.js';

const MEMORY_MAX_AGE_MS = 10_000;

/** The whole service. `start` rejects with one plain sentence when it cannot be; `stop` is idempotent. */
export interface Service {
  readonly logger: Logger;
  readonly fleet: Fleet;
  /** Of the program that embeds the service, and of the file that `handlers.file` names. */
  readonly handlers: Handlers;
  /** Where the API answers; null before `start`, and when nothing listens. */
  readonly address: string | null;
  /** Resolves when the API listens and every session that should run has been started. */
  start(): Promise<void>;
  /**
   * Resolves with a sentence when another Wakeful has the folders now, because this one stood still. No browser of ours
   * lives then; end the process without `stop`, which writes.
   */
  readonly lost: Promise<string>;
  /** Resolves when no browser lives and everything is written; `why` goes into the log. */
  stop(why: string): Promise<void>;
  /** For who ends the process before `stop` has: says so in the log, and resolves when that is written. */
  lastWords(why: string): Promise<void>;
}

interface ComposeOptions {
  /** False keeps the API from being answered. True by default. */
  listen?: boolean;
  /** What to drive instead of browsers with WhatsApp Web in them; for measuring the service without them. */
  createClient?: CreateClient;
}

/** Builds every part and takes the data folder; nothing of it runs before `start`. */
export async function compose(config: Config, { listen = true, createClient }: ComposeOptions = {}): Promise<Service> {
  // Before anything is opened: a second process on the same folders would damage what the first one writes.
  const folders = await acquireServiceFolders(config, {
    clock: createSystemClock(),
    tell: (words) => process.stderr.write(`wakeful: ${words}\n`),
  });
  const { logger, stop: stopLogger } = createLogger(config.log, config.dataDir);
  const database = openDatabase(config.dataDir);
  const version = packageVersion();
  // Who stood still looks first whether the folders are still its own.
  const clock = createSystemClock((gap) => {
    if (folders.areOurs()) supervisor.timeLost(gap);
  });

  const bus = new EventBus(logger);
  const statistics = new FleetStatistics(clock.now());
  const measureMemory = createMemoryMeter({ clock, maxAgeMs: MEMORY_MAX_AGE_MS });
  const availableMemoryBytes = createAvailableMemory();
  const receivers = createWebhookPost({ allowPrivate: config.http.allowPrivateAddresses });
  const webhooks = createWebhooks({
    settings: config.webhooks,
    store: createDeliveryStore(database),
    post: receivers.post,
    stores: {
      sessions: createSessionStore(database, logger, clock),
      outbox: createOutboxStore(database),
      inbox: createInboxStore(database),
    },
    ...{ transaction: database.transaction, lazily: database.lazily, clock, logger, version },
    recordOf: (id) => supervisor.actors.get(id)?.record ?? null,
    viewOf(id) {
      const actor = supervisor.actors.get(id);
      const { maxAttempts } = config.backoff;
      return actor ? sessionView(actor, { now: clock.now(), maxAttempts, measureMemory }) : null;
    },
  });
  const { sessions, outbox, inbox } = webhooks.stores;
  let address: string | null = null;
  const received = createMedia({
    ...{ dataDir: config.dataDir, store: createInboxMediaStore(database), bus, clock, logger },
    baseUrl: () => config.api.publicUrl ?? address,
  });
  const timeline = createTimelineStore(database);
  const media = createMediaShelf(join(config.dataDir, 'media', 'outbox'));
  const web = createMediaFetch({
    allowPrivate: config.http.allowPrivateAddresses,
    maxBytes: config.messages.maxMediaMb * 2 ** 20,
    timeoutMs: config.messages.mediaFetchTimeoutMs,
  });
  const quarantineDir = join(config.dataDir, 'quarantine');
  const { terminateMs } = config.deadlines;
  const profiles = createProfileKeeper({
    authDir: config.authDir,
    quarantineDir,
    snapshotDir: join(config.dataDir, 'snapshots'),
    minFreeDiskMb: config.fleet.minFreeDiskMb,
    maxCacheMb: config.browser.maxCacheMb,
    terminateMs,
    clock,
    hostname,
  });
  const incidentStore = createIncidentStore(database);
  const incidents = new Incidents({
    clock,
    logger,
    publish: bus.publish,
    store: incidentStore,
    timeline,
    settings: config.incidents,
    supervisor: () => supervisor,
  });
  const webPages = createWebPageStore({ dir: join(config.dataDir, 'web-versions'), ...config.web });
  const webVersions: WebVersions = new WebVersions({
    settings: config.web,
    store: webPages,
    incidents,
    clock,
    logger,
    actors: () => supervisor.actors,
  });
  const connectivity: Connectivity = new Connectivity({ clock, logger, incidents, actors: () => supervisor.actors });
  const supervisor: Supervisor = new Supervisor(
    {
      config,
      clock,
      random: Math.random,
      logger,
      publish: bus.publish,
      gate: connectivity,
      createClient: createClient ?? createWhatsAppClient({ config, logger, clock, pages: webVersions }),
      profiles,
      sessions,
      timeline,
      outbox,
      media,
      fetchMedia: web.fetchMedia,
      inbox,
      lids: createLidStore(database),
      ...received,
      machineLoad: createMachineLoad(),
      measureMemory,
      availableMemoryBytes,
    },
    (record, deps) => new SessionActor(record, deps),
  );
  const fleet = new WakefulFleet({
    ...{ config, clock, profiles, outbox, media, inbox, timeline },
    ...{ logger, supervisor, bus, statistics, incidents, measureMemory, availableMemoryBytes },
  });
  const handlers = new Handlers({
    fleet: () => fleet,
    actors: () => supervisor.actors,
    inbox,
    handled: createHandledStore(database),
    clock,
    logger,
    tell: createTrouble({ timeline, publish: bus.publish, clock, logger }),
    settings: config.handlers,
  });
  const meters = createPrometheus();
  const metrics = new FleetMetrics({
    ...{ meters, fleet, measureMemory, clock, version },
    actors: () => supervisor.actors,
    backlog: createBacklogStore(database),
    incidents: incidentStore,
  });
  const api = createApi({
    ...{ fleet, webhooks: webhooks.webhooks, media: received.library, config, version, logger, clock },
    keys: createKeyStore(database),
    audit: createAuditStore(database),
    metrics,
  });

  const housekeeping = new Housekeeping({
    ...{ config, quarantineDir, outbox, media, clock, logger },
    pruneAudit: () => api.prune(),
  });

  const lost = folders.lost.then(async (why) => {
    logger.error('service.folders_lost', why);
    supervisor.abandon();
    // At once and by force: a clean close writes into profiles on which another has browsers by now.
    for (const { pid } of supervisor.browsers()) killProcessGroup(pid);
    await stopLogger();
    return why;
  });

  let stopping: Promise<void> | null = null;
  return {
    logger,
    lost,
    fleet,
    handlers,
    get address() {
      return address;
    },

    async start() {
      const node = { nodeVersion: process.version, nodeFlags: process.execArgv.join(' ') };
      logger.info('service.starting', `Wakeful ${version} starts`, { version, ...node });
      if (folders.silentOwner !== null) {
        const { host, pid } = folders.silentOwner;
        const words = `The Wakeful on host ${host} (pid ${pid}) gave no sign of life for 20 s: its folders are ours now`;
        logger.warn('service.folders_taken', words, { host, pid });
      }
      // Before those who publish something by what they hear: a cause is told before what follows from it.
      if (listen) bus.subscribe(api.observe);
      if (listen) meters.start();
      bus.subscribe(metrics.observe);
      bus.subscribe(statistics.observe);
      bus.subscribe(connectivity.observe);
      bus.subscribe(webVersions.observe);
      // Behind those who know causes: what they report is not taken for an outage.
      bus.subscribe(incidents.observe);
      bus.subscribe(webhooks.observe);
      bus.subscribe(handlers.observe);
      if (config.handlers.file !== null) await loadHandlers(config.handlers.file, handlers);
      // Before the first message can come, whose file gets a link.
      if (listen) address = await api.start();
      webVersions.requirePinned();
      await reapOrphans(config.authDir, { clock, terminateMs, logger });
      await housekeeping.start();
      incidents.start();
      webVersions.start();
      await supervisor.start();
      // Only now every session, and so every webhook, is known.
      webhooks.start();
      received.library.start();
      handlers.start();
      if (address !== null) logger.info('service.listening', `Wakeful answers at ${address}`, { address });
    },

    stop(why) {
      stopping ??= (async () => {
        logger.info('service.stopping', `Shutting down (${why})`, { why });
        housekeeping.stop();
        await handlers.stop();
        // Sessions first, while the API still tells how far it is; it takes no new work since the fleet is not ready.
        await supervisor.stop();
        incidents.stop();
        received.library.stop();
        await Promise.all([webhooks.stop(), api.stop()]);
        await Promise.all([receivers.close(), web.close()]);
        database.close();
        logger.info('service.stopped', 'Everything is closed');
        await stopLogger();
        await folders.release();
      })();
      return stopping;
    },

    async lastWords(why) {
      logger.error('service.cut_short', `Ends unfinished: ${why}`, { browsers: supervisor.browsers().length });
      await stopLogger();
    },
  };
}
