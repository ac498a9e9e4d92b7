/** Everything that a webhook can report. */
export const WEBHOOK_EVENTS = [
  'session.status',
  'session.qr',
  'message',
  'message.ack',
  'message.sent',
  'message.failed',
  'message.edited',
  'message.revoked',
  'message.reaction',
  'incident.opened',
  'incident.closed',
] as const;
export type WebhookEvent = (typeof WEBHOOK_EVENTS)[number];

/** The webhook that a person set for a session. */
export interface WebhookSettings {
  url: string;
  token: string | null;
  hmacKey: string | null;
  events: string[] | null;
  /** Set by an admin: only then may it be a private address. */
  trusted: boolean;
}

/** Somebody who is told, as he is called in the table of deliveries: his address and secrets may change meanwhile. */
export interface WebhookEndpoint {
  /** `session:<id>` for the webhook of a session, `global:…` for one of the configuration. */
  key: string;
  url: string;
  token: string | null;
  hmacKey: string | null;
  events: readonly string[] | null;
  /** Set by an admin: only then may it be a private address. */
  trusted: boolean;
}

/** The key of a session's own webhook. */
export const endpointOfSession = (sessionId: string): string => `session:${sessionId}`;

/** The session whose own webhook has this key, null for one of the configuration. */
export function sessionOfEndpoint(key: string): string | null {
  const start = endpointOfSession('');
  return key.startsWith(start) ? key.slice(start.length) : null;
}

/** Whether an endpoint wants to hear of an event. A QR code is a login: it goes only to who asked for it by name. */
export function wantsEvent({ events }: Pick<WebhookEndpoint, 'events'>, event: WebhookEvent): boolean {
  return events === null ? event !== 'session.qr' : events.includes(event);
}
