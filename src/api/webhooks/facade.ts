import type { Delivery, DeliveryStatus } from '../../domain/delivery.js';
import type { WebhookSettings } from '../../domain/webhook.js';

/** A delivery without its body, and who it is for. */
export type DeliveryView = Omit<Delivery, 'body'> & {
  /** Scheme, host and port of the receiver; null when none is set any more. */
  receiver: string | null;
};

/** Somebody who is told, without what is secret of him. */
export interface EndpointView {
  /** `session:<id>`, or `global:…` for one of the configuration. */
  endpoint: string;
  /** null for one of the configuration. */
  sessionId: string | null;
  /** Scheme, host and port. */
  receiver: string;
  /** null: all but `session.qr`. */
  events: readonly string[] | null;
  /** Since when it is told nothing, because somebody wants it so; null when it is told. */
  pausedSince: number | null;
}

export interface TestResult {
  delivered: boolean;
  /** HTTP status of the answer, null when none came. */
  status: number | null;
  latencyMs: number;
  error: string | null;
}

/** What the API may ask of the webhooks. What cannot be rejects with a DomainError of the catalogue. */
export interface Webhooks {
  /** `among`: only those of these sessions. */
  deliveries(options: {
    status?: DeliveryStatus;
    sessionId?: string;
    among: readonly string[] | null;
    after: number;
    limit: number;
  }): DeliveryView[];
  /** Queues it again as if it were new, with the same request id; `among`: only one of these sessions. */
  redeliver(id: string, among: readonly string[] | null): DeliveryView;
  /** The webhooks of these sessions, behind those of the configuration if these are wanted, too. */
  endpoints(options: { sessionIds: readonly string[]; configured: boolean }): EndpointView[];
  /** Tells an endpoint nothing until `resume`: what happens meanwhile waits for it. `among`: only that of these sessions. */
  pause(endpoint: string, among: readonly string[] | null): EndpointView;
  /** Tells it all that waited, at once and in order. */
  resume(endpoint: string, among: readonly string[] | null): EndpointView;
  /** Sends an event `webhook.test` now, once. */
  test(
    target: { sessionId: string } | Pick<WebhookSettings, 'url' | 'token' | 'hmacKey' | 'trusted'>,
  ): Promise<TestResult>;
}
