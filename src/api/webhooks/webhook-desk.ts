import { randomUUID } from 'node:crypto';
import { verdictOf } from '../../domain/delivery.js';
import { DomainError } from '../../domain/error-catalogue.js';
import type { Logger } from '../../domain/ports.js';
import type { DeliveryStore } from '../../domain/store-ports.js';
import { endpointOfSession, sessionOfEndpoint, type WebhookEndpoint } from '../../domain/webhook.js';
import type { Dispatcher } from './dispatcher.js';
import { type Endpoints, nameOfReceiver } from './endpoints.js';
import type { DeliveryView, EndpointView, TestResult, Webhooks } from './facade.js';
import { bodyOf } from './recorder.js';

interface DeskDeps {
  store: DeliveryStore;
  endpoints: Endpoints;
  dispatcher: Dispatcher;
  phoneNumberOf: (sessionId: string) => string | null;
  logger: Logger;
  now: () => number;
}

type Target = Parameters<Webhooks['test']>[0];

/** Answers what people ask about webhooks. */
export class WebhookDesk implements Webhooks {
  readonly #deps: DeskDeps;

  constructor(deps: DeskDeps) {
    this.#deps = deps;
  }

  deliveries(options: Parameters<Webhooks['deliveries']>[0]): DeliveryView[] {
    return this.#deps.store.list(options).map((delivery) => this.#show(delivery));
  }

  redeliver(id: string, among: readonly string[] | null): DeliveryView {
    const { store, endpoints, dispatcher, now } = this.#deps;
    const delivery = store.get(id);
    const isKept = among !== null && (!delivery?.sessionId || !among.includes(delivery.sessionId));
    if (!delivery || isKept) {
      const detail = `There is no delivery "${id}": those that are over are removed after some days.`;
      throw new DomainError('delivery_not_found', detail);
    }
    if (endpoints.byKey(delivery.endpoint) === null) {
      const detail = 'The webhook that this delivery was for is not set any more. Set one and try again.';
      throw new DomainError('no_webhook', detail, delivery.sessionId === null ? {} : { sessionId: delivery.sessionId });
    }
    const anew = { status: 'queued', attempts: 0, refusals: 0, nextAttemptAt: now() } as const;
    store.update(id, anew, now());
    dispatcher.wake(delivery);
    return this.#show({ ...delivery, ...anew, updatedAt: now() });
  }

  endpoints({ sessionIds, configured }: Parameters<Webhooks['endpoints']>[0]): EndpointView[] {
    const { endpoints } = this.#deps;
    const globals = configured ? endpoints.about(null) : [];
    const own = sessionIds.flatMap((id) => endpoints.byKey(endpointOfSession(id)) ?? []);
    return [...globals, ...own].map((endpoint) => this.#showEndpoint(endpoint));
  }

  pause(key: string, among: readonly string[] | null): EndpointView {
    const { store, logger, now } = this.#deps;
    const endpoint = this.#required(key, among);
    if (store.pausedSince(key) === null) {
      store.pause(key, now());
      logger.warn('webhook.paused', `The webhook ${key} is paused; what is for it waits`, { endpoint: key });
    }
    return this.#showEndpoint(endpoint);
  }

  resume(key: string, among: readonly string[] | null): EndpointView {
    const { store, dispatcher, logger } = this.#deps;
    const endpoint = this.#required(key, among);
    if (store.pausedSince(key) !== null) {
      store.resume(key);
      logger.info('webhook.resumed', `The webhook ${key} goes on; what waited goes at once`, { endpoint: key });
      dispatcher.endpointChanged(key);
    }
    return this.#showEndpoint(endpoint);
  }

  async test(target: Target): Promise<TestResult> {
    const { dispatcher, phoneNumberOf, now } = this.#deps;
    const endpoint = this.#endpointOf(target);
    const sessionId = 'sessionId' in target ? target.sessionId : null;
    const payload = { message: 'A test of this webhook by Wakeful' };
    const news = { event: 'webhook.test', sessionId, at: now(), payload };
    const id = `evt_${randomUUID().replaceAll('-', '')}`;
    const body = bodyOf(news, id, sessionId === null ? null : phoneNumberOf(sessionId));
    const answer = await dispatcher.call(endpoint, `dlv_${randomUUID()}`, body);
    return {
      delivered: verdictOf(answer) === 'delivered',
      status: answer.kind === 'answered' ? answer.status : null,
      latencyMs: answer.latencyMs,
      error: answer.kind === 'answered' ? null : answer.error,
    };
  }

  #endpointOf(target: Target): WebhookEndpoint {
    if ('url' in target) return { ...target, key: 'test', events: null };
    const endpoint = this.#deps.endpoints.byKey(endpointOfSession(target.sessionId));
    if (endpoint) return endpoint;
    const detail = `Session "${target.sessionId}" has no webhook. Set one with PATCH /api/sessions/${target.sessionId}.`;
    throw new DomainError('no_webhook', detail, { sessionId: target.sessionId });
  }

  #required(key: string, among: readonly string[] | null): WebhookEndpoint {
    const sessionId = sessionOfEndpoint(key);
    const isKept = among !== null && (sessionId === null || !among.includes(sessionId));
    const endpoint = isKept ? null : this.#deps.endpoints.byKey(key);
    if (endpoint) return endpoint;
    throw new DomainError('no_webhook', `No webhook "${key}" is set. GET /api/webhooks lists those that are.`);
  }

  #showEndpoint({ key, url, events }: WebhookEndpoint): EndpointView {
    const pausedSince = this.#deps.store.pausedSince(key);
    return { endpoint: key, sessionId: sessionOfEndpoint(key), receiver: nameOfReceiver(url), events, pausedSince };
  }

  #show({ id, seq, eventId, event, sessionId, endpoint, ...rest }: Omit<DeliveryView, 'receiver'>): DeliveryView {
    const url = this.#deps.endpoints.byKey(endpoint)?.url;
    const receiver = url === undefined ? null : nameOfReceiver(url);
    return { id, seq, eventId, event, sessionId, endpoint, receiver, ...rest };
  }
}
