/**
 * The parts of WhatsApp Web's page that our page functions touch. The page is minified and changes weekly, so that these
 * types are what we look for, not what is promised: page functions test before they trust, and Node validates what returns.
 */

export interface PageWid {
  readonly _serialized: string;
  readonly user: string;
  readonly server: string;
  isGroup?(): boolean;
}

export interface PageMsgKey {
  readonly fromMe: boolean;
  readonly remote: PageWid | string;
  readonly participant?: PageWid;
  toString(): string;
}

export interface PageMessage {
  readonly id: PageMsgKey;
  readonly t: number;
  readonly type: string;
  readonly body?: string;
  readonly caption?: string;
  /** Of a place: its name and address. */
  readonly loc?: string;
  readonly ack?: number;
  readonly from?: PageWid;
  readonly to?: PageWid;
  readonly author?: PageWid;
  /** Of a deleted message: the key that it had before. */
  readonly protocolMessageKey?: PageMsgKey | null;
  readonly quotedStanzaID?: string;
  readonly isNotification?: boolean;
  unsafe?(): PageMessage;
  /** Of a file: how far the page has come with it, and what it is fetched and decrypted by. */
  readonly mediaData?: { readonly mediaStage: string };
  readonly size?: number;
  readonly directPath?: string;
  readonly encFilehash?: string;
  readonly filehash?: string;
  readonly mediaKey?: string;
  readonly mediaKeyTimestamp?: number;
  downloadMedia?(options: { downloadEvenIfExpensive: boolean; rmrReason: number }): Promise<unknown>;
}

export interface PageChat {
  readonly id: PageWid;
  readonly formattedTitle?: string;
  readonly name?: string;
  readonly unreadCount?: number;
  readonly t?: number;
  readonly groupMetadata?: { readonly isLidAddressingMode?: boolean };
  readonly msgs: { getModelsArray(): PageMessage[] };
}

interface PageSocket {
  readonly state: string;
  readonly hasSynced?: boolean;
  on(event: string, listener: (socket: unknown, value: string) => void): void;
  logout(): Promise<void>;
  reconnect(): void;
  takeover(): void;
}

interface PageKeyClass {
  new (parts: { from: PageWid; to: PageWid; id: string; participant: PageWid | undefined; selfDir: 'out' }): PageMsgKey;
  newId(): Promise<string>;
}

/** What whatsapp-web.js's `sendMessage` takes in the page; `extraOptions` go over the message that it makes. */
export interface PageSendOptions {
  readonly extraOptions?: { readonly wakefulId?: unknown; readonly id?: PageMsgKey };
}

interface PageModules {
  WAWebSocketModel: { Socket: PageSocket };
  WAWebCmd: { Cmd: { on(event: string, listener: () => void): void; refreshQR?(): void } };
  WAWebLaunchSocketUtils: { refreshQR?(): void };
  WAWebMsgKey: PageKeyClass;
  WAWebWidFactory: { createWid(id: string): PageWid; asUserWidOrThrow(wid: PageWid): PageWid };
  WAWebCollections: {
    Chat: { get(id: PageWid): PageChat | undefined; getModelsArray(): PageChat[] };
    Contact: { get(id: PageWid): { name?: string; pushname?: string } | undefined };
    Msg: {
      get(id: string): PageMessage | undefined;
      getMessagesById(ids: string[]): Promise<{ messages?: PageMessage[] } | undefined>;
    };
  };
  WAWebMsgReply: { canReplyMsg(message: PageMessage): boolean };
  WAWebDownloadManager: { downloadManager: { downloadAndMaybeDecrypt(request: object): Promise<ArrayBuffer> } };
  WAWebFindChatAction: { findOrCreateLatestChat(id: PageWid): Promise<{ chat?: PageChat } | undefined> };
  WAWebChatLoadMessages: { loadEarlierMsgs(options: { chat: PageChat }): Promise<PageMessage[] | undefined> };
  WAWebApiContact: {
    getAlternateUserWid?(id: PageWid): PageWid | undefined;
    getCurrentLid?(id: PageWid): PageWid | undefined;
    getPhoneNumber?(id: PageWid): PageWid | undefined;
  };
  WAWebLidMigrationUtils: { toPn?(id: PageWid): PageWid | undefined };
  WAWebQuotedMsgModelUtils: { getQuotedMsgObj?(message: PageMessage): PageMessage | undefined };
  WAWebUserPrefsMeUser: { getMaybeMePnUser?(): PageWid | undefined; getMaybeMeLidUser?(): PageWid | undefined };
}

/** What we know of this document; it goes with it, so that a reload starts from nothing. */
export interface PageMarker {
  /** Socket state and logouts are reported. */
  watched: boolean;
  /** whatsapp-web.js has injected its first half: QR, states, progress. */
  injected: boolean;
  /** …and its second half: messages and acks. */
  listening: boolean;
  ready: boolean;
}

type Model = Record<string, unknown>;

declare global {
  interface Window {
    Debug?: { VERSION?: string };
    require<Name extends keyof PageModules>(name: Name): PageModules[Name];
    WWebJS?: {
      getMessageModel(message: PageMessage): Model;
      sendMessage(chat: PageChat, content: unknown, options?: PageSendOptions): Promise<PageMessage | undefined>;
      mediaInfoToFile(info: { data: string; mimetype: string; filename: string }): File;
      /** Set by us: a send can be given its message id. */
      takesIds?: boolean;
      /** Set by us: media that is given in pieces, by its name. */
      uploads?: Map<string, BlobPart[]>;
    };
    /** Set by whatsapp-web.js while pairing codes are shown (Client.js 547). */
    codeInterval?: unknown;
    wakeful?: PageMarker;
    /** Files that were fetched and are being read, by the id of their message. */
    wakefulMedia?: Map<string, Blob>;
    wakefulReport?(report: { kind: 'state' | 'logout'; state: string }): Promise<void>;
  }
}
