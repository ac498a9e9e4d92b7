import type { ServerFrame, WireChat, WireContact, WireMessage } from '../frame.js';
import { ChatModel } from './chat-model.js';
import { Collection } from './collection.js';
import { ContactModel } from './contact-model.js';
import { type MessageAttributes, MessageModel } from './message-model.js';
import type { MsgKeyClass } from './msg-key.js';
import { createWid, type Wid } from './wid.js';
import { fromWire } from './wire-conversion.js';

/** `WAWebCollections.Msg`, with the two lookups that ask beyond the memory of the page. */
export class MessageCollection extends Collection<MessageModel> {
  readonly modelClass = MessageModel;
  readonly #Key: MsgKeyClass;

  constructor(Key: MsgKeyClass) {
    super();
    this.#Key = Key;
  }

  /** Throws on what is no message key, as the real one does: that is what breaks getChats on newer builds. */
  async getMessagesById(ids: readonly unknown[]): Promise<{ messages: MessageModel[] }> {
    const found = ids.map((id) => this.get(this.#Key.from(id)));
    return { messages: found.filter((message) => message !== undefined) };
  }

  async search(query: string, _page = 1, count = 20, remote?: string): Promise<{ messages: MessageModel[] }> {
    const hits = this.getModelsArray().filter(
      (message) => message.body.includes(query) && (remote === undefined || message.id.remote.toString() === remote),
    );
    return { messages: hits.slice(0, count) };
  }
}

export class ChatCollection extends Collection<ChatModel> {
  async find(wid: unknown): Promise<ChatModel> {
    const found = this.get(wid);
    if (found === undefined) throw new Error(`chat ${String(wid)} was not found`);
    return found;
  }
}

export class ContactCollection extends Collection<ContactModel> {
  /** Makes an unnamed contact when there is none: the real one asks its database and then does the same. */
  async find(id: unknown): Promise<ContactModel> {
    const wid = createWid(id);
    return this.get(wid) ?? this.add(new ContactModel(wid, '', undefined));
  }
}

/** All that the page knows about the account: who I am, chats, messages, contacts and the two names of each person. */
export class Store {
  readonly Key: MsgKeyClass;
  readonly Msg: MessageCollection;
  readonly Chat = new ChatCollection();
  readonly Contact = new ContactCollection();
  me: { readonly phone: Wid; readonly lid: Wid } | null = null;
  readonly #lidOf = new Map<string, Wid>();
  readonly #phoneOf = new Map<string, Wid>();

  constructor(Key: MsgKeyClass) {
    this.Key = Key;
    this.Msg = new MessageCollection(Key);
  }

  lidOf(phone: Wid): Wid | undefined {
    return this.#lidOf.get(phone.toString());
  }

  phoneOf(lid: Wid): Wid | undefined {
    return this.#phoneOf.get(lid.toString());
  }

  learn(phone: string, lid: string): void {
    this.#lidOf.set(phone, createWid(lid));
    this.#phoneOf.set(lid, createWid(phone));
  }

  upsertContact(wire: WireContact): void {
    this.learn(wire.phoneNumber, wire.lid);
    const wid = createWid(wire.id);
    const known = this.Contact.get(wid);
    if (known === undefined) this.Contact.add(new ContactModel(wid, wire.name, createWid(wire.phoneNumber)));
    else known.set({ name: wire.name, pushname: wire.name });
  }

  chatOf(wid: Wid, name?: string): ChatModel {
    const known = this.Chat.get(wid);
    if (known !== undefined) return known;
    const title = name ?? this.Contact.get(wid)?.attributes.name ?? `+${wid.user}`;
    return this.Chat.add(new ChatModel(wid, title));
  }

  updateChat(wire: WireChat): void {
    const chat = this.chatOf(createWid(wire.id), wire.name);
    chat.set({ unreadCount: wire.unreadCount });
  }

  addMessage(attributes: MessageAttributes): MessageModel {
    const chat = this.chatOf(attributes.id.remote);
    const message = new MessageModel(attributes);
    // The chat holds it before anybody is told, so that a listener finds it there.
    chat.hold(message);
    return this.Msg.add(message);
  }

  /** Messages that came while the page was away: in the chat and counted as unread, but news to nobody. */
  applySync(frame: Extract<ServerFrame, { kind: 'sync' }>): void {
    for (const contact of frame.contacts) this.upsertContact(contact);
    // Before their messages, which would make them without a name.
    for (const chat of frame.chats) this.chatOf(createWid(chat.id), chat.name);
    for (const message of frame.messages) this.receive(message, false);
    for (const chat of frame.chats) this.updateChat(chat);
  }

  receive(wire: WireMessage, isNewMsg: boolean): MessageModel {
    const phone = this.me?.phone;
    if (phone === undefined) throw new Error('a message came before the account was known');
    const attributes = fromWire(wire, isNewMsg, phone, this.Key);
    const known = this.Msg.get(attributes.id);
    if (known === undefined) return this.addMessage(attributes);
    known.set({ ack: Math.max(known.ack, wire.ack), type: wire.type, body: wire.body });
    return known;
  }

  byBareId(id: string): MessageModel | undefined {
    return this.Msg.getModelsArray().find((message) => message.id.id === id);
  }
}
