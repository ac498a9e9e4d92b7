import type { BusEvent } from '../../domain/bus-event.js';
import type { InboxStore, OutboxStore, SessionRecord, SessionStore } from '../../domain/store-ports.js';
import { endpointOfSession } from '../../domain/webhook.js';
import type { SessionView } from '../../fleet/facade.js';
import { Dispatcher, type DispatcherDeps } from './dispatcher.js';
import { createEndpoints } from './endpoints.js';
import type { Webhooks } from './facade.js';
import { newsOfIncident } from './news.js';
import { createQrCodes } from './qr-codes.js';
import { recordedStores } from './recorded-stores.js';
import { createRecorder } from './recorder.js';
import { WebhookDesk } from './webhook-desk.js';

interface WebhookParts extends Omit<DispatcherDeps, 'endpoints'> {
  /** All of `work` or nothing of it. */
  transaction: <T>(work: () => T) => T;
  lazily: <T>(work: () => T) => T;
  stores: { sessions: SessionStore; outbox: OutboxStore; inbox: InboxStore };
  recordOf: (sessionId: string) => Readonly<SessionRecord> | null;
  viewOf: (sessionId: string) => SessionView | null;
}

/** Everything about webhooks, built and wired; nothing is called before `start`. */
export interface WebhookHouse {
  /** The given stores, which also write down what webhooks are to be told. To be used in their place. */
  stores: WebhookParts['stores'];
  webhooks: Webhooks;
  /** Listener for the event bus. */
  observe(event: BusEvent): void;
  start(): void;
  stop(): Promise<void>;
}

export function createWebhooks(parts: WebhookParts): WebhookHouse {
  const { store, clock, logger, settings, transaction, lazily, recordOf, viewOf } = parts;
  const now = () => clock.now();
  const phoneNumberOf = (sessionId: string) => recordOf(sessionId)?.facts.phoneNumber ?? null;
  const webhookOf = (sessionId: string) => recordOf(sessionId)?.webhook ?? null;
  const endpoints = createEndpoints(settings.endpoints, webhookOf);
  const dispatcher = new Dispatcher({ ...parts, endpoints });
  const record = createRecorder({ store, endpoints, phoneNumberOf, wake: (lane) => dispatcher.wake(lane) });
  const isPaused = (endpoint: string) => store.pausedSince(endpoint) !== null;
  const tellQrCode = createQrCodes({ endpoints, dispatcher, isPaused, logger, now });
  return {
    stores: recordedStores(parts.stores, {
      transaction,
      lazily,
      record,
      phoneNumberOf,
      viewOf,
      webhookOf,
      webhookChanged: (sessionId) => dispatcher.endpointChanged(endpointOfSession(sessionId)),
      deliveries: store,
      now,
    }),
    webhooks: new WebhookDesk({ store, endpoints, dispatcher, phoneNumberOf, logger, now }),
    observe(event) {
      tellQrCode(event);
      const news = newsOfIncident(event, now());
      if (news) record(news);
    },
    start: () => dispatcher.start(),
    stop: () => dispatcher.stop(),
  };
}
