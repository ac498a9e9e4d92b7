import { createHash, randomUUID } from 'node:crypto';
import { describeState } from '../domain/description.js';
import { DomainError } from '../domain/error-catalogue.js';
import { isOpen, type OutboxMessage } from '../domain/message.js';
import { sendabilityOf } from '../domain/sendability.js';
import type { OutboxStore, Page } from '../domain/store-ports.js';
import type { SessionActor } from '../session/actor.js';
import type { SessionDeps } from '../session/deps.js';
import type { EventBus } from './event-bus.js';
import type { MessageRequest } from './facade.js';

interface MessagesDeps extends Pick<SessionDeps, 'clock' | 'outbox' | 'media' | 'logger'> {
  bus: EventBus;
}

/** Messages read at a time. */
const PAGE = 500;

type WholeRequest = Required<MessageRequest>;

const NOTHING_MORE = { bytes: null, quotedMessageId: null, validForMs: null, idempotencyKey: null };

/** The outboxes of all sessions: accepts durably, tells what became of it, cancels. */
export class Messages {
  readonly #deps: MessagesDeps;

  constructor(deps: MessagesDeps) {
    this.#deps = deps;
  }

  /** Resolves when the message would survive a power cut. */
  async send(actor: SessionActor, asked: MessageRequest): Promise<{ created: boolean; message: OutboxMessage }> {
    const accepted = await this.#accepted(actor, asked);
    // Also one that was known: the request that made it may still be waiting here.
    await this.#deps.outbox.onDisk();
    return accepted;
  }

  async #accepted(actor: SessionActor, asked: MessageRequest): Promise<{ created: boolean; message: OutboxMessage }> {
    const { media, logger } = this.#deps;
    const request: WholeRequest = { ...NOTHING_MORE, ...asked };
    const contentHash = hashOf(request);
    const known = this.#known(actor.id, request.idempotencyKey, contentHash);
    if (known !== null) return { created: false, message: known };
    this.#requireSendable(actor);

    const id = `msg_${randomUUID()}`;
    // The bytes first: a message without them must not be accepted, bytes without a message are swept away.
    if (request.bytes !== null) await media.keep(id, request.bytes);
    const accepted = this.#accept(actor.id, id, contentHash, request);
    if (!accepted.created) {
      await media.discard(id);
      return { created: false, message: this.#same(accepted.message, contentHash) };
    }
    logger.info('message.accepted', `${actor.id}: message accepted`, { sessionId: actor.id, messageId: id });
    actor.sender.kick();
    if (actor.state.status !== 'connected') actor.dispatch({ type: 'wanted' });
    return accepted;
  }

  settled(sessionId: string, messageId: string, waitMs: number, signal: AbortSignal): Promise<OutboxMessage> {
    const { bus, clock, outbox } = this.#deps;
    const message = this.get(sessionId, messageId);
    if (!isOpen(message) || signal.aborted) return Promise.resolve(message);
    return new Promise((resolve) => {
      const finish = (settled: OutboxMessage) => {
        unsubscribe();
        cancel();
        signal.removeEventListener('abort', giveUp);
        resolve(settled);
      };
      const giveUp = () => finish(outbox.get(sessionId, messageId) ?? message);
      const unsubscribe = bus.subscribe((event) => {
        if (event.type === 'outbox' && event.message.id === messageId && !isOpen(event.message)) finish(event.message);
      });
      const cancel = clock.schedule(waitMs, giveUp);
      signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  cancel(actor: SessionActor, messageId: string): OutboxMessage {
    const message = actor.sender.cancel(messageId) ?? this.get(actor.id, messageId);
    if (message.failureCode === 'cancelled') return message;
    const detail = `The message is ${message.status}; only one that is still queued can be cancelled.`;
    throw new DomainError('not_cancellable', detail, { sessionId: actor.id });
  }

  get(sessionId: string, messageId: string): OutboxMessage {
    const message = this.#deps.outbox.get(sessionId, messageId);
    if (message) return message;
    throw new DomainError('message_not_found', `Session "${sessionId}" has no message "${messageId}".`, { sessionId });
  }

  list(sessionId: string, options: Parameters<OutboxStore['list']>[1]): Page<OutboxMessage> {
    const items = this.#deps.outbox.list(sessionId, options);
    const last = items.length === options.limit ? items.at(-1) : undefined;
    return last ? { items, next: String(last.seq) } : { items };
  }

  /** The session goes: what its messages still had on the shelf goes with it. */
  async discardMedia(sessionId: string): Promise<void> {
    const { outbox, media } = this.#deps;
    for (const status of ['queued', 'sending'] as const) {
      let page: OutboxMessage[] = [];
      for (let after = 0; after === 0 || page.length === PAGE; after = page.at(-1)?.seq ?? 1) {
        page = outbox.list(sessionId, { status, after, limit: PAGE });
        for (const { id, content } of page) if (content.type === 'media') await media.discard(id);
      }
    }
  }

  #accept(sessionId: string, id: string, contentHash: string, request: WholeRequest) {
    const { outbox, clock } = this.#deps;
    const { to, content, quotedMessageId, idempotencyKey, validForMs } = request;
    const createdAt = clock.now();
    const expiresAt = validForMs === null ? null : createdAt + validForMs;
    return outbox.accept({
      ...{ id, sessionId, idempotencyKey, contentHash },
      ...{ to, content, quotedMessageId, expiresAt, createdAt },
    });
  }

  /** The message that an earlier request with this key made, null when it is new. */
  #known(sessionId: string, key: string | null, contentHash: string): OutboxMessage | null {
    const known = key === null ? null : this.#deps.outbox.byIdempotencyKey(sessionId, key);
    return known === null ? null : this.#same(known, contentHash);
  }

  #same(known: OutboxMessage, contentHash: string): OutboxMessage {
    if (known.contentHash === contentHash) return known;
    const detail = `The Idempotency-Key belongs to message ${known.id}, which is another one; use a new key for a new message.`;
    throw new DomainError('idempotency_conflict', detail, { sessionId: known.sessionId });
  }

  /** What waits for a person is refused at once: a message must not lie there without anybody knowing. */
  #requireSendable({ id, state }: SessionActor): void {
    const sendability = sendabilityOf(state);
    if (sendability.takes) return;
    const why = `${describeState(state, this.#deps.clock.now())}`;
    const todo =
      sendability.code === 'not_linked'
        ? `Please connect a device first: POST /api/sessions/${id}/connect, then scan GET /api/sessions/${id}/qr.`
        : `Please connect it first: POST /api/sessions/${id}/connect.`;
    throw new DomainError(sendability.code, `No active WhatsApp connection found. ${why} ${todo}`, { sessionId: id });
  }
}

/** The same request gives the same hash. A plain text is hashed as it always was, so that keys of old stay good. */
function hashOf({ to, content, bytes, quotedMessageId, validForMs }: WholeRequest): string {
  const isPlain = content.type === 'text' && quotedMessageId === null && validForMs === null;
  const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
  const what = isPlain
    ? [to, content.text]
    : // Who may ask for it is no part of what was asked.
      [to, { ...content, urlIsTrusted: undefined }, bytes === null ? null : sha256(bytes), quotedMessageId, validForMs];
  return sha256(JSON.stringify(what));
}
