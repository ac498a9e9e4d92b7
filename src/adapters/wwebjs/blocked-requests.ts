import type { Protocol } from 'puppeteer';

type Pattern = Protocol.Fetch.RequestPattern;

/**
 * What WhatsApp Web asks for that a server can do without, by the names of `browser.block`. Scripts, styles, the socket and
 * the files of messages are never in it. Addresses: as WhatsApp Web used them in 2026.
 */
const BLOCKABLE = {
  /** Text is drawn with the fonts of the system, which shows in screenshots. */
  fonts: [{ urlPattern: '*', resourceType: 'Font' }],
  /** Profile pictures. whatsapp-web.js loads them in the page for the invitations to groups and channels. */
  pictures: [{ urlPattern: 'https://pps.whatsapp.net/*' }],
  /** Reports of crashes and of use. */
  telemetry: [{ urlPattern: 'https://crashlogs.whatsapp.net/*' }, { urlPattern: 'https://dit.whatsapp.net/*' }],
} as const satisfies Record<string, readonly Pattern[]>;

/** The requests to be refused, as Chromium matches them: all others it lets pass without asking us. */
export function blockedPatterns(names: readonly (keyof typeof BLOCKABLE)[]): Pattern[] {
  return names.flatMap((name): Pattern[] => [...BLOCKABLE[name]]);
}
