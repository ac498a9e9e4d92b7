import { randomUUID } from 'node:crypto';
import type { BusEvent } from '../../domain/bus-event.js';
import { verdictOf } from '../../domain/delivery.js';
import type { Logger } from '../../domain/ports.js';
import type { SessionState } from '../../domain/session-state.js';
import { wantsEvent } from '../../domain/webhook.js';
import type { Dispatcher } from './dispatcher.js';
import { type Endpoints, nameOfReceiver } from './endpoints.js';
import { bodyOf } from './recorder.js';

interface QrCodesDeps {
  endpoints: Endpoints;
  dispatcher: Dispatcher;
  isPaused: (endpoint: string) => boolean;
  logger: Logger;
  now: () => number;
}

const qrOf = (state: SessionState) => (state.status === 'qr_pending' ? state.qr.text : '');

/**
 * Listener for the event bus: a new QR code goes at once to who asked for it, one time. It is never stored and never
 * tried again: it is a login, and in half a minute it is worth nothing.
 */
export function createQrCodes({
  endpoints,
  dispatcher,
  isPaused,
  logger,
  now,
}: QrCodesDeps): (event: BusEvent) => void {
  return (told) => {
    if (told.type !== 'state' || told.after.status !== 'qr_pending') return;
    const { sessionId, before, after } = told;
    const qr = qrOf(after);
    if (qr === '' || qr === qrOf(before)) return;
    const event = 'session.qr';
    const payload = { qr, expiresAt: new Date(after.hideAt).toISOString() };
    const id = `evt_${randomUUID().replaceAll('-', '')}`;
    // Before it is linked, a session has no number.
    const body = bodyOf({ event, sessionId, at: now(), payload }, id, null);
    for (const endpoint of endpoints.about(sessionId).filter((one) => wantsEvent(one, event) && !isPaused(one.key))) {
      const receiver = nameOfReceiver(endpoint.url);
      void dispatcher.call(endpoint, `dlv_${randomUUID()}`, body).then((answer) => {
        if (verdictOf(answer) === 'delivered') return;
        const error = answer.kind === 'answered' ? `The receiver answered ${answer.status}` : answer.error;
        const words = `A QR code was not taken by ${receiver}; the next one is sent when it is shown: ${error}`;
        logger.warn('webhook.dead', words, { sessionId, webhookEvent: event, receiver, error });
      });
    }
  };
}
