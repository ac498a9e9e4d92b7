import type { Browser, CDPSession, Page } from 'puppeteer';
import { ClientError, type WebPages } from '../../domain/ports.js';
import { blockedPatterns } from './blocked-requests.js';
import type { BrowserProcess } from './browser-process.js';
import { clientError, wordsOf } from './failure.js';
import { QuietClient, type QuietClientHooks } from './quiet-client.js';
import { type WebPage, watchWebPage } from './web-page.js';

/** A page with whatsapp-web.js on it, ready to load WhatsApp Web. */
export interface OpenPage {
  browser: Browser;
  page: Page;
  client: QuietClient;
  /** Raw lines to page and browser, held open for the probe. */
  pageSession: CDPSession;
  browserSession: CDPSession;
  webPage: WebPage;
}

interface OpenPageOptions {
  sessionId: string;
  pages: WebPages;
  proxyAuthentication: { username: string; password: string } | null;
  block: Parameters<typeof blockedPatterns>[0];
  /** How long WhatsApp Web's program may take to start in a document, milliseconds. */
  versionTimeoutMs: number;
  hooks: QuietClientHooks & {
    disconnected(): void;
    crashed(error: unknown): void;
    /** The page has a new document, whoever asked for it. */
    navigated(url: string): void;
  };
}

const WHATSAPP_WEB = 'https://web.whatsapp.com/';
const REFERER = 'https://whatsapp.com/';
const ANSWER_MS = 500;
const FREE_MS = 1000;

/** Connects to a browser and prepares its page; whoever listens knows of a death before anything is loaded. */
export async function openPage(process: BrowserProcess, options: OpenPageOptions): Promise<OpenPage> {
  const { hooks, proxyAuthentication, versionTimeoutMs, sessionId, pages, block } = options;
  const { browser, page } = await process.connect();
  // whatsapp-web.js tells nothing of either; `close` of the page never comes when the browser dies.
  browser.on('disconnected', () => hooks.disconnected());
  page.on('error', (error) => hooks.crashed(error));
  if (proxyAuthentication !== null) await page.authenticate(proxyAuthentication);
  // WhatsApp Web turns a headless browser away by this name.
  const userAgent = (await browser.userAgent()).replace('HeadlessChrome', 'Chrome');
  await page.setUserAgent({ userAgent });

  const client = new QuietClient(hooks, versionTimeoutMs);
  await client.adopt(browser, page);
  const pageSession = await page.createCDPSession();
  const browserSession = await browser.target().createCDPSession();
  await pageSession.send('Page.enable');
  // Only new documents: `pushState` raises puppeteer's framenavigated, too, and changes nothing.
  pageSession.on('Page.frameNavigated', ({ frame }) => {
    if (frame.parentId === undefined) hooks.navigated(frame.url);
  });
  const blocked = blockedPatterns(block);
  const webPage = await watchWebPage({ page, session: pageSession, sessionId, pages, blocked }, hooks);
  return { browser, page, client, pageSession, browserSession, webPage };
}

/** Loads WhatsApp Web and injects it. Rejects with ClientError `network_down` or `init_timeout`. */
export async function loadWhatsAppWeb({ page, client }: OpenPage, timeoutMs: number): Promise<void> {
  try {
    await goto(page, timeoutMs);
    await client.inject();
  } catch (error) {
    throw clientError(error, 'init_timeout', 'Loading WhatsApp Web');
  }
}

async function goto(page: Page, timeoutMs: number): Promise<void> {
  let status = 0;
  try {
    // The library waits for ever here (Client.js 489).
    const options = { waitUntil: 'domcontentloaded', timeout: timeoutMs, referer: REFERER } as const;
    status = (await page.goto(WHATSAPP_WEB, options))?.status() ?? 0;
  } catch (error) {
    // The page went elsewhere while it loaded, as WhatsApp Web does when it reloads itself: what came is to be injected.
    if (!wordsOf(error).includes('net::ERR_ABORTED')) throw error;
  }
  // The proxy wants other credentials: nothing behind it was reached.
  if (status === 407) throw new ClientError('network_down', 'The proxy refused its credentials (407).');
  if (status >= 400) throw new ClientError('init_timeout', `web.whatsapp.com answered with status ${status}.`);
}

/**
 * Ends an endless loop in the page, which would hold up a navigation, too. A page that answers is left alone: there the
 * termination would strike the next script, which may be the first one of the new document. Rejects with `page_hung`
 * when neither helps.
 */
export async function freePage(session: CDPSession): Promise<void> {
  try {
    await session.send('Runtime.evaluate', { expression: '0' }, { timeout: ANSWER_MS });
  } catch {
    await session.send('Runtime.terminateExecution', undefined, { timeout: FREE_MS }).catch((cause: unknown) => {
      // A renderer that is stopped, or stuck outside of scripts, loads nothing either: only a new browser helps.
      throw new ClientError('page_hung', 'The page does not answer and cannot be freed.', { cause });
    });
  }
}
