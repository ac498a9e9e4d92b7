import { createHash } from 'node:crypto';
import type { BusEvent } from '../domain/bus-event.js';
import { askGate, type Evidence, type Gate, gateAfter, OPEN_GATE } from '../domain/connectivity-gate.js';
import { type IncidentDesk, standingOf } from '../domain/incident.js';
import type { Clock, ConnectivityGate, Logger } from '../domain/ports.js';
import type { SessionState } from '../domain/session-state.js';
import type { SessionActor } from '../session/actor.js';

interface ConnectivityOptions {
  clock: Clock;
  logger: Logger;
  incidents: IncidentDesk;
  actors: () => ReadonlyMap<string, SessionActor>;
}

/** What a change of state says of the network, null when nothing. */
function evidenceOf(before: SessionState, after: SessionState): Evidence | null {
  const changed = before.status !== after.status || before.reason !== after.reason;
  if (!changed) return null;
  if (after.status === 'connected' || after.status === 'qr_pending') return 'reached';
  if (after.reason === 'network_down') return 'unreachable';
  return after.status === 'reconnecting' || after.status === 'connecting' ? null : 'not_trying';
}

/** The gates of all ways out: sessions behind the same proxy share one, those without a proxy another. */
export class Connectivity implements ConnectivityGate {
  readonly #options: ConnectivityOptions;
  readonly #gates = new Map<string, Gate>();

  constructor(options: ConnectivityOptions) {
    this.#options = options;
  }

  mayTry(sessionId: string, wants: boolean): boolean {
    const wayOut = this.#wayOut(sessionId);
    const gate = this.#gate(wayOut);
    // Only who would try right now may become the canary; the others merely look.
    if (!wants) return gate.state === 'open' || gate.canary === sessionId;
    const asked = askGate(gate, sessionId);
    this.#gates.set(wayOut, asked.gate);
    return asked.mayTry;
  }

  /** Listener for the event bus. */
  readonly observe = (event: BusEvent): void => {
    if (event.type !== 'state') return;
    const wayOut = this.#wayOut(event.sessionId);
    const evidence = evidenceOf(event.before, event.after);
    if (evidence !== null) this.#weigh(evidence, event.sessionId, wayOut);
    if (this.#gate(wayOut).state === 'closed') this.#report(wayOut);
  };

  #weigh(evidence: Evidence, sessionId: string, wayOut: string): void {
    const now = this.#options.clock.now();
    const before = this.#gate(wayOut);
    const othersConnected = this.#behind(wayOut).some(
      ({ id, state }) => id !== sessionId && state.status === 'connected',
    );
    const after = gateAfter(before, evidence, sessionId, { now, othersConnected });
    this.#gates.set(wayOut, after);
    if (before.state === 'open' && after.state === 'closed') this.#closed(wayOut);
    if (before.state === 'closed' && after.state === 'open') this.#opened(wayOut, now - before.since);
  }

  /** Everybody who would come back but for the network is part of the incident. */
  #report(wayOut: string): void {
    const heldUp = this.#behind(wayOut).filter(({ state }) => standingOf(state) === 'out');
    if (heldUp.length === 0) return;
    this.#options.incidents.open('network_down', {
      key: keyOf(wayOut),
      reason: 'network_down',
      message: `WhatsApp cannot be reached ${nameOf(wayOut)}.`,
      sessionIds: heldUp.map(({ id }) => id),
    });
  }

  #closed(wayOut: string): void {
    const count = this.#behind(wayOut).length;
    const words = `WhatsApp cannot be reached ${nameOf(wayOut)}: one session looks, the others wait, no attempt is spent`;
    this.#options.logger.warn('fleet.network_down', words, { sessions: count });
  }

  #opened(wayOut: string, downMs: number): void {
    const words = `WhatsApp can be reached again ${nameOf(wayOut)} after ${Math.round(downMs / 1000)} s`;
    this.#options.logger.info('fleet.network_up', words, { downMs });
    this.#options.incidents.close('network_down', keyOf(wayOut), 'It can be reached again.');
    for (const actor of this.#behind(wayOut)) actor.dispatch({ type: 'gate-opened' });
  }

  #behind(wayOut: string): SessionActor[] {
    return [...this.#options.actors().values()].filter((actor) => this.#wayOut(actor.id) === wayOut);
  }

  #wayOut(sessionId: string): string {
    return this.#options.actors().get(sessionId)?.record.proxy ?? '';
  }

  #gate(wayOut: string): Gate {
    return this.#gates.get(wayOut) ?? OPEN_GATE;
  }
}

// A proxy's address may hold a password, so that it is neither named nor kept.
const nameOf = (wayOut: string) => (wayOut === '' ? 'from this server' : 'through one of the proxies');
const keyOf = (wayOut: string) =>
  wayOut === '' ? 'direct' : `proxy-${createHash('sha256').update(wayOut).digest('hex').slice(0, 16)}`;
