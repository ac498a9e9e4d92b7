/**
 * Whether sessions behind one way out (the server's own, or one proxy) may try to reach WhatsApp. Closed by what a
 * browser saw, never by a look of our own: only the browser knows its proxy and its resolver. While it is closed one
 * session, the canary, tries gently and the others wait.
 */
export type Gate =
  | { readonly state: 'open' }
  | { readonly state: 'closed'; readonly since: number; readonly canary: string | null };

export const OPEN_GATE: Gate = { state: 'open' };

/** What a session showed of the network: it came through, it could not reach WhatsApp, or it no longer tries. */
export type Evidence = 'reached' | 'unreachable' | 'not_trying';

/**
 * The gate after what a session showed. `othersConnected`: another session on the same way out is connected right now,
 * so that the trouble is not the network's.
 */
export function gateAfter(
  gate: Gate,
  evidence: Evidence,
  sessionId: string,
  context: { now: number; othersConnected: boolean },
): Gate {
  switch (evidence) {
    case 'reached':
      return OPEN_GATE;
    case 'unreachable':
      if (gate.state === 'closed') return gate;
      return context.othersConnected ? gate : { state: 'closed', since: context.now, canary: sessionId };
    case 'not_trying':
      return gate.state === 'closed' && gate.canary === sessionId ? { ...gate, canary: null } : gate;
    default:
      return evidence satisfies never;
  }
}

/** A session wants to try: the first that asks while there is no canary becomes it. */
export function askGate(gate: Gate, sessionId: string): { gate: Gate; mayTry: boolean } {
  if (gate.state === 'open') return { gate, mayTry: true };
  if (gate.canary === null) return { gate: { ...gate, canary: sessionId }, mayTry: true };
  return { gate, mayTry: gate.canary === sessionId };
}
