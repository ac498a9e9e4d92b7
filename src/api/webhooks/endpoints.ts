import { createHash } from 'node:crypto';
import type { Config } from '../../config.js';
import type { WebhookSettings } from '../../domain/webhook.js';
import { endpointOfSession, sessionOfEndpoint, type WebhookEndpoint } from '../../domain/webhook.js';

/** Who is told, as things are set now. */
export interface Endpoints {
  /** Everybody who may hear of a session, or of what concerns no single one. */
  about(sessionId: string | null): WebhookEndpoint[];
  /** null when it is not set any more. */
  byKey(key: string): WebhookEndpoint | null;
}

/** The endpoints of the configuration, and of each session its own; `webhookOf` gives what a session has set. */
export function createEndpoints(
  configured: Config['webhooks']['endpoints'],
  webhookOf: (sessionId: string) => WebhookSettings | null,
): Endpoints {
  // By its address, not its place: when another one is put before it, what waits must not go to that one.
  const keyOf = (url: string) => `global:${createHash('sha256').update(url).digest('hex').slice(0, 12)}`;
  const globals = new Map(
    configured.map((endpoint) => {
      const key = keyOf(endpoint.url);
      return [key, { ...endpoint, key, trusted: true }] as const;
    }),
  );
  function ofSession(sessionId: string): WebhookEndpoint | null {
    const webhook = webhookOf(sessionId);
    return webhook && { ...webhook, key: endpointOfSession(sessionId) };
  }
  return {
    about(sessionId) {
      const own = sessionId === null ? null : ofSession(sessionId);
      return own ? [...globals.values(), own] : [...globals.values()];
    },
    byKey(key) {
      const sessionId = sessionOfEndpoint(key);
      return sessionId === null ? (globals.get(key) ?? null) : ofSession(sessionId);
    },
  };
}

/** How a receiver is called in logs and lists: paths and queries often hold secrets. */
export const nameOfReceiver = (url: string): string => new URL(url).origin;
