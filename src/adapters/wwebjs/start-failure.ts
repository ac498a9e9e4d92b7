import { ClientError } from '../../domain/ports.js';
import { type BrowserProcess, explainFailure } from './browser-process.js';
import type { Calls } from './calls.js';
import { abortError } from './deadline.js';
import { clientError } from './failure.js';
import type { WebPage } from './web-page.js';

interface FailedStart {
  /** What ends the start; aborted when that is why it failed. */
  signal: AbortSignal;
  process: BrowserProcess | null;
  /** Null while there is none. */
  page: { webPage: Pick<WebPage, 'hasAnswer'>; calls: Pick<Calls, 'reachesWhatsApp'> } | null;
  /** Aborts when the browser is to end, whatever we still want to know. */
  closing: AbortSignal;
}

export const STARTING = 'Starting WhatsApp Web';

/**
 * Why a start failed. One that took too long may have waited for a network that swallows everything, of which no error
 * tells: the page is asked, since an outage says nothing about the session.
 */
export async function startFailure(
  error: unknown,
  { signal, process, page, closing }: FailedStart,
): Promise<ClientError> {
  const failure = signal.aborted
    ? abortError(signal, STARTING, 'init_timeout')
    : await explainFailure(process, clientError(error, 'init_timeout', STARTING));
  if (failure.reason !== 'init_timeout' || page === null) return failure;
  // Before its document came there is no page to ask (Chromium holds what it is told until then). One that cannot be asked
  // later says nothing of the network.
  const isReachable = page.webPage.hasAnswer && (await page.calls.reachesWhatsApp(closing).catch(() => true));
  if (isReachable) return failure;
  return new ClientError('network_down', `${failure.message} Nothing was heard from WhatsApp.`, { cause: failure });
}
