import type { Client } from 'whatsapp-web.js';
import type { Reason } from '../../domain/reason.js';
import { type ClientEvent, SOCKET_STATES, type SocketState } from '../../domain/session-event.js';

/** States that WhatsApp Web does not leave by itself, and what they mean. */
const TERMINAL: Partial<Record<SocketState, Reason>> = {
  TOS_BLOCK: 'banned',
  SMB_TOS_BLOCK: 'banned',
  DEPRECATED_VERSION: 'outdated',
  PROXYBLOCK: 'proxy_blocked',
};

/**
 * What a socket state of the page means for the session. whatsapp-web.js says nothing of a terminal state before the
 * first sync, and takes it for a mere disconnect afterwards (Client.js 845). A state that we do not know is none.
 */
export function eventsOfState(state: string): ClientEvent[] {
  const socketState = SOCKET_STATES.find((known) => known === state);
  if (socketState === undefined) return [];
  const reason = TERMINAL[socketState];
  const event: ClientEvent = { type: 'socket-state', socketState };
  if (reason === undefined) return [event];
  return [event, { type: 'failed', reason, detail: `WhatsApp Web says ${socketState}.` }];
}

/** Those of the library's own events that mean to the session what they say. */
export function forwardEvents(client: Client, emit: (event: ClientEvent) => void): void {
  client.on('qr', (text) => emit({ type: 'qr', text }));
  client.on('authenticated', () => emit({ type: 'authenticated' }));
  client.on('auth_failure', () => emit({ type: 'auth-failed' }));
  client.on('loading_screen', (percent) => emit({ type: 'progress', percent: Number(percent) || 0 }));
}
