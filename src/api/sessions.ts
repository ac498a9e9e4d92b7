import type { Request } from 'express';
import type { z } from 'zod';
import { maySee } from '../domain/key-policy.js';
import { totalMs, upShare } from '../domain/uptime.js';
import type { Fleet } from '../fleet/facade.js';
import type { webhookSchema } from '../webhook-schema.js';
import { concerns } from './audit.js';
import { keyOf } from './auth.js';
import { pageQuery, sessionParams, wholeListQuery } from './inputs.js';
import { pageOfRead, pageOfWhole, pageSchema } from './page.js';
import { defineRoute, jsonResponse, type Route } from './route.js';
import {
  changeSessionBody,
  createSessionBody,
  eventSchema,
  memorySchema,
  sessionViewSchema,
  statsSchema,
  uptimeQuery,
  uptimeSchema,
} from './session-schemas.js';

/** What an admin sets may be a private address; an operator must not reach what stands behind this machine's wall. */
function withTrust<S extends { webhook?: z.infer<typeof webhookSchema> | null }>(settings: S, req: Request) {
  const { webhook, ...rest } = settings;
  if (webhook === undefined) return rest;
  return { ...rest, webhook: webhook && { ...webhook, trusted: keyOf(req).role === 'admin' } };
}

const isoTime = (ms: number) => new Date(ms).toISOString();

const theSession = jsonResponse('The session', sessionViewSchema);

/** Creating, showing, changing and removing sessions. */
export function sessionRoutes(fleet: Fleet): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/sessions',
      operationId: 'listSessions',
      tag: 'Sessions',
      summary: 'All sessions',
      access: 'viewer',
      forLimitedKeys: true,
      query: wholeListQuery,
      responses: { 200: jsonResponse('The sessions', pageSchema(sessionViewSchema)) },
      handle({ query, req }) {
        const visible = fleet.list().filter(({ id }) => maySee(keyOf(req), id));
        return { status: 200, json: pageOfWhole(visible, query, ({ id }) => id) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/sessions',
      operationId: 'createSession',
      tag: 'Sessions',
      summary: 'Create a session and, unless told otherwise, connect it',
      access: 'operator',
      body: createSessionBody,
      examples: {
        plain: { id: 'shop', label: 'My shop' },
        'with a webhook, connected later': {
          id: 'shop',
          webhook: { url: 'https://shop.test/whatsapp', hmacKey: 'a long random text', events: ['message'] },
          start: false,
        },
      },
      refusals: ['session_exists', 'fleet_full'],
      responses: { 201: jsonResponse('The new session', sessionViewSchema, { Location: 'Address of the session' }) },
      async handle({ body: { start, ...settings }, req, res }) {
        concerns(res, { sessionId: settings.id });
        const session = await fleet.create(withTrust(settings, req), start);
        return { status: 201, json: session, headers: { Location: `/api/sessions/${session.id}` } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id',
      operationId: 'getSession',
      tag: 'Sessions',
      summary: 'One session',
      access: 'viewer',
      params: sessionParams,
      responses: { 200: theSession },
      handle: ({ params }) => ({ status: 200, json: fleet.get(params.id) }),
    }),
    defineRoute({
      method: 'patch',
      path: '/api/sessions/:id',
      operationId: 'changeSession',
      tag: 'Sessions',
      summary: 'Change label, webhook or proxy; what is left out stays, null removes',
      access: 'operator',
      params: sessionParams,
      body: changeSessionBody,
      examples: { 'another label, no webhook any more': { label: 'Corner shop', webhook: null } },
      responses: { 200: theSession },
      handle: ({ params, body, req }) => ({ status: 200, json: fleet.change(params.id, withTrust(body, req)) }),
    }),
    defineRoute({
      method: 'delete',
      path: '/api/sessions/:id',
      operationId: 'removeSession',
      tag: 'Sessions',
      summary: 'Stop the session, forget it and discard its credentials',
      access: 'operator',
      params: sessionParams,
      refusals: ['discard_failed'],
      responses: { 204: { description: 'The session is gone' } },
      async handle({ params }) {
        await fleet.remove(params.id);
        return { status: 204 };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/events',
      operationId: 'listEvents',
      tag: 'Sessions',
      summary: 'Timeline of the session, oldest first',
      access: 'viewer',
      params: sessionParams,
      query: pageQuery,
      responses: { 200: jsonResponse('Entries of the timeline', pageSchema(eventSchema)) },
      handle({ params, query: { after, limit } }) {
        const read = fleet.events(params.id, { after, limit: limit + 1 });
        const page = pageOfRead(read, limit, ({ seq }) => String(seq));
        const items = page.items.map((entry) => ({ ...entry, at: isoTime(entry.at) }));
        return { status: 200, json: { ...page, items } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/uptime',
      operationId: 'getUptime',
      tag: 'Sessions',
      summary: 'How long it was connected and how fast it came back, during the last hours',
      access: 'viewer',
      params: sessionParams,
      query: uptimeQuery,
      responses: { 200: jsonResponse('As far back as its timeline goes', uptimeSchema) },
      handle({ params, query: { hours } }) {
        const { fromMs, toMs, segments, timeToRecoverMs } = fleet.uptime(params.id, hours);
        const span = (part: { fromMs: number; toMs: number }) => ({
          from: isoTime(part.fromMs),
          to: isoTime(part.toMs),
        });
        const json = {
          ...span({ fromMs, toMs }),
          upShare: upShare(segments),
          upMs: totalMs(segments, 'up'),
          downMs: totalMs(segments, 'down'),
          offMs: totalMs(segments, 'off'),
          unknownMs: totalMs(segments, 'unknown'),
          timesDown: segments.filter(({ kind }) => kind === 'down').length,
          timeToRecoverMs,
          segments: segments.map((segment) => ({ kind: segment.kind, ...span(segment) })),
        };
        return { status: 200, json };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/sessions/:id/memory',
      operationId: 'listMemory',
      tag: 'Sessions',
      summary: 'Memory of its browser during the last day, oldest first',
      access: 'viewer',
      params: sessionParams,
      responses: { 200: jsonResponse('One value a minute, since the service started at most', memorySchema) },
      handle({ params }) {
        const items = fleet.memory(params.id).map(({ at, bytes }) => ({ at: isoTime(at), bytes }));
        return { status: 200, json: { items } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/api/stats',
      operationId: 'getStats',
      tag: 'Service',
      summary: 'Figures of the whole fleet',
      access: 'viewer',
      responses: { 200: jsonResponse('The figures', statsSchema) },
      handle: () => ({ status: 200, json: fleet.stats() }),
    }),
  ];
}
