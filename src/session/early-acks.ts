import { strongerAck } from '../domain/message.js';

const KEPT = 500;

/** Acks of messages that nobody knows yet: they can overtake the return of the send that they belong to. */
export class EarlyAcks {
  readonly #acks = new Map<string, number>();

  note(waMessageId: string, ack: number): void {
    this.#acks.set(waMessageId, strongerAck(ack, this.#acks.get(waMessageId) ?? 0));
    if (this.#acks.size > KEPT) this.#acks.delete(this.#acks.keys().next().value ?? '');
  }

  /** The ack that is now known of the message, of what was noted and what its send has returned; forgets it. */
  claim(waMessageId: string, returned: number): number {
    const noted = this.#acks.get(waMessageId) ?? 0;
    this.#acks.delete(waMessageId);
    return strongerAck(returned, noted);
  }
}
