import { bareIdOf, isOpen, type OpenStates, type OutboxMessage } from '../../src/domain/message.js';
import type { OutboxChange, OutboxInsert, OutboxStore } from '../../src/domain/store-ports.js';

/** Messages to send, in memory. */
export class FakeOutboxStore implements OutboxStore {
  /** Nothing can be read or written. */
  broken = false;
  readonly #messages = new Map<string, OutboxMessage>();
  readonly #lastSeq = new Map<string, number>();

  accept(message: OutboxInsert): { created: boolean; message: OutboxMessage } {
    this.#touch();
    const { sessionId, idempotencyKey } = message;
    const known = idempotencyKey === null ? null : this.byIdempotencyKey(sessionId, idempotencyKey);
    if (known) return { created: false, message: known };
    const seq = (this.#lastSeq.get(sessionId) ?? 0) + 1;
    this.#lastSeq.set(sessionId, seq);
    const accepted: OutboxMessage = {
      ...message,
      seq,
      status: 'queued',
      failureCode: null,
      waMessageId: null,
      presetId: null,
      ack: 0,
      attemptStartedAt: null,
      attempts: 0,
      notBefore: null,
      updatedAt: message.createdAt,
    };
    this.#messages.set(message.id, accepted);
    return { created: true, message: accepted };
  }

  get(sessionId: string, id: string): OutboxMessage | null {
    this.#touch();
    const message = this.#messages.get(id);
    return message?.sessionId === sessionId ? message : null;
  }

  byId(id: string): OutboxMessage | null {
    this.#touch();
    return this.#messages.get(id) ?? null;
  }

  byIdempotencyKey(sessionId: string, key: string): OutboxMessage | null {
    this.#touch();
    return this.#of(sessionId).find(({ idempotencyKey }) => idempotencyKey === key) ?? null;
  }

  list(sessionId: string, { status, to, after, limit }: Parameters<OutboxStore['list']>[1]): OutboxMessage[] {
    return this.#of(sessionId)
      .filter((message) => message.seq > after && (status === undefined || message.status === status))
      .filter((message) => to === undefined || message.to === to)
      .slice(0, limit);
  }

  openStates(sessionId: string): OpenStates {
    this.#touch();
    const has = (state: string) => this.#of(sessionId).some(({ status }) => status === state);
    return { queued: has('queued'), sending: has('sending') };
  }

  heads(sessionId: string, open: OpenStates): OutboxMessage[] {
    this.#touch();
    const queued = new Set<string>();
    return this.#of(sessionId).filter(({ status, to }) => {
      const isHead = status === 'queued' && !queued.has(to);
      if (status === 'queued') queued.add(to);
      return (open.queued && isHead) || (open.sending && status === 'sending');
    });
  }

  hasOpen(sessionId: string): boolean {
    this.#touch();
    return this.#of(sessionId).some(isOpen);
  }

  /** As in the database, it can be handed on by itself. */
  readonly isOpen = (id: string): boolean => {
    const message = this.#messages.get(id);
    return message !== undefined && isOpen(message);
  };

  expired(sessionId: string, now: number): OutboxMessage[] {
    this.#touch();
    return this.#of(sessionId).filter(
      ({ status, expiresAt }) => status === 'queued' && expiresAt !== null && expiresAt <= now,
    );
  }

  nextExpiry(sessionId: string): number | null {
    const times = this.#of(sessionId).flatMap(({ status, expiresAt }) =>
      status === 'queued' && expiresAt !== null ? [expiresAt] : [],
    );
    return times.length === 0 ? null : Math.min(...times);
  }

  byWaMessageId(sessionId: string, waMessageId: string): OutboxMessage | null {
    this.#touch();
    const own = this.#of(sessionId);
    const told = own.find((message) => message.waMessageId === waMessageId);
    return told ?? own.find(({ presetId }) => presetId !== null && presetId === bareIdOf(waMessageId)) ?? null;
  }

  knownWaMessageIds(sessionId: string, waMessageIds: string[]): Set<string> {
    const known = new Set(this.#of(sessionId).map(({ waMessageId }) => waMessageId));
    return new Set(waMessageIds.filter((id) => known.has(id)));
  }

  unidentified(sessionId: string, to: string, since: number): OutboxMessage[] {
    return this.#of(sessionId).filter(
      (message) =>
        message.to === to &&
        (message.status === 'sending' || message.status === 'uncertain') &&
        message.waMessageId === null &&
        message.presetId === null &&
        (message.attemptStartedAt ?? 0) >= since,
    );
  }

  update(id: string, change: OutboxChange, at: number): OutboxMessage {
    this.#touch();
    const message = this.#messages.get(id);
    if (!message) throw new Error(`The message ${id} is not in the outbox.`);
    const updated = { ...message, ...change, updatedAt: at };
    this.#messages.set(id, updated);
    return updated;
  }

  async onDisk(): Promise<void> {
    this.#touch();
  }

  prune(at: number): number {
    this.#touch();
    const gone = [...this.#messages.values()].filter(
      (message) =>
        message.updatedAt < at && !isOpen(message) && message.seq < (this.#of(message.sessionId).at(-1)?.seq ?? 0),
    );
    for (const { id } of gone) this.#messages.delete(id);
    return gone.length;
  }

  #touch(): void {
    if (this.broken) throw new Error('SQLITE_FULL: database or disk is full');
  }

  #of(sessionId: string): OutboxMessage[] {
    return [...this.#messages.values()].filter((message) => message.sessionId === sessionId);
  }
}
