/*
 * Functions that run in the page and travel there as text: each must stand alone.
 */

/**
 * Marks this document and reports its socket state and logouts, before and independent of whatsapp-web.js: that library
 * reports states only after the first sync (Client.js 813), so that a block or a logout before it would go unseen.
 * A second call in the same document only reads. Gives whether whatsapp-web.js is injected already.
 */
export function watchPage(): boolean {
  if (window.wakeful?.watched === true) return window.wakeful.injected;
  const { Socket } = window.require('WAWebSocketModel');
  const { Cmd } = window.require('WAWebCmd');
  window.wakeful ??= { watched: false, injected: false, listening: false, ready: false };
  window.wakeful.watched = true;

  const tell = (kind: 'state' | 'logout', state: string): void => {
    window.wakefulReport?.({ kind, state })?.catch(() => undefined);
  };
  const seen = (state: string): void => {
    tell('state', state);
    // The library's own refresh runs `window` in Node (Client.js 290) and throws there.
    if (state !== 'UNPAIRED_IDLE' || window.codeInterval !== undefined) return;
    if (typeof Cmd.refreshQR === 'function') Cmd.refreshQR();
    else window.require('WAWebLaunchSocketUtils').refreshQR?.();
  };
  Socket.on('change:state', (_socket, state) => seen(state));
  Cmd.on('logout', () => tell('logout', ''));
  Cmd.on('logout_from_bridge', () => tell('logout', ''));
  if (Socket.state !== 'OPENING' && Socket.state !== 'UNLAUNCHED') seen(Socket.state);
  return false;
}

/** After the injection: marks it and reads what the library only listens for (Client.js 408), so that no sync is missed. */
export function markInjected(): boolean {
  if (window.wakeful !== undefined) window.wakeful.injected = true;
  return window.require('WAWebSocketModel').Socket.hasSynced === true;
}

/** Lets the injection run again in this document. */
export function forgetInjection(): void {
  if (window.wakeful !== undefined) window.wakeful.injected = false;
}

/**
 * True when this document was ready before. Otherwise makes the library begin its second half anew unless it was
 * finished: it takes a mere `window.WWebJS` for attached listeners and would report a false ready (Client.js 307).
 */
export function wasReady(): boolean {
  if (window.wakeful?.listening !== true) delete window.WWebJS;
  return window.wakeful?.ready === true;
}

/** Marks the document as ready; gives who is linked, and the version of WhatsApp Web. Null in one that is not listened to. */
export function markReady(): { phoneNumber: string | null; webVersion: string | null } | null {
  if (window.wakeful?.listening !== true) return null;
  window.wakeful.ready = true;
  const me = window.require('WAWebUserPrefsMeUser').getMaybeMePnUser?.();
  return { phoneNumber: me?.user ?? null, webVersion: window.Debug?.VERSION ?? null };
}

/** One look for the probe. */
export function lookAtPage(): { socketState: string | null; injected: boolean } {
  const marker = window.wakeful;
  const whole = marker?.injected === true && (!marker.ready || (marker.listening && window.WWebJS !== undefined));
  try {
    return { socketState: window.require('WAWebSocketModel').Socket.state, injected: whole };
  } catch {
    return { socketState: null, injected: false };
  }
}
