import { type IncomingMessage, REFUSED_ACK } from '../../domain/message.js';
import type { MessageNews } from '../../domain/message-news.js';
import type { Person } from '../../domain/person.js';
import { incomingMessage, keyOf, messageReaction, revocationsOf } from './incoming.js';
import type { QuietClient } from './quiet-client.js';

interface Receivers {
  onMessage: (message: IncomingMessage, isLate: boolean) => void;
  onChange: (news: MessageNews) => void;
  onAck: (waMessageId: string, ack: number) => void;
  /** Finds the numbers of those whom the page could not name. */
  named: <P extends Person>(people: P[]) => Promise<P[]>;
  ignored: (doing: string, error: unknown) => void;
  now: () => number;
}

const REMEMBERED_ACKS = 500;
const RECEIVED_BY_SERVER = 1;

/** Messages, what becomes of them, and acks of one client, in the order in which they came. */
export class Inbound {
  readonly #receivers: Receivers;
  readonly #acks = new Map<string, number>();
  #lastDelivery: Promise<void> = Promise.resolve();

  constructor(receivers: Receivers) {
    this.#receivers = receivers;
  }

  /** Listens to a client. */
  attach(client: QuietClient): void {
    client.on('message', (message) => this.#take(modelOf(message), false));
    client.on('message_type', (model) => this.#take(model, true));
    client.on('message_ack', (message, ack) => this.#ack(keyOf(modelOf(message)), Number(ack)));
    client.on('message_create', (message) => {
      const key = keyOf(modelOf(message));
      this.#ack(key, key?.ack ?? 0);
      if (key?.fromMe) this.#take(modelOf(message), false);
    });
    client.on('message_edit', (message) => this.#edit(modelOf(message)));
    client.on('message_revoke_everyone', (message) => this.#revoke(modelOf(message)));
    client.on('message_reaction', (reaction) => this.#react(reaction));
  }

  /** The newest ack that was seen for a message of ours, 0 for none: it may come before the send has returned. */
  ackOf(waMessageId: string): number {
    return this.#acks.get(waMessageId) ?? 0;
  }

  #take(model: unknown, isLate: boolean): void {
    const message = incomingMessage(model);
    if (message === null) return;
    const { onMessage, named } = this.#receivers;
    this.#inOrder('delivering a message', async () => {
      for (const one of await named([message])) onMessage(one, isLate);
    });
  }

  #edit(model: unknown): void {
    const message = incomingMessage(model);
    if (message === null) return;
    const { id, body, editedAt } = message;
    const { onChange, now } = this.#receivers;
    const at = editedAt ?? now();
    this.#inOrder('telling of an edit', async () => onChange({ kind: 'edited', id, body, at }));
  }

  #revoke(model: unknown): void {
    const { onChange, now } = this.#receivers;
    const news = revocationsOf(model, now());
    this.#inOrder('telling of a deletion', async () => news.forEach(onChange));
  }

  #react(given: unknown): void {
    const reaction = messageReaction(given);
    if (reaction === null) return;
    const { onChange, named } = this.#receivers;
    this.#inOrder('telling of a reaction', async () => {
      for (const one of await named([reaction])) onChange({ kind: 'reacted', reaction: one });
    });
  }

  /** An edit must not overtake its message while somebody looks up who wrote it. */
  #inOrder(doing: string, deliver: () => Promise<void>): void {
    this.#lastDelivery = this.#lastDelivery
      .then(deliver)
      .catch((error: unknown) => this.#receivers.ignored(doing, error));
  }

  #ack(key: ReturnType<typeof keyOf>, ack: number): void {
    if (key === null || !key.fromMe) return;
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
