import type { Incident, IncidentChange } from './incident.js';
import type { IncomingMessage, OutboxMessage } from './message.js';
import type { MessageChange } from './message-news.js';
import type { InboxMedia } from './received-media.js';
import type { SessionState } from './session-state.js';
import type { TimelineEntry } from './store-ports.js';

/** What a session tells the rest of the house, after it was stored; and what was made of it for many of them. */
export type BusEvent =
  | { type: 'state'; sessionId: string; before: SessionState; after: SessionState }
  /** `changed`: what a person set for it. */
  | { type: 'session'; sessionId: string; change: 'created' | 'changed' | 'removed' }
  /** A page was asked whether it lives. */
  | { type: 'probe'; sessionId: string; latencyMs: number }
  | { type: 'timeline'; entry: TimelineEntry }
  | { type: 'message'; sessionId: string; message: IncomingMessage }
  | { type: 'message-change'; sessionId: string; change: MessageChange }
  | { type: 'media'; media: InboxMedia }
  | { type: 'outbox'; message: OutboxMessage }
  | { type: 'incident'; incident: Incident; change: IncidentChange };

export type Publish = (event: BusEvent) => void;
