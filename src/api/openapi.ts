import { z } from 'zod';
import { auditSchema } from './audit-routes.js';
import { incidentSchema } from './incidents.js';
import { keySchema, newKeySchema } from './key-routes.js';
import { acceptedSchema, receivedMessageSchema, sentMessageSchema } from './message-schemas.js';
import { problemSchema } from './problem.js';
import { qrSchema } from './qr.js';
import type { ResponseDoc, Route } from './route.js';
import { chatSchema, contactSchema, eventSchema, sessionViewSchema, statsSchema } from './session-schemas.js';
import { deliverySchema, webhookTestSchema } from './webhooks/routes.js';

type Json = Record<string, unknown>;

/** Schemas that stand under a name of their own in the document. */
const NAMED: readonly (readonly [string, z.ZodType])[] = [
  ['Session', sessionViewSchema],
  ['Event', eventSchema],
  ['Chat', chatSchema],
  ['Contact', contactSchema],
  ['Stats', statsSchema],
  ['Incident', incidentSchema],
  ['Qr', qrSchema],
  ['AcceptedMessage', acceptedSchema],
  ['SentMessage', sentMessageSchema],
  ['ReceivedMessage', receivedMessageSchema],
  ['Delivery', deliverySchema],
  ['WebhookTest', webhookTestSchema],
  ['ApiKey', keySchema],
  ['NewApiKey', newKeySchema],
  ['AuditEntry', auditSchema],
  ['Problem', problemSchema],
];

const objectSchema = z.looseObject({
  properties: z.record(z.string(), z.looseObject({})).default({}),
  required: z.array(z.string()).default([]),
  $defs: z.record(z.string(), z.looseObject({})).default({}),
});

/** Turns zod's schemas into JSON Schema and gathers the named ones. */
function schemaWriter() {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of NAMED) registry.add(schema, { id });
  const components: Json = {};

  /** `io` tells whether callers write it or read it: only then is a field with a default optional. */
  function write(schema: z.ZodType, io: 'input' | 'output'): Json {
    // Wrapped, since zod names a schema only where another one refers to it.
    const wrapped = z.toJSONSchema(z.object({ it: schema }), {
      io,
      metadata: registry,
      // Descriptions stand in zod's own registry, which a registry of names takes the place of.
      override({ zodSchema, jsonSchema }) {
        const description = z.globalRegistry.get(zodSchema)?.description;
        if (description !== undefined) jsonSchema.description = description;
      },
    });
    const text = JSON.stringify(wrapped);
    const { properties, $defs } = objectSchema.parse(JSON.parse(text.replaceAll('#/$defs/', '#/components/schemas/')));
    for (const [name, { id: _, ...definition }] of Object.entries($defs)) components[name] = definition;
    return properties.it ?? {};
  }
  return { write, components };
}

type Write = ReturnType<typeof schemaWriter>['write'];

function parameters(place: 'path' | 'query' | 'header', fields: z.ZodObject | null, write: Write): Json[] {
  if (fields === null) return [];
  const { properties, required } = objectSchema.parse(write(fields, 'input'));
  return Object.entries(properties).map(([name, { description, ...schema }]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema,
  }));
}

function response({ description, content }: ResponseDoc, write: Write): Json {
  if (!content) return { description };
  const media = Object.entries(content).map(([type, schema]) => [
    type,
    { schema: type === 'image/png' ? { type: 'string', format: 'binary' } : write(schema, 'output') },
  ]);
  return { description, content: Object.fromEntries(media) };
}

/** Which refusals a route can answer with beside its own answers. */
function refusals(route: Route): number[] {
  const statuses = route.method === 'get' ? [] : [409];
  if (route.params || route.query || route.headers || route.body) statuses.push(400);
  if (route.params) statuses.push(404);
  if (route.body) statuses.push(413, 415);
  if (route.access !== 'public') statuses.push(401, 403, 429);
  if (route.needsReadyFleet || route.path === '/ready') statuses.push(503);
  return statuses;
}

function operation(route: Route, write: Write): Json {
  const problem = { $ref: '#/components/responses/Problem' };
  const answers = Object.entries(route.responses).map(([status, doc]) => [status, response(doc, write)]);
  const refused = refusals(route).map((status) => [String(status), problem]);
  const inputs = [
    ...parameters('path', route.params, write),
    ...parameters('query', route.query, write),
    ...parameters('header', route.headers, write),
  ];
  return {
    operationId: route.operationId,
    summary: route.summary,
    ...(route.access === 'public' ? { security: [] } : { 'x-access': route.access }),
    ...(inputs.length === 0 ? {} : { parameters: inputs }),
    ...(route.body === null
      ? {}
      : {
          requestBody: {
            required: !route.body.safeParse({}).success,
            content: { 'application/json': { schema: write(route.body, 'input') } },
          },
        }),
    responses: { ...Object.fromEntries([...refused, ...answers]), default: problem },
  };
}

/** The OpenAPI 3.1 document of these routes, made from the schemas that validate. */
export function createOpenApi(routes: readonly Route[], version: string): Json {
  const { write, components } = schemaWriter();
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    const path = route.path.replace(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method]: operation(route, write) };
  }
  const problem = write(problemSchema, 'output');
  return {
    openapi: '3.1.0',
    info: {
      title: 'Wakeful',
      version,
      description: 'Keeps WhatsApp numbers connected. Every error is an `application/problem+json` (RFC 9457).',
    },
    security: [{ bearer: [] }, { apiKey: [] }],
    paths,
    components: {
      schemas: components,
      responses: {
        Problem: {
          description: 'What was expected, what came and what to do',
          content: { 'application/problem+json': { schema: problem } },
        },
      },
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        apiKey: { type: 'apiKey', in: 'header', name: 'X-Api-Key' },
      },
    },
  };
}
