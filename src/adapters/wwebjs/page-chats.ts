import type { PageMessage, PageWid } from './page-window.js';

/*
 * Functions that run in the page and travel there as text: each must stand alone.
 */

/** Chats, newest first, without the group queries to the server that whatsapp-web.js makes for each (Utils.js 960). */
export function listChats() {
  const chats = window.require('WAWebCollections').Chat.getModelsArray();
  return chats
    .filter((chat) => /@(c\.us|g\.us|lid)$/.test(chat.id._serialized))
    .map((chat) => ({
      id: chat.id._serialized,
      name: chat.formattedTitle ?? chat.name ?? null,
      isGroup: chat.id.server === 'g.us',
      unreadCount: Math.max(0, chat.unreadCount ?? 0),
      timestamp: typeof chat.t === 'number' && chat.t > 0 ? chat.t * 1000 : null,
    }))
    .sort((a, b) => (b.timestamp ?? 0) - (a.timestamp ?? 0));
}

/** True when there is a chat with this id already, so that nobody needs to ask whether the number exists. */
export function hasChat(chatId: string): boolean {
  const wid = window.require('WAWebWidFactory').createWid(chatId);
  return window.require('WAWebCollections').Chat.get(wid) !== undefined;
}

/** The name that this account knows for an id, null when it knows none. */
export function nameOf(id: string): string | null {
  const wid = window.require('WAWebWidFactory').createWid(id);
  const contact = window.require('WAWebCollections').Contact.get(wid);
  return contact?.name || contact?.pushname || null;
}

/** Own messages of a chat since a time in whole seconds, oldest first, at most `pages` loads of older ones. */
export async function ownMessages(chatId: string, sinceSeconds: number, pages: number) {
  const wid = window.require('WAWebWidFactory').createWid(chatId);
  const { Chat } = window.require('WAWebCollections');
  const other = ((): PageWid | undefined => {
    try {
      return window.require('WAWebApiContact').getAlternateUserWid?.(wid);
    } catch {
      return undefined;
    }
  })();
  // After WhatsApp's migration the chat of a number may be kept under the LID.
  const chats = [Chat.get(wid), other === undefined || other === null ? undefined : Chat.get(other)];
  const found = new Map<string, PageMessage>();
  for (const chat of chats) {
    if (chat === undefined) continue;
    for (let page = 0; page <= pages; page += 1) {
      const messages = chat.msgs.getModelsArray();
      for (const message of messages) {
        if (message.id.fromMe && message.t >= sinceSeconds) found.set(String(message.id), message);
      }
      if (page === pages || messages.some(({ t }) => t < sinceSeconds)) break;
      const loaded = await window.require('WAWebChatLoadMessages').loadEarlierMsgs({ chat });
      if (!loaded || loaded.length === 0) break;
    }
  }
  // The body of media is a thumbnail.
  const wordsOf = ({ type, body, caption, loc }: PageMessage) =>
    (type === 'chat' ? body : type === 'location' ? loc : caption) ?? '';
  return [...found.values()]
    .sort((a, b) => a.t - b.t)
    .map((message) => ({
      waMessageId: String(message.id),
      ack: message.ack ?? 0,
      type: message.type,
      words: wordsOf(message),
      timestamp: message.t * 1000,
    }));
}
