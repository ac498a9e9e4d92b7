import { type IncomingMessage, REFUSED_ACK } from '../../domain/message.js';
import { incomingMessage, keyOf } from './incoming.js';
import type { QuietClient } from './quiet-client.js';

interface Receivers {
  onMessage: (message: IncomingMessage) => void;
  onAck: (waMessageId: string, ack: number) => void;
  /** Asks WhatsApp for a sender that the page could not name. */
  resolveSender: (message: IncomingMessage) => Promise<IncomingMessage>;
  ignored: (doing: string, error: unknown) => void;
}

const REMEMBERED_ACKS = 500;
const RECEIVED_BY_SERVER = 1;

/** Messages and acks of one client, in the order in which they came. */
export class Inbound {
  readonly #receivers: Receivers;
  readonly #acks = new Map<string, number>();
  #lastDelivery: Promise<void> = Promise.resolve();

  constructor(receivers: Receivers) {
    this.#receivers = receivers;
  }

  /** Listens to a client. */
  attach(client: QuietClient): void {
    client.on('message', (message) => this.#take(modelOf(message)));
    client.on('message_ack', (message, ack) => this.#ack(modelOf(message), Number(ack)));
    client.on('message_create', (message) => this.#ack(modelOf(message), null));
  }

  /** The newest ack that was seen for a message of ours, 0 for none: it may come before the send has returned. */
  ackOf(waMessageId: string): number {
    return this.#acks.get(waMessageId) ?? 0;
  }

  #take(model: unknown): void {
    const message = incomingMessage(model);
    if (message === null || message.fromMe) return;
    this.#lastDelivery = this.#lastDelivery
      .then(async () => this.#receivers.onMessage(await this.#receivers.resolveSender(message)))
      .catch((error: unknown) => this.#receivers.ignored('delivering a message', error));
  }

  #ack(model: unknown, given: number | null): void {
    const key = keyOf(model);
    if (key === null || !key.fromMe) return;
    const ack = given ?? key.ack;
    const known = this.#acks.get(key.id);
    // A refusal counts while nothing better is known, and what comes after it counts again.
    if (ack === REFUSED_ACK ? known !== undefined : ack < RECEIVED_BY_SERVER || ack <= (known ?? 0)) return;
    this.#acks.delete(key.id);
    this.#acks.set(key.id, ack);
    if (this.#acks.size > REMEMBERED_ACKS) this.#acks.delete(this.#acks.keys().next().value ?? '');
    this.#receivers.onAck(key.id, ack);
  }
}

function modelOf(message: object): unknown {
  return Reflect.get(message, '_data');
}
