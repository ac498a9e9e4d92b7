import { ClientError } from '../../domain/ports.js';

export interface Proxy {
  /** For `--proxy-server`, without credentials: every user of the machine may read a command line. */
  server: string;
  /** For the page's answer to the proxy's question; null when the address held none. */
  authentication: { username: string; password: string } | null;
}

const SCHEMES = new Set(['http:', 'https:', 'socks4:', 'socks5:']);

/**
 * Splits `scheme://user:password@host:port`; without a scheme it is an HTTP proxy. Throws ClientError `launch_failed`
 * for what Chromium could not use; the message never holds the address, which may hold a password.
 */
export function parseProxy(address: string): Proxy {
  const url = parseUrl(address.includes('://') ? address : `http://${address}`);
  if (url === null || url.hostname === '' || !SCHEMES.has(url.protocol)) {
    throw refused('is not of the form http://user:password@host:port (or https, socks4, socks5)');
  }
  const isSocks = url.protocol.startsWith('socks');
  const hasCredentials = url.username !== '' || url.password !== '';
  if (isSocks && hasCredentials) {
    throw refused('is a SOCKS proxy with a password, which Chromium does not support; use an HTTP proxy');
  }
  return {
    server: `${url.protocol}//${url.host}`,
    authentication: hasCredentials ? { username: decode(url.username), password: decode(url.password) } : null,
  };
}

function refused(why: string): ClientError {
  return new ClientError('launch_failed', `The proxy of this session ${why}.`);
}

function parseUrl(address: string): URL | null {
  try {
    return new URL(address);
  } catch {
    return null;
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A password with a bare percent sign was meant as it stands.
    return text;
  }
}
