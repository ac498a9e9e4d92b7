import type { PageMessage } from './page-window.js';

/*
 * Functions that run in the page and travel there as text: each must stand alone.
 */

/** Ids of the chats in which something may have come since a time in whole seconds. */
export function chatsWithNews(sinceSeconds: number): string[] {
  return window
    .require('WAWebCollections')
    .Chat.getModelsArray()
    .filter(({ id, t, unreadCount }) => {
      const isNews = (t ?? 0) >= sinceSeconds || (unreadCount ?? 0) > 0;
      return isNews && /@(c\.us|g\.us|lid)$/.test(id._serialized);
    })
    .map(({ id }) => id._serialized);
}

/** Models of what came into a chat since a time in whole seconds, oldest first, with at most `pages` loads of older ones. */
export async function missedMessages(chatId: string, sinceSeconds: number, pages: number, includeOwn: boolean) {
  const library = window.WWebJS;
  if (library === undefined) throw new Error('whatsapp-web.js is not injected');
  const chat = window.require('WAWebCollections').Chat.get(window.require('WAWebWidFactory').createWid(chatId));
  if (chat === undefined) return [];

  const found = new Map<string, { message: PageMessage; page: number; index: number }>();
  for (let page = 0; page <= pages; page += 1) {
    const messages = chat.msgs.getModelsArray();
    for (const [index, message] of messages.entries()) {
      const key = String(message.id);
      const counts = (includeOwn || !message.id.fromMe) && !message.isNotification && message.t >= sinceSeconds;
      if (counts && !found.has(key)) found.set(key, { message, page, index });
    }
    // The chat's last message alone may be loaded: go back until an older one shows that nothing is missing.
    if (page === pages || messages.some(({ t }) => t < sinceSeconds)) break;
    try {
      const loaded = await window.require('WAWebChatLoadMessages').loadEarlierMsgs({ chat });
      if (!loaded || loaded.length === 0) break;
    } catch {
      break;
    }
  }
  return (
    [...found.values()]
      // Many may come within one second: what was loaded later is older, and within one load their order counts.
      .sort((a, b) => a.message.t - b.message.t || b.page - a.page || a.index - b.index)
      .map(({ message }) => {
        const model = library.getMessageModel(message);
        // Of a file it is a preview, which nobody reads and which is large.
        return 'directPath' in model ? { ...model, body: '' } : model;
      })
  );
}
