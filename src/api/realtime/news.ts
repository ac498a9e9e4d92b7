import type { BusEvent } from '../../domain/bus-event.js';
import { DomainError } from '../../domain/error-catalogue.js';
import type { OutboxMessage } from '../../domain/message.js';
import type { MessageChange } from '../../domain/message-news.js';
import type { SessionState } from '../../domain/session-state.js';
import type { TimelineEntry } from '../../domain/store-ports.js';
import type { Fleet, SessionView } from '../../fleet/facade.js';
import { incidentView } from '../../fleet/incident-view.js';
import { showReaction, showReceived, showSent } from '../message-schemas.js';
import type { Access } from '../route.js';

interface EventEntry {
  /** The least that a key must be allowed to get it. */
  access: Exclude<Access, 'public'>;
  when: string;
  payload: string;
}

/** Every event that a client can get, beside `seq`, which all but `gap` carry: the catalogue behind code and docs. */
export const REALTIME_EVENTS = {
  sessions: {
    access: 'viewer',
    when: 'At the beginning of a connection without `after`, and right after `gap`',
    payload: '`items`: every session that you get events of, as `GET /api/sessions` shows it',
  },
  gap: {
    access: 'viewer',
    when: 'What you missed is no longer kept; see [below](#what-you-missed)',
    payload: '`after`, `oldest`, `hint`',
  },
  'session-status': {
    access: 'viewer',
    when: 'A session was created, or its state or settings changed; at most 10 a second for each session, the last one always',
    payload: 'The session as `GET /api/sessions/{id}` shows it',
  },
  'session-removed': { access: 'viewer', when: 'A session was deleted', payload: '`sessionId`' },
  'session-qr': {
    access: 'operator',
    when: 'A new QR code is on show. It is a login: viewers do not get it',
    payload: '`sessionId`, `qr`, `expiresAt`',
  },
  'whatsapp-connected': {
    access: 'viewer',
    when: 'A session became ready to send and receive',
    payload: '`sessionId`, `phoneNumber`',
  },
  'whatsapp-disconnected': {
    access: 'viewer',
    when: 'A session is no longer ready, for whatever `reason` of [states.md](states.md#reasons)',
    payload: '`sessionId`, `reason`',
  },
  message: {
    access: 'viewer',
    when: 'A message came in, also one that came while nobody listened',
    payload: '`sessionId`, and the message as the API shows it',
  },
  'message-ack': {
    access: 'viewer',
    when: 'A message that was sent through the API is `sent`, `delivered`, `read`, `failed` or `uncertain`; with `messages.includeOwn` also an ack of one that was written on the phone',
    payload: '`sessionId`, and the message as the API shows it',
  },
  'message-edited': {
    access: 'viewer',
    when: 'A message that came in was changed by its writer',
    payload: '`sessionId`, and the message with its new `body` and `editedAt`',
  },
  'message-revoked': {
    access: 'viewer',
    when: 'A message that came in was deleted for everyone by its writer',
    payload: '`sessionId`, and the message, emptied, with `revokedAt`',
  },
  'message-reaction': {
    access: 'viewer',
    when: 'Somebody put an emoji to a message, or took it back (then `emoji` is empty)',
    payload: '`sessionId`, `messageId`, `chatId`, `from`, `fromLid`, `fromMe`, `emoji`, `timestamp`',
  },
  log: {
    access: 'viewer',
    when: 'A line of the timeline of a session',
    payload:
      '`sessionId`, `timelineSeq`, `at`, `event`, `message`, `data`; `timelineSeq` is the `seq` of `GET …/events`',
  },
  incident: {
    access: 'viewer',
    when: 'An [incident](incidents.md) was opened, got more sessions, or was closed',
    payload: '`change` (`opened`, `joined` or `closed`), and the incident as `GET /api/incidents` shows it',
  },
} as const satisfies Record<string, EventEntry>;

export type RealtimeEventName = keyof typeof REALTIME_EVENTS;

/** Something to tell, and of which sessions it tells. */
export interface News {
  readonly name: RealtimeEventName;
  readonly sessionIds: readonly string[];
  readonly payload: Readonly<Record<string, unknown>>;
}

/** What is told of an event in the house. The status of a session has a pace of its own, see `StatusPace`. */
export function newsOf(event: BusEvent, fleet: Fleet): News[] {
  switch (event.type) {
    case 'state':
      return ofState(event.sessionId, event.before, event.after, fleet);
    case 'session':
      return event.change === 'removed' ? [about(event.sessionId, 'session-removed')] : [];
    case 'probe':
      return [];
    case 'timeline':
      return [ofTimeline(event.entry)];
    case 'message':
      return [about(event.sessionId, 'message', showReceived(event.message))];
    case 'message-change':
      return [ofChange(event.sessionId, event.change)];
    case 'media':
      return [];
    case 'outbox':
      return ofOutbox(event.message, fleet);
    case 'incident': {
      const { incident, change } = event;
      const payload = { change, ...incidentView(incident) };
      return [{ name: 'incident', sessionIds: incident.sessionIds, payload }];
    }
    default:
      return event satisfies never;
  }
}

/** The present status of a session; null when it is gone or being removed. */
export function statusNews(sessionId: string, fleet: Fleet): News | null {
  const view = viewOf(sessionId, fleet);
  return view && { name: 'session-status', sessionIds: [sessionId], payload: { ...view } };
}

function about(sessionId: string, name: RealtimeEventName, payload: object = {}): News {
  return { name, sessionIds: [sessionId], payload: { sessionId, ...payload } };
}

function ofState(sessionId: string, before: SessionState, after: SessionState, fleet: Fleet): News[] {
  const news: News[] = [];
  const shown = before.status === 'qr_pending' ? before.qr.text : null;
  if (after.status === 'qr_pending' && after.qr.text !== shown) {
    const expiresAt = new Date(after.hideAt).toISOString();
    news.push(about(sessionId, 'session-qr', { qr: after.qr.text, expiresAt }));
  }
  if (after.status === 'connected' && before.status !== 'connected') {
    news.push(about(sessionId, 'whatsapp-connected', { phoneNumber: fleet.phoneNumberOf(sessionId) }));
  }
  if (before.status === 'connected' && after.status !== 'connected') {
    news.push(about(sessionId, 'whatsapp-disconnected', { reason: after.reason }));
  }
  return news;
}

function ofTimeline({ sessionId, seq: timelineSeq, at, event, message, data }: TimelineEntry): News {
  return about(sessionId, 'log', { timelineSeq, at: new Date(at).toISOString(), event, message, data });
}

function ofChange(sessionId: string, change: MessageChange): News {
  if (change.kind === 'reacted') return about(sessionId, 'message-reaction', showReaction(change.reaction));
  const names = { edited: 'message-edited', revoked: 'message-revoked', acked: 'message-ack' } as const;
  return about(sessionId, names[change.kind], showReceived(change.message));
}

function ofOutbox(message: OutboxMessage, fleet: Fleet): News[] {
  if (message.status === 'queued' || message.status === 'sending') return [];
  const phoneNumber = fleet.phoneNumberOf(message.sessionId);
  return [about(message.sessionId, 'message-ack', showSent(message, phoneNumber))];
}

function viewOf(sessionId: string, fleet: Fleet): SessionView | null {
  try {
    return fleet.get(sessionId);
  } catch (error) {
    if (error instanceof DomainError && error.code === 'session_not_found') return null;
    throw error;
  }
}
