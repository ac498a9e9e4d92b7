import { z } from 'zod';
import type { Fleet } from '../fleet/facade.js';
import { phoneNumberSchema, sessionIdSchema, sessionParams } from './inputs.js';
import { defineRoute, jsonResponse, type Route } from './route.js';
import { disconnectBody, sessionViewSchema } from './session-schemas.js';

const emptyBody = z.strictObject({});
const theSession = jsonResponse('The session', sessionViewSchema);

/** Starting, stopping and linking sessions. */
export function connectionRoutes(fleet: Fleet): Route[] {
  const forceReconnect = (path: string, operationId: string, parameter: 'id' | 'sessionId') =>
    defineRoute({
      method: 'post',
      path,
      operationId,
      tag: 'Sessions',
      summary: 'Reset counters and circuit breaker and start afresh',
      access: 'operator',
      params: z.object({ [parameter]: sessionIdSchema }),
      body: emptyBody,
      responses: { 202: theSession },
      handle: ({ params }) => ({ status: 202, json: fleet.forceReconnect(sessionIdSchema.parse(params[parameter])) }),
    });

  return [
    defineRoute({
      method: 'post',
      path: '/api/sessions/:id/connect',
      operationId: 'connectSession',
      tag: 'Sessions',
      summary: 'Want the session running; does nothing when it is',
      access: 'operator',
      params: sessionParams,
      body: emptyBody,
      responses: { 202: theSession },
      handle: ({ params }) => ({ status: 202, json: fleet.connect(params.id) }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/sessions/:id/disconnect',
      operationId: 'disconnectSession',
      tag: 'Sessions',
      summary: 'Stop the session; its credentials stay unless `force` is set',
      access: 'operator',
      params: sessionParams,
      body: disconnectBody,
      examples: { 'discard the login, too': { force: true } },
      refusals: ['discard_failed'],
      responses: { 200: theSession },
      handle: async ({ params, body }) => ({ status: 200, json: await fleet.disconnect(params.id, body) }),
    }),
    forceReconnect('/api/sessions/:id/force-reconnect', 'forceReconnectSession', 'id'),
    forceReconnect('/api/whatsapp-web/force-reconnect/:sessionId', 'forceReconnectSessionAtOldPath', 'sessionId'),
    defineRoute({
      method: 'post',
      path: '/api/sessions/:id/logout',
      operationId: 'logoutSession',
      tag: 'Sessions',
      summary: 'Unlink the device at WhatsApp',
      access: 'operator',
      params: sessionParams,
      body: emptyBody,
      refusals: ['not_connected'],
      responses: { 200: theSession },
      handle: async ({ params }) => ({ status: 200, json: await fleet.logout(params.id) }),
    }),
    defineRoute({
      method: 'post',
      path: '/api/sessions/:id/pairing-code',
      operationId: 'requestPairingCode',
      tag: 'Linking',
      summary: 'A code to type into the phone instead of scanning the QR code',
      access: 'operator',
      params: sessionParams,
      body: z.strictObject({ phoneNumber: phoneNumberSchema }),
      examples: { 'of the phone that is to be linked': { phoneNumber: '+49 151 12345678' } },
      refusals: ['not_waiting_for_scan', 'client_failed'],
      responses: { 200: jsonResponse('The code', z.object({ code: z.string() })) },
      handle: async ({ params, body }) => ({
        status: 200,
        json: { code: await fleet.pairingCode(params.id, body.phoneNumber) },
      }),
    }),
  ];
}
