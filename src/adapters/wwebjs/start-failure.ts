import type { CDPSession } from 'puppeteer';
import { ClientError } from '../../domain/ports.js';
import { type BrowserProcess, explainFailure } from './browser-process.js';
import type { Calls } from './calls.js';
import { abortError } from './deadline.js';
import { clientError } from './failure.js';
import type { OpenPage } from './open-page.js';

interface FailedStart {
  /** What calls the start off, at any time. */
  signal: AbortSignal;
  process: BrowserProcess | null;
  /** Null while there is none. */
  page: (Pick<OpenPage, 'webPage' | 'browserSession'> & { calls: Pick<Calls, 'reachesWhatsApp'> }) | null;
  /** How long a start may take, milliseconds. */
  launchMs: number;
}

export const STARTING = 'Starting WhatsApp Web';

/** Whoever hears nothing for so long (or a third of `launchMs`, when that is less) is taken to be cut off. */
const SILENCE_MS = 8000;
const ALIVE_MS = 1500;

/**
 * Why a start failed. One that took too long may have waited for a network that swallows everything, of which no error
 * tells. Such an outage says nothing about the session; but it is believed only where it shows, since what costs no
 * attempt is tried for ever.
 */
export async function startFailure(
  error: unknown,
  { signal, process, page, launchMs }: FailedStart,
): Promise<ClientError> {
  const failure = signal.aborted
    ? abortError(signal, STARTING, 'init_timeout')
    : await explainFailure(process, clientError(error, 'init_timeout', STARTING));
  if (failure.reason !== 'init_timeout' || page === null || signal.aborted) return failure;
  const isCutOff = page.webPage.hasCome
    ? !(await page.calls.reachesWhatsApp(signal).catch(() => true))
    : (page.webPage.waitsMs() ?? 0) >= Math.min(SILENCE_MS, launchMs / 3) && (await isAlive(page.browserSession));
  if (!isCutOff) return failure;
  return new ClientError('network_down', `${failure.message} WhatsApp cannot be reached.`, { cause: failure });
}

/** A browser that stands still hears nothing either. Before the document has come Chromium lets no page be asked. */
function isAlive(browser: CDPSession): Promise<boolean> {
  return browser.send('Browser.getVersion', undefined, { timeout: ALIVE_MS }).then(
    () => true,
    () => false,
  );
}
