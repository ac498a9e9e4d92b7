import { z } from 'zod';
import { auditSchema } from './audit-routes.js';
import { incidentSchema } from './incidents.js';
import { keySchema, newKeySchema } from './key-routes.js';
import { acceptedSchema, receivedMessageSchema, sentMessageSchema } from './message-schemas.js';
import { EXAMPLES } from './openapi-examples.js';
import { problemSchema } from './problem.js';
import { qrSchema } from './qr.js';
import { chatSchema, contactSchema, eventSchema, sessionViewSchema, statsSchema } from './session-schemas.js';
import { deliverySchema, endpointSchema, webhookTestSchema } from './webhooks/routes.js';

export type Json = Record<string, unknown>;

/** Schemas that stand under a name of their own in the document. */
export const NAMED = {
  Session: sessionViewSchema,
  Event: eventSchema,
  Chat: chatSchema,
  Contact: contactSchema,
  Stats: statsSchema,
  Incident: incidentSchema,
  Qr: qrSchema,
  AcceptedMessage: acceptedSchema,
  SentMessage: sentMessageSchema,
  ReceivedMessage: receivedMessageSchema,
  Webhook: endpointSchema,
  Delivery: deliverySchema,
  WebhookTest: webhookTestSchema,
  ApiKey: keySchema,
  NewApiKey: newKeySchema,
  AuditEntry: auditSchema,
  Problem: problemSchema,
} as const satisfies Record<string, z.ZodType>;

const objectSchema = z.looseObject({
  properties: z.record(z.string(), z.looseObject({})).default({}),
  required: z.array(z.string()).default([]),
  $defs: z.record(z.string(), z.looseObject({})).default({}),
});

/** What a schema of an object says of its fields. */
export function fieldsOf(schema: Json): Pick<z.infer<typeof objectSchema>, 'properties' | 'required'> {
  return objectSchema.parse(schema);
}

/** What zod says of numbers and times that `integer` and `date-time` say already. */
function withoutNoise(schema: Json): void {
  if (schema.format === 'date-time') delete schema.pattern;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
}

/** Turns zod's schemas into JSON Schema and gathers the named ones. */
export function schemaWriter() {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(NAMED)) registry.add(schema, { id });
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
        withoutNoise(jsonSchema);
      },
    });
    const text = JSON.stringify(wrapped);
    const { properties, $defs } = objectSchema.parse(JSON.parse(text.replaceAll('#/$defs/', '#/components/schemas/')));
    for (const [name, { id: _, ...definition }] of Object.entries($defs)) {
      components[name] = name in EXAMPLES ? { ...definition, examples: [EXAMPLES[name]] } : definition;
    }
    return properties.it ?? {};
  }
  return { write, components };
}

export type Write = ReturnType<typeof schemaWriter>['write'];
