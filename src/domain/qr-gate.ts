/** The QR code on show. `next` is a newer one that came within the debounce time and is shown when that has passed. */
export interface QrGate {
  readonly text: string;
  readonly shownAt: number;
  readonly next: string | null;
}

/** A QR code came from the page: shown at once, or held back so that at most one new code appears per `debounceMs`. */
export function admitQr(gate: QrGate | null, text: string, now: number, debounceMs: number): QrGate {
  if (gate === null) return { text, shownAt: now, next: null };
  if (text === gate.text) return { ...gate, next: null };
  return now - gate.shownAt >= debounceMs ? { text, shownAt: now, next: null } : { ...gate, next: text };
}

/** Shows the code that was held back, if its time has come. */
export function releaseQr(gate: QrGate, now: number, debounceMs: number): QrGate {
  return gate.next !== null && now - gate.shownAt >= debounceMs ? { text: gate.next, shownAt: now, next: null } : gate;
}
