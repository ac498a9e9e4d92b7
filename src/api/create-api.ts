import type { Config } from '../config.js';
import type { AuditStore, KeyStore } from '../domain/access-ports.js';
import type { BusEvent } from '../domain/bus-event.js';
import type { Clock, Logger } from '../domain/ports.js';
import type { Fleet } from '../fleet/facade.js';
import type { MediaDesk } from '../fleet/media-library.js';
import { createApp } from './app.js';
import { AuditTrail } from './audit.js';
import { showKeys } from './keys.js';
import { RealtimeGateway } from './realtime/gateway.js';
import { createServer } from './server.js';
import { SignIn } from './sign-in.js';
import type { Webhooks } from './webhooks/facade.js';

interface ApiOptions {
  fleet: Fleet;
  webhooks: Webhooks;
  media: MediaDesk;
  keys: KeyStore;
  audit: AuditStore;
  metrics: { page(): Promise<string> };
  config: Config;
  version: string;
  logger: Logger;
  clock: Clock;
}

/** The API with its keys and its events in real time, on one port. */
export interface Api {
  /** Listener for the event bus. */
  observe(event: BusEvent): void;
  /** Listens, and shows a first key; resolves with the address, such as `http://127.0.0.1:3000`. */
  start(): Promise<string>;
  /** Resolves when every connection is closed. Idempotent. */
  stop(): Promise<void>;
  /** Forgets what was kept long enough. */
  prune(): void;
}

/** Puts the parts of the API together; nothing listens before `start`. */
export function createApi({ audit: store, ...options }: ApiOptions): Api {
  const { keys, config, logger, clock } = options;
  const signIn = new SignIn(keys, config.api.failedSignInsPerMinute, clock);
  const audit = new AuditTrail({ store, clock, logger, keepDays: config.audit.keepDays });
  const server = createServer(createApp({ ...options, signIn, audit }), config.host, config.port);
  const realtime = new RealtimeGateway({ ...options, http: server.http, signIn });
  return {
    observe: realtime.observe,
    async start() {
      realtime.start();
      const address = await server.start();
      showKeys(keys, config.apiKey, { logger, now: clock.now() });
      return addressOf(address);
    },
    async stop() {
      await realtime.stop();
      await server.stop();
    },
    prune: () => audit.prune(),
  };
}

function addressOf({ host, port }: { host: string; port: number }): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
