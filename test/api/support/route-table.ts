import type { Access } from '../../../src/api/route.js';

/**
 * What a key that is limited to some sessions gets. `own`: the route of another session is 404, as if that did not
 * exist; `refused`: 403, since it concerns every session; `filtered`: only what concerns its own; `all`: nothing in it
 * concerns a session.
 */
type ForLimited = 'own' | 'refused' | 'filtered' | 'all';

interface RouteAccess {
  access: Access;
  limited: ForLimited;
  /** A body that is taken. */
  body?: unknown;
}

const own = (access: Access, body?: unknown): RouteAccess => ({ access, limited: 'own', body });

/** Every route with who may call it, written by hand: it is what the routes themselves are held against. */
export const ROUTE_TABLE: Readonly<Record<string, RouteAccess>> = {
  'GET /health': { access: 'public', limited: 'all' },
  'GET /ready': { access: 'public', limited: 'all' },
  'GET /openapi.json': { access: 'viewer', limited: 'all' },

  'GET /api/me': { access: 'viewer', limited: 'all' },
  'GET /api/sessions': { access: 'viewer', limited: 'filtered' },
  'POST /api/sessions': { access: 'operator', limited: 'refused', body: { id: 'new' } },
  'GET /api/sessions/{id}': own('viewer'),
  'PATCH /api/sessions/{id}': own('operator', { label: 'x' }),
  'DELETE /api/sessions/{id}': own('operator'),
  'GET /api/sessions/{id}/events': own('viewer'),
  'GET /api/sessions/{id}/uptime': own('viewer'),
  'GET /api/sessions/{id}/memory': own('viewer'),
  'POST /api/sessions/{id}/connect': own('operator', {}),
  'POST /api/sessions/{id}/disconnect': own('operator', {}),
  'POST /api/sessions/{id}/force-reconnect': own('operator', {}),
  'POST /api/whatsapp-web/force-reconnect/{sessionId}': own('operator', {}),
  'POST /api/sessions/{id}/logout': own('operator', {}),
  'POST /api/sessions/{id}/pairing-code': own('operator', { phoneNumber: '491511234567' }),
  'GET /api/sessions/{id}/qr': own('operator'),
  'GET /api/sessions/{id}/screenshot': own('operator'),
  'GET /api/sessions/{id}/chats': own('viewer'),
  'GET /api/sessions/{id}/contacts/{number}': own('viewer'),
  'GET /api/sessions/{id}/messages': own('viewer'),
  'POST /api/sessions/{id}/messages': own('operator', { to: '491511234567', text: 'Hello' }),
  'GET /api/sessions/{id}/messages/{messageId}': own('viewer'),
  'DELETE /api/sessions/{id}/messages/{messageId}': own('operator'),
  'GET /api/sessions/{id}/inbox': own('viewer'),
  'GET /media/{mediaId}': { access: 'public', limited: 'all' },

  'GET /metrics': { access: 'viewer', limited: 'refused' },
  'GET /api/stats': { access: 'viewer', limited: 'refused' },
  'GET /api/incidents': { access: 'viewer', limited: 'filtered' },

  'GET /api/webhooks': { access: 'viewer', limited: 'filtered' },
  'POST /api/webhooks/{endpoint}/pause': { access: 'operator', limited: 'filtered', body: {} },
  'POST /api/webhooks/{endpoint}/resume': { access: 'operator', limited: 'filtered', body: {} },
  'GET /api/webhooks/deliveries': { access: 'viewer', limited: 'filtered' },
  'POST /api/webhooks/deliveries/{id}/redeliver': { access: 'operator', limited: 'filtered', body: {} },
  'POST /api/webhooks/test': { access: 'operator', limited: 'filtered', body: { sessionId: 'sales' } },

  'GET /api/keys': { access: 'admin', limited: 'refused' },
  'POST /api/keys': { access: 'admin', limited: 'refused', body: { name: 'x', role: 'viewer' } },
  'DELETE /api/keys/{id}': { access: 'admin', limited: 'refused' },
  'GET /api/audit': { access: 'admin', limited: 'refused' },
};
