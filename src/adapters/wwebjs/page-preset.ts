import type { PageChat, PageMessage, PageMsgKey, PageSendOptions } from './page-window.js';

/*
 * Functions that run in the page and travel there as text: each must stand alone.
 */

/**
 * Lets a send be given its message id, as the option `wakefulId`. whatsapp-web.js makes a new id in every send
 * (Utils.js 438), but spreads the caller's extra options over the message at the end (494): a key of ours put there
 * belongs to this one send, and no other send of the page can take it, however long an upload goes on.
 * A message that is in the page under that id is not sent again. To be called after LoadUtils; again does nothing.
 */
export function letIdsBeGiven(): void {
  const library = window.WWebJS;
  if (library === undefined || library.takesIds === true) return;
  const original = library.sendMessage;

  /** The key that the library would make, but for its id (Utils.js 432-457). */
  const keyOf = (chat: PageChat, id: string): PageMsgKey => {
    const { getMaybeMeLidUser, getMaybeMePnUser } = window.require('WAWebUserPrefsMeUser');
    const isGroup = chat.id.server === 'g.us';
    const underLid = isGroup ? chat.groupMetadata?.isLidAddressingMode === true : chat.id.server === 'lid';
    const from = underLid ? getMaybeMeLidUser?.() : getMaybeMePnUser?.();
    if (from === undefined) throw new Error('the page does not say who we are');
    const participant = isGroup ? window.require('WAWebWidFactory').asUserWidOrThrow(from) : undefined;
    const Key = window.require('WAWebMsgKey');
    return new Key({ from, to: chat.id, id, participant, selfDir: 'out' });
  };

  library.sendMessage = async (chat: PageChat, content: unknown, options: PageSendOptions = {}) => {
    const { wakefulId, ...extraOptions } = options.extraOptions ?? {};
    if (typeof wakefulId !== 'string') return original(chat, content, options);
    const key = keyOf(chat, wakefulId);
    const { Msg } = window.require('WAWebCollections');
    const find = (): PageMessage | undefined => Msg.get(String(key));
    const known = find();
    if (known !== undefined) return known;
    await original(chat, content, { ...options, extraOptions: { ...extraOptions, id: key } });
    return find();
  };
  library.takesIds = true;
}

/** So many fresh ids of the page's own making; none when this page could not send under them. */
export async function newMessageIds(count: number): Promise<string[]> {
  if (window.WWebJS?.takesIds !== true) return [];
  try {
    const Key = window.require('WAWebMsgKey');
    const me = window.require('WAWebUserPrefsMeUser').getMaybeMePnUser?.();
    if (me === undefined) return [];
    const ids: string[] = [];
    while (ids.length < count) {
      const id: unknown = await Key.newId();
      if (typeof id !== 'string' || !/^\w{8,64}$/.test(id)) return [];
      const key = new Key({ from: me, to: me, id, participant: undefined, selfDir: 'out' });
      if (String(key) !== `true_${me._serialized}_${id}`) return [];
      ids.push(id);
    }
    return ids;
  } catch {
    return [];
  }
}

/** Whether a message of this id is known and may be replied to: the library would send without the quote otherwise. */
export async function canQuote(messageId: string): Promise<boolean> {
  try {
    const { Msg } = window.require('WAWebCollections');
    const message = Msg.get(messageId) ?? (await Msg.getMessagesById([messageId]))?.messages?.[0];
    if (message === undefined) return false;
    return window.require('WAWebMsgReply').canReplyMsg(message.unsafe?.() ?? message);
  } catch {
    return false;
  }
}
