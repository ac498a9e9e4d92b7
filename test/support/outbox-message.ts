import type { OutboxMessage } from '../../src/domain/message.js';
import type { OutgoingMessage } from '../../src/domain/message-content.js';
import type { OutboxInsert } from '../../src/domain/store-ports.js';

/** A text that was just accepted. */
export function anOutboxMessage(change: Partial<OutboxMessage> = {}): OutboxMessage {
  return {
    id: 'm1',
    sessionId: 'sales',
    seq: 1,
    idempotencyKey: null,
    contentHash: '',
    to: '491511234567@c.us',
    content: { type: 'text', text: 'hello' },
    quotedMessageId: null,
    status: 'queued',
    failureCode: null,
    waMessageId: null,
    presetId: null,
    ack: 0,
    attemptStartedAt: null,
    attempts: 0,
    notBefore: null,
    expiresAt: null,
    createdAt: 0,
    updatedAt: 0,
    ...change,
  };
}

/** What is stored when a text is accepted. */
export function anOutboxInsert(id: string, change: Partial<OutboxInsert> = {}): OutboxInsert {
  return {
    id,
    sessionId: 'sales',
    idempotencyKey: null,
    contentHash: `hash-of-${id}`,
    to: '491511234567@c.us',
    content: { type: 'text', text: 'hello' },
    quotedMessageId: null,
    expiresAt: null,
    createdAt: 1_000,
    ...change,
  };
}

/** A text for the page to send. */
export function aText(to: string, text: string, change: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return { to, content: { type: 'text', text }, bytes: null, quotedMessageId: null, presetId: null, ...change };
}
