import { Collection } from './collection.js';
import type { MessageModel } from './message-model.js';
import { Model } from './model.js';
import type { MsgKey } from './msg-key.js';
import type { Wid } from './wid.js';

export interface ChatAttributes {
  id: Wid;
  formattedTitle: string;
  name: string;
  unreadCount: number;
  t: number;
  archive: boolean;
  pin: number;
  isLocked: boolean;
  isReadOnly: boolean;
  mute: { expiration: number };
  muteExpiration: number;
  lastReceivedKey?: MsgKey;
}

interface GroupMetadata {
  readonly isLidAddressingMode: boolean;
  readonly announce: boolean;
  readonly participants: readonly { readonly id: Wid }[];
  serialize(): object;
}

export class ChatModel extends Model<ChatAttributes> {
  declare id: Wid;
  declare formattedTitle: string;
  declare unreadCount: number;
  declare t: number;
  declare lastReceivedKey?: MsgKey;
  readonly #msgs = new Collection<MessageModel>();

  constructor(id: Wid, name: string) {
    super({
      id,
      name,
      formattedTitle: name,
      unreadCount: 0,
      t: 0,
      archive: false,
      pin: 0,
      isLocked: false,
      isReadOnly: false,
      mute: { expiration: 0 },
      muteExpiration: 0,
    });
  }

  get msgs(): Collection<MessageModel> {
    return this.#msgs;
  }

  /** Only what can be seen from here: those who wrote are the participants. */
  get groupMetadata(): GroupMetadata | undefined {
    if (!this.id.isGroup()) return undefined;
    const authors = new Map<string, Wid>();
    for (const { author } of this.#msgs.getModelsArray()) {
      if (author !== undefined) authors.set(author.toString(), author);
    }
    const participants = [...authors.values()].map((id) => ({ id, isAdmin: false, isSuperAdmin: false }));
    const plain = {
      id: this.id,
      subject: this.formattedTitle,
      isLidAddressingMode: false,
      announce: false,
      participants,
    };
    return { ...plain, serialize: () => plain };
  }

  /** The messages belong to the Msg collection too, and keep telling their changes there. */
  hold(message: MessageModel): void {
    this.#msgs.add(message, { silent: true });
    if (message.t >= this.t) this.set({ t: message.t, lastReceivedKey: message.id });
  }

  /** Messages from before all that are here. */
  holdEarlier(messages: readonly MessageModel[]): void {
    this.#msgs.putFirst(messages);
  }

  override serialize(): Record<string, unknown> {
    return { ...super.serialize(), msgs: this.#msgs.getModelsArray().map((message) => message.id.id) };
  }
}
