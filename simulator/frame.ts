import { z } from 'zod';

/**
 * What passes between the page and the simulated WhatsApp server over the WebSocket, one JSON object per frame.
 * The page imports only the types of this file: it must run without zod.
 */

/** Extra attributes of a message (caption, media, place, quote …) that the server stores and returns untouched. */
const attributes = z.record(z.string(), z.unknown());

export const wireMessage = z.object({
  /** The bare id, as in `3EB0…`; the page builds the full key from it. */
  id: z.string().min(1),
  fromMe: z.boolean(),
  /** The chat, as a wid: `4915…@c.us`, `1234…@lid`, `…@g.us`. */
  chat: z.string(),
  /** Who wrote, when the chat is a group. */
  author: z.string().optional(),
  type: z.string(),
  body: z.string(),
  /** Unix time in seconds, as WhatsApp has it. */
  t: z.number(),
  /** -1 refused, 0 pending, 1 at the server, 2 delivered, 3 read. */
  ack: z.number().int(),
  attributes,
});
export type WireMessage = z.infer<typeof wireMessage>;

export interface WireChat {
  readonly id: string;
  readonly name: string;
  readonly unreadCount: number;
  readonly t: number;
}

export interface WireContact {
  readonly id: string;
  readonly name: string;
  readonly phoneNumber: string;
  readonly lid: string;
}

/** What a linked device keeps in its IndexedDB: whoever has it, is the session. */
export const credentials = z.object({ deviceId: z.string(), secret: z.string(), phoneNumber: z.string() });
export type Credentials = z.infer<typeof credentials>;

const question = z.discriminatedUnion('about', [
  z.object({ about: z.literal('exists'), wid: z.string() }),
  z.object({ about: z.literal('earlier'), chat: z.string(), before: z.string() }),
  z.object({ about: z.literal('pairing-code'), phoneNumber: z.string() }),
  z.object({ about: z.literal('logout') }),
]);
export type Question = z.infer<typeof question>;

export const pageFrame = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('hello'),
    /** One per document: a reconnect of the same document is no page load. */
    pageId: z.string(),
    build: z.string(),
    credentials: credentials.nullable(),
  }),
  z.object({ kind: z.literal('send'), message: wireMessage }),
  z.object({ kind: z.literal('seen'), chat: z.string() }),
  z.object({ kind: z.literal('chat-state'), chat: z.string(), state: z.string() }),
  z.object({ kind: z.literal('edit'), chat: z.string(), id: z.string(), body: z.string() }),
  z.object({ kind: z.literal('revoke'), chat: z.string(), id: z.string() }),
  z.object({ kind: z.literal('react'), chat: z.string(), id: z.string(), emoji: z.string() }),
  z.object({ kind: z.literal('refresh-qr') }),
  z.object({ kind: z.literal('ping') }),
  z.object({ kind: z.literal('ask'), n: z.number().int(), question }),
]);
export type PageFrame = z.infer<typeof pageFrame>;

export interface ExistsAnswer {
  readonly wid: string;
  readonly lid: string;
  readonly phoneNumber: string;
}

/** Orders that make the page misbehave; see the faults of the control API. */
export type PageOrder =
  | { readonly order: 'hang'; readonly forMs: number | null }
  | { readonly order: 'crash' }
  | { readonly order: 'reload' }
  | { readonly order: 'push-state'; readonly times: number };

export type ServerFrame =
  | { readonly kind: 'qr'; readonly ref: string }
  | { readonly kind: 'qr-idle' }
  | { readonly kind: 'paired'; readonly credentials: Credentials }
  | {
      readonly kind: 'welcome';
      readonly phoneNumber: string;
      readonly lid: string;
      readonly pushname: string;
      readonly platform: string;
    }
  | { readonly kind: 'progress'; readonly percent: number }
  | {
      readonly kind: 'sync';
      readonly chats: readonly WireChat[];
      readonly contacts: readonly WireContact[];
      readonly messages: readonly WireMessage[];
    }
  | {
      readonly kind: 'message';
      readonly message: WireMessage;
      readonly contact: WireContact | null;
      readonly chat: WireChat;
    }
  | { readonly kind: 'ack'; readonly id: string; readonly ack: number }
  | { readonly kind: 'refused'; readonly id: string; readonly code: number }
  | { readonly kind: 'edited'; readonly id: string; readonly body: string; readonly atMs: number }
  | { readonly kind: 'revoked'; readonly id: string }
  | {
      readonly kind: 'reaction';
      readonly id: string;
      readonly parentId: string;
      readonly emoji: string;
      readonly author: string;
      readonly atMs: number;
    }
  | { readonly kind: 'answer'; readonly n: number; readonly value: unknown }
  | { readonly kind: 'unlinked' }
  | { readonly kind: 'conflict' }
  | { readonly kind: 'terminal'; readonly state: string }
  | { readonly kind: 'order'; readonly order: PageOrder }
  | { readonly kind: 'pong' };

/** What the page fetches before it opens its socket. */
export interface BootSettings {
  readonly loadDelayMs: number;
  readonly bootCpuMs: number;
  readonly reconnectDelayMs: number;
  readonly keepAliveMs: number;
  readonly heapBallastMb: number;
  readonly indexedDbBallastMb: number;
  readonly resendAfterReload: boolean;
  readonly broken: boolean;
  readonly refusesHeadlessShell: boolean;
}
