import { Model } from './model.js';
import type { MsgKey } from './msg-key.js';
import type { Wid } from './wid.js';

export interface MessageAttributes {
  id: MsgKey;
  ack: number;
  body: string;
  type: string;
  t: number;
  from: Wid;
  to: Wid;
  author?: Wid;
  isNewMsg: boolean;
  caption?: string;
  directPath?: string;
  /** Whatever else the sender put in: media, place, quote, poll. */
  [more: string]: unknown;
}

/** These are derived below, and must not be overwritten by what a sender passes in. */
const DERIVED = new Set(['mediaData', 'mediaObject', 'isEphemeral', 'isStatusV3']);

export class MessageModel extends Model<MessageAttributes> {
  declare id: MsgKey;
  declare ack: number;
  declare body: string;
  declare type: string;
  declare t: number;
  declare from: Wid;
  declare to: Wid;
  declare author?: Wid;
  declare isNewMsg: boolean;

  constructor(attributes: MessageAttributes) {
    const own = Object.entries(attributes).filter(([name, value]) => !DERIVED.has(name) && value !== undefined);
    super({ ...(Object.fromEntries(own) as MessageAttributes), body: attributes.body ?? '' });
  }

  get isEphemeral(): boolean {
    return false;
  }

  get isStatusV3(): boolean {
    return false;
  }

  get mediaData(): { mediaStage: string } | undefined {
    return this.attributes.directPath === undefined ? undefined : { mediaStage: 'RESOLVED' };
  }

  get mediaObject(): { filehash: unknown } | undefined {
    return this.attributes.directPath === undefined ? undefined : { filehash: this.attributes.filehash };
  }

  unsafe(): this {
    return this;
  }

  async downloadMedia(): Promise<void> {
    // Media is always at hand here: mediaStage is RESOLVED from the start.
  }

  /** What a reply to this message carries. */
  msgContextInfo(): Record<string, unknown> {
    const { body, type, caption } = this.attributes;
    return {
      quotedMsg: { type, body, ...(caption === undefined ? {} : { caption }) },
      quotedStanzaID: this.id.id,
      quotedParticipant: this.author ?? this.from,
    };
  }

  /** As the real model does, without what only lives in this page. */
  override serialize(): Record<string, unknown> {
    const { mediaBlob: _mediaBlob, renderableUrl: _renderableUrl, ...rest } = super.serialize();
    return rest;
  }
}
