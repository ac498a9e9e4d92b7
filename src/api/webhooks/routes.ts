import { z } from 'zod';
import { DELIVERY_STATUSES } from '../../domain/delivery.js';
import { maySee } from '../../domain/key-policy.js';
import type { Fleet } from '../../fleet/facade.js';
import { webhookSchema } from '../../webhook-schema.js';
import { concerns } from '../audit.js';
import { keyOf, requireSession } from '../auth.js';
import { pageQuery, sessionIdSchema } from '../inputs.js';
import { pageOfRead, pageSchema } from '../page.js';
import { defineRoute, jsonResponse, type Route } from '../route.js';
import type { DeliveryView, EndpointView, TestResult, Webhooks } from './facade.js';

const time = z.iso.datetime();

export const deliverySchema = z.object({
  id: z.string().describe('X-Webhook-Request-Id of every attempt'),
  eventId: z.string().describe('`id` in the body'),
  event: z.string(),
  sessionId: z.string().nullable(),
  endpoint: z.string().describe('`session:<id>`, or `global:…` for one of the configuration'),
  receiver: z.string().nullable().describe('Scheme, host and port; null when no webhook is set any more'),
  status: z.enum(DELIVERY_STATUSES),
  attempts: z.int(),
  nextAttemptAt: time.nullable().describe('Earliest time of the next attempt; null when it is over'),
  lastStatus: z.int().nullable().describe('HTTP status of the last answer, null when none came'),
  lastError: z.string().nullable(),
  createdAt: time,
  updatedAt: time,
});

export const endpointSchema = z.object({
  endpoint: z.string().describe('`session:<id>`, or `global:…` for one of the configuration'),
  sessionId: z.string().nullable().describe('null for one of the configuration'),
  receiver: z.string().describe('Scheme, host and port'),
  events: z.array(z.string()).nullable().describe('null: all but `session.qr`'),
  pausedSince: time
    .nullable()
    .describe('Since when it is told nothing until somebody resumes it; null when it is told'),
});

export const webhookTestSchema: z.ZodType<TestResult> = z.object({
  delivered: z.boolean(),
  status: z.int().nullable().describe('HTTP status of the answer, null when none came'),
  latencyMs: z.number(),
  error: z.string().nullable(),
});

const deliveriesQuery = pageQuery.extend({
  status: z.enum(DELIVERY_STATUSES).exactOptional(),
  sessionId: sessionIdSchema.exactOptional(),
});

const deliveryParams = z.object({ id: z.string().min(1).max(100).describe('Id of the delivery') });

const endpointParams = z.object({ endpoint: z.string().min(1).max(100).describe('As GET /api/webhooks names it') });

const testBody = z.union(
  [z.strictObject({ sessionId: sessionIdSchema }), webhookSchema.omit({ events: true })],
  'expected {"sessionId": "…"} to call the webhook of that session, or {"url": "…"} with token and hmacKey if needed',
);

function show({ seq: _, refusals: __, ...delivery }: DeliveryView): z.infer<typeof deliverySchema> {
  const iso = (at: number) => new Date(at).toISOString();
  return {
    ...delivery,
    nextAttemptAt: delivery.status === 'queued' ? iso(delivery.nextAttemptAt) : null,
    createdAt: iso(delivery.createdAt),
    updatedAt: iso(delivery.updatedAt),
  };
}

function showEndpoint({ events, pausedSince, ...endpoint }: EndpointView): z.infer<typeof endpointSchema> {
  return {
    ...endpoint,
    events: events === null ? null : [...events],
    pausedSince: pausedSince === null ? null : new Date(pausedSince).toISOString(),
  };
}

/** Who is told, what they were told and could not be told, and trying one out. */
export function webhookRoutes(webhooks: Webhooks, fleet: Fleet): Route[] {
  const holdUp = (what: 'pause' | 'resume', summary: string) =>
    defineRoute({
      method: 'post',
      path: `/api/webhooks/:endpoint/${what}`,
      operationId: `${what}Webhook`,
      tag: 'Webhooks',
      summary,
      access: 'operator',
      forLimitedKeys: true,
      params: endpointParams,
      body: z.strictObject({}),
      responses: { 200: jsonResponse('The webhook', endpointSchema) },
      refusals: ['no_webhook'],
      handle({ params: { endpoint }, req, res }) {
        concerns(res, { targetId: endpoint });
        const shown = webhooks[what](endpoint, keyOf(req).sessionIds);
        concerns(res, { sessionId: shown.sessionId });
        return { status: 200, json: showEndpoint(shown) };
      },
    });
  return [
    defineRoute({
      method: 'get',
      path: '/api/webhooks',
      operationId: 'listWebhooks',
      tag: 'Webhooks',
      summary: 'Who is told of what: the webhooks of the configuration, then those of sessions',
      access: 'viewer',
      forLimitedKeys: true,
      responses: { 200: jsonResponse('The webhooks', z.object({ items: z.array(endpointSchema) })) },
      handle({ req }) {
        const key = keyOf(req);
        const sessions = fleet.list().filter(({ id }) => maySee(key, id));
        const sessionIds = sessions.map(({ id }) => id);
        const items = webhooks.endpoints({ sessionIds, configured: key.sessionIds === null });
        return { status: 200, json: { items: items.map(showEndpoint) } };
      },
    }),
    holdUp('pause', 'Tell a webhook nothing for the time being; what is for it waits'),
    holdUp('resume', 'Tell a webhook again: all that waited, at once and in order'),
    defineRoute({
      method: 'get',
      path: '/api/webhooks/deliveries',
      operationId: 'listDeliveries',
      tag: 'Webhooks',
      summary: 'Deliveries to webhooks, oldest first; `status=dead` lists the dead letters',
      access: 'viewer',
      forLimitedKeys: true,
      query: deliveriesQuery,
      responses: { 200: jsonResponse('The deliveries', pageSchema(deliverySchema)) },
      handle({ query: { limit, ...wanted }, req }) {
        const read = webhooks.deliveries({ ...wanted, among: keyOf(req).sessionIds, limit: limit + 1 });
        const page = pageOfRead(read, limit, ({ seq }) => String(seq));
        return { status: 200, json: { ...page, items: page.items.map(show) } };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/webhooks/deliveries/:id/redeliver',
      operationId: 'redeliver',
      tag: 'Webhooks',
      summary: 'Send a delivery again, whatever became of it, with the same request id',
      access: 'operator',
      forLimitedKeys: true,
      params: deliveryParams,
      body: z.strictObject({}),
      refusals: ['delivery_not_found', 'no_webhook'],
      responses: { 202: jsonResponse('The delivery, which is queued again', deliverySchema) },
      handle({ params, req, res }) {
        concerns(res, { targetId: params.id });
        const delivery = webhooks.redeliver(params.id, keyOf(req).sessionIds);
        concerns(res, { sessionId: delivery.sessionId });
        return { status: 202, json: show(delivery) };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/webhooks/test',
      operationId: 'testWebhook',
      tag: 'Webhooks',
      summary: 'Send an event `webhook.test` now, once, and tell what came of it',
      access: 'operator',
      forLimitedKeys: true,
      body: testBody,
      examples: {
        'that of a session': { sessionId: 'shop' },
        'any address': { url: 'http://127.0.0.1:4000/', hmacKey: 'a long random text' },
      },
      refusals: ['session_not_found', 'no_webhook'],
      responses: { 200: jsonResponse('What the receiver answered', webhookTestSchema) },
      async handle({ body, req, res }) {
        if ('sessionId' in body) {
          concerns(res, { sessionId: body.sessionId });
          requireSession(req, body.sessionId);
          // Throws when there is no such session.
          fleet.get(body.sessionId);
        }
        const target = 'sessionId' in body ? body : { ...body, trusted: keyOf(req).role === 'admin' };
        return { status: 200, json: await webhooks.test(target) };
      },
    }),
  ];
}
