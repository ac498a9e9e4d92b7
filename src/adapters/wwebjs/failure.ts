import { ClientError } from '../../domain/ports.js';
import type { Reason } from '../../domain/reason.js';

/** The words of anything that was thrown; whatsapp-web.js throws strings (Client.js 135, 342). */
export function wordsOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const hasMessage = typeof error === 'object' && error !== null && 'message' in error;
  return hasMessage ? String(error.message) : 'unknown error';
}

/** The document went away under the call: wait for the next one, and repeat only what is idempotent. */
export function isNavigation(error: unknown): boolean {
  return /Execution context was destroyed|Cannot find context with specified id|Inspected target navigated|Execution context is not available in detached frame/i.test(
    wordsOf(error),
  );
}

/** The browser or the tab behind the handle is gone for good. */
export function isDeadHandle(error: unknown): boolean {
  return /Session closed|Connection closed|Target closed|detached Frame|Navigating frame was detached|Page crashed/i.test(
    wordsOf(error),
  );
}

/** A script of the page threw: the page is there, and answered. */
export function isPageError(error: unknown): boolean {
  const name = typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
  const isOfTheLine = /^(ProtocolError|TargetCloseError|TimeoutError|ConnectionClosedError)$/.test(name);
  return !isOfTheLine && !isNavigation(error) && !isDeadHandle(error) && !/timed out/i.test(wordsOf(error));
}

/** net::ERR_… that say that this server cannot reach WhatsApp. ERR_ABORTED and the like say nothing of the network. */
function isNetworkDown(words: string): boolean {
  return /net::ERR_(INTERNET_DISCONNECTED|NAME_|ADDRESS_|CONNECTION_|NETWORK_|PROXY_|TUNNEL_|SOCKS_|TIMED_OUT|DNS_|SSL_|CERT_|EMPTY_RESPONSE|HTTP2_|QUIC_|NO_SUPPORTED_PROXIES)/.test(
    words,
  );
}

/** Turns anything thrown into a ClientError; `otherwise` is the reason when the words say nothing. */
export function clientError(error: unknown, otherwise: Reason, doing: string): ClientError {
  if (error instanceof ClientError) return error;
  const words = wordsOf(error);
  const detail = `${doing}: ${words}`;
  if (isNetworkDown(words)) return new ClientError('network_down', detail, { cause: error });
  if (words === 'auth timeout' || /net::ERR_|Navigation timeout/.test(words)) {
    return new ClientError('init_timeout', detail, { cause: error });
  }
  if (words === 'ready timeout') return new ClientError('ready_timeout', detail, { cause: error });
  if (isDeadHandle(error)) return new ClientError('browser_crashed', detail, { cause: error });
  if (/timed out/i.test(words)) return new ClientError('page_hung', detail, { cause: error });
  return new ClientError(otherwise, detail, { cause: error });
}

/** Chromium's exit code when another process or host holds the profile. */
const PROFILE_IN_USE = 21;

/** Why a browser that we started ended before it was of use. */
export function exitError(code: number | null, signal: string | null, output: string): ClientError {
  const how = code === null ? `signal ${signal ?? 'unknown'}` : `code ${code}`;
  const detail = `The browser ended with ${how}. ${output}`.trim();
  if (code === PROFILE_IN_USE || /profile appears to be in use|Failed to create a ProcessSingleton/.test(output)) {
    return new ClientError('profile_in_use', detail);
  }
  return new ClientError('launch_failed', detail);
}
