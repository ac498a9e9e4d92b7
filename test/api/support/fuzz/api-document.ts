import { z } from 'zod';
import { type InputSchema, inputSchema } from './schema-values.js';

const answerSchema = z.looseObject({
  content: z.record(z.string(), z.looseObject({ schema: z.looseObject({}) })).optional(),
});

/** How the document says which codes a refusal may have. */
const refusalSchema = z.looseObject({
  content: z.looseObject({
    'application/problem+json': z.looseObject({
      schema: z.looseObject({
        allOf: z.tuple([
          z.looseObject({}),
          z.looseObject({ properties: z.looseObject({ code: z.looseObject({ enum: z.array(z.string()) }) }) }),
        ]),
      }),
    }),
  }),
});

const documentSchema = z.looseObject({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.looseObject({
        operationId: z.string(),
        'x-access': z.string().optional(),
        parameters: z
          .array(z.looseObject({ name: z.string(), in: z.enum(['path', 'query', 'header']), schema: inputSchema }))
          .default([]),
        requestBody: z
          .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.looseObject({}) })) })
          .optional(),
        responses: z.record(z.string(), z.union([z.strictObject({ $ref: z.string() }), answerSchema])),
      }),
    ),
  ),
  components: z.looseObject({
    schemas: z.record(z.string(), z.unknown()),
    responses: z.record(z.string(), z.unknown()),
  }),
});

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  schema: InputSchema;
}

/** One operation, as somebody knows it who has read nothing but the document. */
export interface Operation {
  id: string;
  method: string;
  /** With its parameters in braces. */
  path: string;
  parameters: readonly Parameter[];
  /** null when it takes none. */
  body: { schema: InputSchema; allows: (body: unknown) => boolean } | null;
  /** Statuses of success with the media types that they may come in, each with the check of a JSON answer. */
  answers: ReadonlyMap<number, ReadonlyMap<string, z.ZodType>>;
  /** Codes of the refusals that stand in the document, by status. */
  refusals: ReadonlyMap<number, readonly string[]>;
}

/** As zod wants a schema: it finds others only in `$defs`, and takes a pattern for one without the flag `u`. */
function asZodReads(schema: Record<string, unknown>): Record<string, unknown> {
  const text = JSON.stringify(schema, (key, value) => (key === 'pattern' && /\\p\{/.test(value) ? undefined : value));
  return JSON.parse(text.replaceAll('#/components/schemas/', '#/$defs/'));
}

function codesOf(responses: Record<string, unknown>, reference: unknown): string[] {
  const found = responses[z.string().parse(reference).replace('#/components/responses/', '')];
  const [, narrowed] = refusalSchema.parse(found).content['application/problem+json'].schema.allOf;
  return narrowed.properties.code.enum;
}

/** Every operation of an OpenAPI document. */
export function operationsOf(json: unknown): Operation[] {
  const { paths, components } = documentSchema.parse(json);
  const checkOf = (schema: Record<string, unknown>) =>
    z.fromJSONSchema(asZodReads({ ...schema, $defs: components.schemas }));
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, { operationId, parameters, requestBody, responses }]) => {
      const schema = requestBody?.content['application/json']?.schema;
      const check = schema && checkOf(schema);
      const successes = Object.entries(responses).flatMap(([status, answer]) =>
        /^2\d\d$/.test(status) && !('$ref' in answer) ? [[status, answerSchema.parse(answer)] as const] : [],
      );
      const refusals = Object.entries(responses).filter(([status]) => /^[45]\d\d$/.test(status));
      return {
        id: operationId,
        method: method.toUpperCase(),
        path,
        parameters,
        body: schema
          ? { schema: inputSchema.parse(schema), allows: (body) => check?.safeParse(body).success ?? true }
          : null,
        answers: new Map(
          successes.map(([status, { content = {} }]) => [
            Number(status),
            new Map(Object.entries(content).map(([type, media]) => [type, checkOf(media.schema)])),
          ]),
        ),
        refusals: new Map(refusals.map(([status, { $ref }]) => [Number(status), codesOf(components.responses, $ref)])),
      };
    }),
  );
}
