import { createHash, randomUUID } from 'node:crypto';
import type { DeliveryLane } from '../../domain/delivery.js';
import type { DeliveryStore } from '../../domain/store-ports.js';
import { endpointOfSession, wantsEvent } from '../../domain/webhook.js';
import type { Endpoints } from './endpoints.js';
import type { News } from './news.js';

interface RecorderDeps {
  store: DeliveryStore;
  endpoints: Endpoints;
  phoneNumberOf: (sessionId: string) => string | null;
  /** Something new waits in this lane; it is looked at only after the running transaction. */
  wake: (lane: DeliveryLane) => void;
}

function eventIdOf({ sessionId, event, key }: News): string {
  if (key === null) return `evt_${randomUUID().replaceAll('-', '')}`;
  return `evt_${hashOf([sessionId, event, key])}`;
}

function hashOf(parts: readonly (string | null)[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);
}

/** The body of an event, exactly as it will be signed and sent. */
export function bodyOf(
  { event, at, sessionId, payload }: Pick<News, 'at' | 'sessionId'> & { event: string; payload: unknown },
  id: string,
  phoneNumber: string | null,
): string {
  return JSON.stringify({ id, event, timestamp: at, sessionId, phoneNumber, payload });
}

/**
 * Writes down whom an event must be told. To be called in the transaction that stores what happened: then there is no
 * moment in which a kill could lose the one and keep the other. Throws when it cannot be written.
 */
export function createRecorder({ store, endpoints, phoneNumberOf, wake }: RecorderDeps): (news: News) => void {
  return (news) => {
    const { event, sessionId, at: createdAt, affected = [] } = news;
    const own = affected.flatMap((id) => endpoints.byKey(endpointOfSession(id)) ?? []).filter(({ events }) => events);
    const audience = [...endpoints.about(sessionId), ...own].filter((endpoint) => wantsEvent(endpoint, event));
    if (audience.length === 0) return;
    const eventId = eventIdOf(news);
    const body = bodyOf(news, eventId, sessionId === null ? null : phoneNumberOf(sessionId));
    for (const { key: endpoint } of audience) {
      const lane = { endpoint, sessionId };
      const id = `dlv_${hashOf([endpoint, eventId])}`;
      if (store.enqueue({ ...lane, id, eventId, event, body, createdAt })) wake(lane);
    }
  };
}
