/**
 * Runs in the page and travels there as text. True when any answer comes from WhatsApp's server within the time: of
 * what status does not matter, and no cache may give it.
 */
export async function pageReachesWhatsApp(timeoutMs: number): Promise<boolean> {
  try {
    const address = `/favicon.ico?reach=${Date.now()}`;
    await fetch(address, { method: 'HEAD', cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) });
    return true;
  } catch {
    return false;
  }
}
