import type { ExistsAnswer, WireMessage } from '../frame.js';
import type { ChatModel } from './chat-model.js';
import { Emitter } from './emitter.js';
import type { MessageAttributes, MessageModel } from './message-model.js';
import type { PageContext } from './page-context.js';
import { asUserWidOrThrow, createWid, type Wid } from './wid.js';
import { fromWire, toWire } from './wire-conversion.js';

interface Link {
  readonly href: string;
  readonly value: string;
}

function findLinks(text: unknown): Link[] {
  if (typeof text !== 'string') return [];
  return [...text.matchAll(/https?:\/\/\S+/g)].map(([value]) => ({ href: value, value }));
}

/** The page's own map of calls must be an enumerable Map: callers look for it by type. */
class CallCollection extends Emitter {
  readonly callMap = new Map<string, unknown>();
}

export async function queryExists(page: PageContext, wid: Wid): Promise<{ wid: Wid; lid: Wid } | null> {
  const answer = (await page.session.ask({ about: 'exists', wid: wid.toString() })) as ExistsAnswer | null;
  if (answer === null) return null;
  page.store.learn(answer.phoneNumber, answer.lid);
  return { wid: createWid(answer.wid), lid: createWid(answer.lid) };
}

/** A person may be known by number or by lid; the chat that exists wins. */
async function findOrCreateLatestChat(page: PageContext, id: unknown): Promise<{ chat: ChatModel }> {
  const { store, session } = page;
  const wid = createWid(id);
  const other = wid.isLid() ? store.phoneOf(wid) : store.lidOf(wid);
  const known = store.Chat.get(wid) ?? (other === undefined ? undefined : store.Chat.get(other));
  if (known !== undefined) return { chat: known };
  if (wid.isUser() && session.isConnected && (await queryExists(page, wid)) === null) {
    throw new Error('No LID for user');
  }
  return { chat: store.chatOf(wid) };
}

function addAndSendMsgToChat(page: PageContext, _chat: ChatModel, attributes: MessageAttributes): unknown[] {
  const message = page.store.addMessage(attributes);
  const result = page.session.outbox.post(toWire(attributes));
  return [Promise.resolve(message), result];
}

async function loadEarlierMsgs(page: PageContext, given: { chat: ChatModel }): Promise<MessageModel[]> {
  const { store, session } = page;
  const [oldest] = given.chat.msgs.getModelsArray();
  const chat = given.chat.id.toString();
  const wires = (await session.ask({ about: 'earlier', chat, before: oldest?.id.id ?? '' })) as WireMessage[];
  const { me } = store;
  if (me === null) return [];
  const earlier = wires.map((wire) => store.addMessage(fromWire(wire, false, me.phone, store.Key)));
  given.chat.holdEarlier(earlier);
  return earlier;
}

interface Selection {
  readonly list: readonly MessageModel[];
}

/** Modules for chats, messages and sending. */
export function chatModules(page: PageContext): Record<string, unknown> {
  const { store, session } = page;
  Object.assign(page.cmd, {
    sendRevokeMsgs: async (chat: ChatModel, { list }: Selection) => {
      for (const { id } of list) session.send({ kind: 'revoke', chat: chat.id.toString(), id: id.id });
    },
    sendDeleteMsgs: async (_chat: ChatModel, { list }: Selection) => {
      for (const message of list) store.Msg.remove(message);
    },
    archiveChat: async (chat: ChatModel, archive: boolean) => chat.set({ archive }),
  });

  return {
    WAWebCollections: {
      Msg: store.Msg,
      Chat: store.Chat,
      Contact: store.Contact,
      Blocklist: { get: () => undefined },
      BusinessProfile: { find: async () => ({}) },
      Label: { getModelsArray: () => [], get: () => undefined },
      ProfilePicThumb: { get: () => undefined, find: async () => undefined },
      GroupMetadata: { update: async () => undefined },
      WAWebNewsletterCollection: { getModelsArray: () => [], get: () => undefined },
    },
    WAWebCallCollection: new CallCollection(),
    WAWebAddonReactionTableMode: { reactionTableMode: page.reactions },
    WAWebAddonPollVoteTableMode: { pollVoteTableMode: { bulkUpsert: () => undefined } },
    WAWebBackendJobsCommon: { mediaTypeFromProtobuf: () => null },
    WAWebE2EProtoUtils: { typeAttributeFromProtobuf: () => 'text' },
    WAWebWidFactory: {
      createWid,
      createWidFromWidLike: createWid,
      createUserWid: (user: string, server = 'c.us') => createWid(`${user}@${server}`),
      asUserWidOrThrow,
      isWidlike: (value: unknown) => typeof value === 'object' && value !== null && 'user' in value,
    },
    WAWebMsgKey: store.Key,
    WAWebChatGetters: {
      getIsNewsletter: (chat: ChatModel) => chat.id.isNewsletter(),
      getIsBroadcast: (chat: ChatModel) => chat.id.isBroadcast(),
      getIsGroup: (chat: ChatModel) => chat.id.isGroup(),
    },
    WAWebFindChatAction: { findOrCreateLatestChat: (wid: unknown) => findOrCreateLatestChat(page, wid) },
    WAWebSendMsgChatAction: {
      addAndSendMsgToChat: (chat: ChatModel, message: MessageAttributes) => addAndSendMsgToChat(page, chat, message),
    },
    WAWebGetEphemeralFieldsMsgActionsUtils: { getEphemeralFields: () => ({}) },
    WALinkify: { findLinks, findLink: (text: unknown) => findLinks(text)[0] ?? null },
    WAWebLinkPreviewChatAction: { getLinkPreview: async () => null },
    WAWebUpdateUnreadChatAction: {
      sendSeen: async ({ chat }: { chat: ChatModel }) => {
        chat.set({ unreadCount: 0 });
        session.send({ kind: 'seen', chat: chat.id.toString() });
      },
    },
    WAWebMsgReply: { canReplyMsg: () => true },
    WAWebMsgActionCapability: {
      canSenderRevokeMsg: (message: MessageModel) => message.id.fromMe,
      canAdminRevokeMsg: () => false,
      canStarMsg: () => true,
      canEditText: (message: MessageModel) => message.id.fromMe && message.type === 'chat',
      canEditCaption: (message: MessageModel) => message.id.fromMe && message.attributes.caption !== undefined,
    },
    WAWebQuotedMsgModelUtils: {
      getQuotedMsgObj: (message: MessageModel) => store.byBareId(String(message.attributes.quotedStanzaID)),
    },
    WAWebChatLoadMessages: { loadEarlierMsgs: (given: { chat: ChatModel }) => loadEarlierMsgs(page, given) },
    WAWebChatStateBridge: Object.fromEntries(
      ['Composing', 'Recording', 'Paused'].map((state) => [
        `sendChatState${state}`,
        async (chat: Wid) => session.send({ kind: 'chat-state', chat: chat.toString(), state: state.toLowerCase() }),
      ]),
    ),
    WAWebPresenceChatAction: {
      sendPresenceAvailable: async () => undefined,
      sendPresenceUnavailable: async () => undefined,
    },
    WAWebSendReactionMsgAction: {
      sendReactionToMsg: async ({ id }: MessageModel, emoji: string) =>
        session.send({ kind: 'react', chat: id.remote.toString(), id: id.id, emoji }),
    },
    WAWebSendMessageEditAction: {
      sendMessageEdit: async ({ id }: MessageModel, body: string) =>
        session.send({ kind: 'edit', chat: id.remote.toString(), id: id.id, body }),
    },
  };
}
