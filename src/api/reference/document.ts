import { z } from 'zod';

/** The part of JSON Schema that the OpenAPI document uses. */
export const schemaSchema = z.object({
  $ref: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
  required: z.array(z.string()).default([]),
  examples: z.array(z.unknown()).default([]),
  get anyOf() {
    return z.array(schemaSchema).optional();
  },
  get items() {
    return schemaSchema.optional();
  },
  get properties() {
    return z.record(z.string(), schemaSchema).optional();
  },
});
export type Schema = z.infer<typeof schemaSchema>;

const contentSchema = z.record(
  z.string(),
  z.object({
    schema: schemaSchema,
    examples: z.record(z.string(), z.object({ summary: z.string(), value: z.unknown() })).default({}),
  }),
);

const headersSchema = z.record(
  z.string(),
  z.object({ $ref: z.string().optional(), description: z.string().default('') }),
);

const responseSchema = z.object({
  $ref: z.string().optional(),
  description: z.string().default(''),
  headers: headersSchema.default({}),
  content: contentSchema.default({}),
});
export type Answer = z.infer<typeof responseSchema>;

const operationSchema = z.object({
  operationId: z.string(),
  tags: z.tuple([z.string()]),
  summary: z.string(),
  'x-access': z.string().default('public'),
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.string(),
        required: z.boolean(),
        description: z.string().optional(),
        schema: schemaSchema,
      }),
    )
    .default([]),
  requestBody: z.object({ required: z.boolean(), content: contentSchema }).optional(),
  responses: z.record(z.string(), responseSchema),
});
export type Operation = z.infer<typeof operationSchema>;

/** What the page reads of the OpenAPI document. */
export const documentSchema = z.object({
  info: z.object({ title: z.string(), version: z.string(), description: z.string() }),
  tags: z.array(z.object({ name: z.string(), description: z.string() })),
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.object({
    schemas: z.record(z.string(), schemaSchema),
    responses: z.record(z.string(), responseSchema),
    headers: headersSchema,
  }),
});
export type Document = z.infer<typeof documentSchema>;
