import type { Delivery, DeliveryLane } from '../../src/domain/delivery.js';
import type { DeliveryInsert, DeliveryStore } from '../../src/domain/store-ports.js';
import { endpointOfSession } from '../../src/domain/webhook.js';

/** Deliveries in memory. */
export class FakeDeliveryStore implements DeliveryStore {
  broken = false;
  #rows: Delivery[] = [];
  #seq = 0;
  readonly #pauses = new Map<string, number>();

  enqueue(delivery: DeliveryInsert): boolean {
    this.#touch();
    const { endpoint, eventId } = delivery;
    if (this.#rows.some((row) => row.endpoint === endpoint && row.eventId === eventId)) return false;
    this.#seq += 1;
    this.#rows.push({
      ...delivery,
      seq: this.#seq,
      status: 'queued',
      attempts: 0,
      refusals: 0,
      nextAttemptAt: delivery.createdAt,
      lastStatus: null,
      lastError: null,
      updatedAt: delivery.createdAt,
    });
    return true;
  }

  get(id: string): Delivery | null {
    const found = this.#rows.find((row) => row.id === id);
    return found ? { ...found } : null;
  }

  waitingLanes(): DeliveryLane[] {
    const lanes = new Map<string, DeliveryLane>();
    for (const { endpoint, sessionId, status } of this.#rows) {
      if (status === 'queued') lanes.set(`${endpoint} ${sessionId}`, { endpoint, sessionId });
    }
    return [...lanes.values()];
  }

  head(lane: DeliveryLane): Delivery | null {
    this.#touch();
    const head = this.#queuedIn(lane)[0];
    return head ? { ...head } : null;
  }

  update(id: string, change: Parameters<DeliveryStore['update']>[1], at: number): void {
    this.#touch();
    for (const row of this.#rows) if (row.id === id) Object.assign(row, change, { updatedAt: at });
  }

  buryLane(lane: DeliveryLane, lastError: string, at: number): number {
    this.#touch();
    const queued = this.#queuedIn(lane);
    for (const row of queued) Object.assign(row, { status: 'dead', lastError, updatedAt: at });
    return queued.length;
  }

  list({
    status,
    sessionId,
    among = null,
    after,
    limit,
  }: Parameters<DeliveryStore['list']>[0]): Omit<Delivery, 'body'>[] {
    return this.#rows
      .filter((row) => row.seq > after)
      .filter((row) => status === undefined || row.status === status)
      .filter((row) => sessionId === undefined || row.sessionId === sessionId)
      .filter((row) => among === null || (row.sessionId !== null && among.includes(row.sessionId)))
      .slice(0, limit)
      .map(({ body: _, ...summary }) => summary);
  }

  pausedSince(endpoint: string): number | null {
    return this.#pauses.get(endpoint) ?? null;
  }

  pause(endpoint: string, at: number): void {
    this.#touch();
    if (!this.#pauses.has(endpoint)) this.#pauses.set(endpoint, at);
  }

  resume(endpoint: string): void {
    this.#touch();
    this.#pauses.delete(endpoint);
  }

  forgetSession(sessionId: string): void {
    const own = endpointOfSession(sessionId);
    this.#pauses.delete(own);
    this.#rows = this.#rows.filter(
      (row) => row.sessionId !== sessionId || (row.endpoint !== own && row.status === 'queued'),
    );
  }

  prune({ deliveredBefore, deadBefore }: Parameters<DeliveryStore['prune']>[0], at: number): void {
    this.#touch();
    const isOver = ({ status, updatedAt }: Delivery) =>
      (status === 'delivered' && updatedAt < deliveredBefore) || (status === 'dead' && updatedAt < deadBefore);
    this.#rows = this.#rows.filter((row) => !isOver(row));
    for (const row of this.#rows) {
      if (row.status !== 'queued' || row.createdAt >= deadBefore) continue;
      Object.assign(row, { status: 'dead', lastError: 'It waited too long', updatedAt: at });
    }
  }

  #queuedIn({ endpoint, sessionId }: DeliveryLane): Delivery[] {
    return this.#rows.filter(
      (row) => row.status === 'queued' && row.endpoint === endpoint && row.sessionId === sessionId,
    );
  }

  #touch(): void {
    if (this.broken) throw new Error('SQLITE_FULL: database or disk is full');
  }
}
