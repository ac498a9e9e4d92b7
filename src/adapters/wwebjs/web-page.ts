import type { CDPSession, HTTPRequest, Page, Protocol } from 'puppeteer';
import type { WebPages } from '../../domain/ports.js';

const WHATSAPP_WEB = 'https://web.whatsapp.com/';
/** The first three parts of every version name since 2022; the page itself tells only the fourth. */
const VERSION_PREFIX = '2.3000.';

interface WebPageHooks {
  ignored(doing: string, error: unknown): void;
}

interface WatchedPage {
  page: Page;
  session: CDPSession;
  sessionId: string;
  pages: WebPages;
  /** Requests that are refused. */
  blocked: readonly Protocol.Fetch.RequestPattern[];
}

/** The page of WhatsApp Web that one browser shows. */
export interface WebPage {
  /** Whether its document has come, from wherever. */
  readonly hasCome: boolean;
  /** How long the request for it has been under way, milliseconds; null when none is. */
  waitsMs(): number | null;
  /** It became ready, and says which version it is. */
  worked(version: string | null): void;
}

/**
 * Loads the kept page of a version in the place of what WhatsApp serves when the fleet wants that, and remembers what was
 * loaded. Only that document and what is blocked are stopped on their way, so that everything else, caches included, is
 * as without it.
 */
export async function watchWebPage(
  { page, session, sessionId, pages, blocked }: WatchedPage,
  hooks: WebPageHooks,
): Promise<WebPage> {
  const mainFrameId = (await session.send('Page.getFrameTree')).frameTree.frame.id;
  let kept = false;
  let html: string | null = null;
  let hasCome = false;
  let askedAt: number | null = null;

  /** What cannot be chosen is loaded as WhatsApp serves it: a request without an answer would keep the page waiting. */
  const chosen = () => {
    try {
      return pages.pageFor(sessionId);
    } catch (error) {
      hooks.ignored('choosing the page', error);
      return null;
    }
  };

  session.on('Fetch.requestPaused', ({ requestId, frameId, resourceType, request }) => {
    const answer = async (): Promise<unknown> => {
      if (resourceType !== 'Document' || !request.url.startsWith(WHATSAPP_WEB))
        return session.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
      const own = frameId === mainFrameId ? chosen() : null;
      if (frameId === mainFrameId) kept = own !== null;
      if (own === null) return session.send('Fetch.continueRequest', { requestId });
      await session.send('Fetch.fulfillRequest', {
        requestId,
        responseCode: 200,
        responseHeaders: [{ name: 'Content-Type', value: 'text/html; charset=utf-8' }],
        body: Buffer.from(own.html).toString('base64'),
      });
      return pages.loaded(sessionId, { version: own.version, kept: true });
    };
    // A page that was closed meanwhile takes no answer.
    answer().catch((error: unknown) => hooks.ignored('serving the page', error));
  });
  const isDocument = (request: HTTPRequest) => request.isNavigationRequest() && request.frame() === page.mainFrame();
  page.on('request', (request) => {
    if (isDocument(request)) askedAt = performance.now();
  });
  page.on('requestfailed', (request) => {
    if (isDocument(request)) askedAt = null;
  });
  page.on('response', (response) => {
    if (!isDocument(response.request())) return;
    hasCome = true;
    if (!response.ok() || kept) return;
    response
      .text()
      .then((text) => {
        html = text;
        pages.loaded(sessionId, { version: versionOf(text), kept: false });
      })
      .catch((error: unknown) => hooks.ignored('reading the page', error));
  });
  const document: Protocol.Fetch.RequestPattern = { urlPattern: `${WHATSAPP_WEB}*`, resourceType: 'Document' };
  await session.send('Fetch.enable', { patterns: [document, ...blocked] });

  return {
    get hasCome() {
      return hasCome;
    },
    waitsMs: () => (askedAt === null || hasCome ? null : performance.now() - askedAt),
    worked: (version) => pages.worked(sessionId, { version, kept }, kept ? null : html),
  };
}

/**
 * The version that a page of WhatsApp Web is of, as its HTML says before any of it runs; null when it does not say. The
 * same number stands in `sw.js`, where other programs read it.
 */
export function versionOf(html: string): string | null {
  const revision = /\\?"client_revision\\?":\s*(\d+)/.exec(html)?.[1];
  return revision === undefined ? null : VERSION_PREFIX + revision;
}
