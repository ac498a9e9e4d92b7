import { createHash, randomUUID } from 'node:crypto';
import type { Credentials, WireChat, WireContact, WireMessage } from '../frame.js';

/** What the account's linked device sent, as the server saw it. */
export interface SentMessage {
  readonly id: string;
  readonly chat: string;
  /** The phone number it went to, also when it was addressed to a lid. */
  readonly to: string;
  readonly type: string;
  readonly body: string;
  /** Caption, media, place, quote: see TRAVELLING in page/wire-conversion.ts. */
  readonly attributes: WireMessage['attributes'];
  readonly ack: number;
  /** How often the same id came in. */
  readonly receivedCount: number;
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface AccountView {
  readonly phoneNumber: string;
  readonly lid: string;
  readonly pushname: string;
  readonly linked: boolean;
  /** Live, signed-in sockets now: never more than one for a well-kept account. */
  readonly connections: number;
  readonly synced: boolean;
  readonly linkedAt: number | null;
  readonly lastConnectedAt: number | null;
  /** Documents that signed in, sockets that signed in, and how often one page pushed another out. */
  readonly pageLoads: number;
  readonly sockets: number;
  readonly conflicts: number;
  readonly unlinks: number;
  readonly chatStates: readonly { readonly chat: string; readonly state: string; readonly at: number }[];
}

interface ChatRecord {
  readonly chat: WireChat;
  readonly messages: WireMessage[];
}

/** The lid of a number: always the same one, and nothing like the number. */
export function lidOf(phoneNumber: string): string {
  const digits = BigInt(`0x${createHash('sha256').update(phoneNumber).digest('hex').slice(0, 12)}`) + 10n ** 14n;
  return `${digits}@lid`;
}

/** Everything about an account that has to survive a restart of the simulator. */
export interface AccountState {
  readonly phoneNumber: string;
  readonly device: Credentials | null;
  readonly linkedAt: number | null;
  readonly chats: readonly ChatRecord[];
  readonly contacts: readonly WireContact[];
  readonly sent: readonly SentMessage[];
}

/** One phone number: its device, its chats, and the books on what was sent. */
export class Account {
  readonly phoneNumber: string;
  readonly lid: string;
  readonly pushname: string;
  device: Credentials | null = null;
  linkedAt: number | null = null;
  lastConnectedAt: number | null = null;
  readonly pages = new Set<string>();
  sockets = 0;
  conflicts = 0;
  unlinks = 0;
  readonly chatStates: { chat: string; state: string; at: number }[] = [];
  readonly #chats = new Map<string, ChatRecord>();
  readonly #contacts = new Map<string, WireContact>();
  readonly #sent = new Map<string, SentMessage>();

  constructor(phoneNumber: string) {
    this.phoneNumber = phoneNumber;
    this.lid = lidOf(phoneNumber);
    this.pushname = `Sim ${phoneNumber.slice(-4)}`;
  }

  get wid(): string {
    return `${this.phoneNumber}@c.us`;
  }

  link(now: number): Credentials {
    this.device = { deviceId: randomUUID(), secret: randomUUID(), phoneNumber: this.phoneNumber };
    this.linkedAt = now;
    return this.device;
  }

  unlink(): void {
    if (this.device !== null) this.unlinks += 1;
    this.device = null;
    this.linkedAt = null;
  }

  accepts(credentials: Credentials): boolean {
    return this.device?.deviceId === credentials.deviceId && this.device.secret === credentials.secret;
  }

  know(contact: WireContact): void {
    this.#contacts.set(contact.id, contact);
  }

  contactOf(wid: string): WireContact | null {
    return this.#contacts.get(wid) ?? null;
  }

  get contacts(): readonly WireContact[] {
    return [...this.#contacts.values()];
  }

  chat(id: string): WireChat | undefined {
    return this.#chats.get(id)?.chat;
  }

  get chats(): readonly WireChat[] {
    return [...this.#chats.values()].map((record) => record.chat);
  }

  /** Newest last. */
  history(chat: string, limit: number, beforeId?: string): readonly WireMessage[] {
    const all = this.#chats.get(chat)?.messages ?? [];
    const end = beforeId === undefined ? -1 : all.findIndex((message) => message.id === beforeId);
    return (end < 0 ? all : all.slice(0, end)).slice(-limit);
  }

  message(id: string): WireMessage | undefined {
    for (const { messages } of this.#chats.values()) {
      const found = messages.find((message) => message.id === id);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  store(message: WireMessage, name: string): WireChat {
    const known = this.#chats.get(message.chat);
    const chat: WireChat = {
      id: message.chat,
      name: known?.chat.name ?? name,
      unreadCount: (known?.chat.unreadCount ?? 0) + (message.fromMe ? 0 : 1),
      t: message.t,
    };
    this.#chats.set(message.chat, { chat, messages: [...(known?.messages ?? []), message] });
    return chat;
  }

  /** Returns what the message has become, or undefined when there is none of that id. */
  amend(id: string, patch: Partial<WireMessage>): WireMessage | undefined {
    const old = this.message(id);
    const record = old === undefined ? undefined : this.#chats.get(old.chat);
    if (old === undefined || record === undefined) return undefined;
    const fresh = { ...old, ...patch };
    record.messages[record.messages.indexOf(old)] = fresh;
    const sent = this.#sent.get(id);
    if (sent !== undefined) this.#sent.set(id, { ...sent, ack: fresh.ack, body: fresh.body });
    return fresh;
  }

  markRead(chat: string): void {
    const record = this.#chats.get(chat);
    if (record !== undefined) this.#chats.set(chat, { ...record, chat: { ...record.chat, unreadCount: 0 } });
  }

  /** Books one receipt of a sent message; true when the id is new. */
  recordSent(message: WireMessage, to: string, now: number): boolean {
    const known = this.#sent.get(message.id);
    const { id, chat, type, body, attributes } = message;
    this.#sent.set(
      id,
      known === undefined
        ? { id, chat, to, type, body, attributes, ack: 1, receivedCount: 1, firstAt: now, lastAt: now }
        : { ...known, receivedCount: known.receivedCount + 1, lastAt: now },
    );
    return known === undefined;
  }

  get sent(): readonly SentMessage[] {
    return [...this.#sent.values()];
  }

  /** Receipts of an id beyond the first, and messages that repeat another one's receiver and content under a new id. */
  duplicates(): { sameId: number; sameBody: number } {
    const texts = new Set<string>();
    let sameId = 0;
    let sameBody = 0;
    for (const { to, body, type, attributes, receivedCount } of this.#sent.values()) {
      sameId += receivedCount - 1;
      const { caption, filehash, lat, lng } = attributes;
      const text = JSON.stringify([to, type, body, caption, filehash, lat, lng]);
      if (texts.has(text)) sameBody += 1;
      texts.add(text);
    }
    return { sameId, sameBody };
  }

  snapshot(): AccountState {
    const { phoneNumber, device, linkedAt, contacts, sent } = this;
    return { phoneNumber, device, linkedAt, chats: [...this.#chats.values()], contacts, sent };
  }

  static restore(state: AccountState): Account {
    const account = new Account(state.phoneNumber);
    account.device = state.device;
    account.linkedAt = state.linkedAt;
    for (const { chat, messages } of state.chats) account.#chats.set(chat.id, { chat, messages: [...messages] });
    for (const contact of state.contacts) account.know(contact);
    for (const sent of state.sent) account.#sent.set(sent.id, sent);
    return account;
  }
}
