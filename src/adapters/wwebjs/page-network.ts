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

/**
 * The same for WhatsApp's own line: asks its server the least there is to ask, whether our own number exists. Silence
 * means that nobody answered in time. A question that the page refuses, or takes back, says nothing.
 */
export async function askWhatsApp(timeoutMs: number): Promise<'answered' | 'silent' | 'unknown'> {
  try {
    const me = window.require('WAWebUserPrefsMeUser').getMaybeMePnUser?.();
    if (me === undefined || me === null) return 'unknown';
    const asked = window.require('WAWebQueryExistsJob').queryWidExists(me);
    const silence = new Promise<'silent'>((resolve) => setTimeout(resolve, timeoutMs, 'silent'));
    return await Promise.race([asked.then(() => 'answered' as const), silence]);
  } catch {
    return 'unknown';
  }
}
