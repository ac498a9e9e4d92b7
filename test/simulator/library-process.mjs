// Runs unmodified whatsapp-web.js in a process of its own, so that its unhandled rejections are its own too.
// Commands come in over IPC as { n, op, args }, answers go out as { n, value } or { n, error }, events as { event, value }.
import wwebjs from 'whatsapp-web.js';

const { Client, MessageMedia, NoAuth } = wwebjs;

let client;

const idOf = (message) => message?.id?._serialized ?? message?._data?.id?.$1 ?? null;
const summaries = {
  qr: (qr) => qr,
  code: (code) => code,
  authenticated: () => null,
  ready: () => null,
  disconnected: (reason) => reason,
  change_state: (state) => state,
  message: (message) => ({
    id: idOf(message),
    from: message.from,
    author: message.author,
    body: message.body,
    hasMedia: message.hasMedia,
  }),
  message_create: (message) => ({ id: idOf(message), body: message.body, fromMe: message.fromMe }),
  message_ack: (message, ack) => ({ id: idOf(message), body: message.body, ack }),
  message_edit: (_message, body) => ({ body }),
  message_revoke_everyone: (message) => ({ type: message.type }),
  message_reaction: (reaction) => ({ reaction: reaction.reaction, senderId: reaction.senderId }),
};

const operations = {
  async start({ executablePath, userDataDir, pairWithPhoneNumber, webVersion, versionCache }) {
    client = new Client({
      authStrategy: new NoAuth(),
      webVersionCache: versionCache ? { type: 'local', path: versionCache } : { type: 'none' },
      ...(webVersion ? { webVersion } : {}),
      puppeteer: { headless: true, executablePath, userDataDir, pipe: true, args: ['--no-sandbox'] },
      ...(pairWithPhoneNumber ? { pairWithPhoneNumber: { phoneNumber: pairWithPhoneNumber } } : {}),
    });
    for (const [event, summary] of Object.entries(summaries)) {
      client.on(event, (...args) => process.send({ event, value: summary(...args) }));
    }
    await client.initialize();
    return client.pupBrowser.process().pid;
  },
  stop: async () => client.destroy(),
  send: async ({ to, body, media, options }) => {
    const content = media ? new MessageMedia(media.mimetype, media.data, media.filename) : body;
    const message = await client.sendMessage(to, content, options);
    return message === undefined
      ? null
      : { id: idOf(message), ack: message.ack, to: message.to, hasMedia: message.hasMedia };
  },
  chats: async () =>
    (await client.getChats()).map((chat) => ({
      name: chat.name,
      isGroup: chat.isGroup,
      unread: chat.unreadCount,
      last: chat.lastMessage?.body,
    })),
  history: async ({ chat }) => (await (await client.getChatById(chat)).fetchMessages({ limit: 50 })).map((m) => m.body),
  download: async ({ id }) => (await client.getMessageById(id)).downloadMedia(),
  contactName: async ({ id }) => (await client.getContactById(id)).name,
  registered: async ({ id }) => client.isRegisteredUser(id),
  lidAndPhone: async ({ id }) => client.getContactLidAndPhone([id]),
  state: async () => client.getState(),
  version: async () => client.getWWebVersion(),
};

process.on('unhandledRejection', (reason) => process.send?.({ event: 'unhandled', value: String(reason) }));
process.on('disconnect', () => process.exit(0));
process.on('message', async ({ n, op, args }) => {
  try {
    process.send({ n, value: (await operations[op](args ?? {})) ?? null });
  } catch (error) {
    process.send({ n, error: String(error) });
  }
});
process.send({ event: 'up', value: null });
