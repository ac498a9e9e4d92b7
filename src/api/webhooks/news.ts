import type { z } from 'zod';
import type { BusEvent } from '../../domain/bus-event.js';
import type { IncomingMessage, OutboxMessage, OutboxStatus } from '../../domain/message.js';
import type { MessageChange } from '../../domain/message-news.js';
import type { OutboxChange } from '../../domain/store-ports.js';
import type { WebhookEvent } from '../../domain/webhook.js';
import type { IncidentView, SessionView } from '../../fleet/facade.js';
import { incidentView } from '../../fleet/incident-view.js';
import {
  type receivedMessageSchema,
  type ShownReaction,
  type sentMessageSchema,
  showReaction,
  showReceived,
  showSent,
} from '../message-schemas.js';

/** Something that webhooks are told, as it looks in their body. */
export interface News {
  event: WebhookEvent;
  sessionId: string | null;
  /** Milliseconds since 1970. */
  at: number;
  /** Makes the event known again when it is told a second time; null for what cannot be. */
  key: string | null;
  /** Sessions whose own webhooks hear of it, too, when they name the event: what concerns many is told once. */
  affected?: readonly string[];
  payload:
    | SessionView
    | IncidentView
    | z.infer<typeof receivedMessageSchema>
    | z.infer<typeof sentMessageSchema>
    | ShownReaction;
}

/** A message came. */
export function newsOfMessage(sessionId: string, message: IncomingMessage, at: number): News {
  return { event: 'message', sessionId, at, key: message.id, payload: showReceived(message) };
}

/** What became of a message that came before, or of one that was written on the phone. */
export function newsOfChange(sessionId: string, change: MessageChange, at: number): News {
  const told = { sessionId, at };
  switch (change.kind) {
    case 'edited': {
      const { id, editedAt } = change.message;
      const payload = showReceived(change.message);
      return { ...told, event: 'message.edited', key: `${id} ${editedAt} ${change.message.body}`, payload };
    }
    case 'revoked':
      return { ...told, event: 'message.revoked', key: change.message.id, payload: showReceived(change.message) };
    case 'acked': {
      const { id, ack } = change.message;
      return { ...told, event: 'message.ack', key: `${id} ${ack}`, payload: showReceived(change.message) };
    }
    case 'reacted': {
      const { messageId, from, timestamp, emoji } = change.reaction;
      const key = `${messageId} ${from} ${timestamp} ${emoji}`;
      return { ...told, event: 'message.reaction', key, payload: showReaction(change.reaction) };
    }
    default:
      return change satisfies never;
  }
}

/** Whether a change of a message of ours can be news to others. */
export function mayBeNews({ ack, status }: OutboxChange): boolean {
  return ack !== undefined || isLost(status);
}

const isLost = (status: OutboxStatus | undefined) => status === 'failed' || status === 'uncertain';

/** What a change of a message of ours means to others: often nothing. `phoneNumber` is the session's own. */
export function newsOfOutbox(before: OutboxMessage, after: OutboxMessage, phoneNumber: string | null): News[] {
  const { sessionId, updatedAt: at, id } = after;
  const isAcked = after.ack > before.ack;
  const isGone = isLost(after.status) && after.status !== before.status;
  if (!isAcked && !isGone) return [];
  const payload = showSent(after, phoneNumber);
  const news: News[] = [];
  if (before.ack < 1 && after.ack >= 1) news.push({ event: 'message.sent', sessionId, at, key: id, payload });
  if (isAcked) news.push({ event: 'message.ack', sessionId, at, key: `${id} ${after.ack}`, payload });
  if (isGone) news.push({ event: 'message.failed', sessionId, at, key: `${id} ${after.status}`, payload });
  return news;
}

/** An incident was opened or is over; null for what is no news to others. */
export function newsOfIncident(told: BusEvent, at: number): News | null {
  if (told.type !== 'incident' || told.change === 'joined') return null;
  const { incident, change } = told;
  const event = `incident.${change}` as const;
  const affected = incident.sessionIds;
  // One that was closed may be opened again, under the same id.
  return { event, sessionId: null, at, key: null, affected, payload: incidentView(incident) };
}
