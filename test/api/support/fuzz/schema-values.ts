import fc from 'fast-check';
import { z } from 'zod';
import { oddText, oddValue } from './odd-values.js';

/** The part of JSON Schema that the OpenAPI document uses for what callers send. */
export const inputSchema = z.looseObject({
  type: z.enum(['object', 'array', 'string', 'integer', 'number', 'boolean', 'null']).optional(),
  get anyOf() {
    return z.array(inputSchema).optional();
  },
  get items() {
    return inputSchema.optional();
  },
  get properties() {
    return z.record(z.string(), inputSchema).optional();
  },
  required: z.array(z.string()).default([]),
  enum: z.array(z.unknown()).optional(),
  pattern: z.string().optional(),
  minLength: z.int().default(0),
  maxLength: z.int().default(100),
  minimum: z.number().default(-1_000),
  maximum: z.number().default(1_000),
});
export type InputSchema = z.infer<typeof inputSchema>;

/** What no schema says: texts that mean something, by the name of the field. */
export type Samples = Readonly<Record<string, readonly string[]>>;

function text({ pattern, minLength, maxLength }: InputSchema, samples: readonly string[]): fc.Arbitrary<unknown> {
  const free =
    pattern === undefined
      ? fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 60) })
      : fc.stringMatching(new RegExp(pattern, 'u'), { size: '-1' });
  return samples.length === 0 ? free : fc.oneof({ weight: 5, arbitrary: fc.constantFrom(...samples) }, free);
}

/** Values that a schema allows. */
export function soundValue(schema: InputSchema, samples: Samples, name = ''): fc.Arbitrary<unknown> {
  if (schema.anyOf) return fc.oneof(...schema.anyOf.map((option) => soundValue(option, samples, name)));
  if (schema.enum) return fc.constantFrom(...schema.enum);
  switch (schema.type) {
    case 'string':
      return text(schema, samples[name] ?? []);
    case 'integer':
      return fc.integer({ min: schema.minimum, max: schema.maximum });
    case 'number':
      return fc.double({ min: schema.minimum, max: schema.maximum, noNaN: true });
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'array':
      return fc.array(schema.items ? soundValue(schema.items, samples) : fc.jsonValue(), { maxLength: 4 });
    case 'object':
      return objectOf(schema, samples);
    case undefined:
      return fc.jsonValue({ maxDepth: 2 });
    default:
      return schema.type satisfies never;
  }
}

function objectOf({ properties = {}, required }: InputSchema, samples: Samples): fc.Arbitrary<unknown> {
  const members: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, member] of Object.entries(properties)) members[name] = soundValue(member, samples, name);
  return fc.record(members, { requiredKeys: required });
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The same value with something wrong in it: at the top, or anywhere below. */
export function brokenBy(value: unknown): fc.Arbitrary<unknown> {
  if (!isObject(value)) return oddValue;
  const names = Object.keys(value);
  const added = fc.tuple(fc.oneof(oddText, fc.constant('extra')), oddValue);
  const more = added.map(([name, odd]) => Object.fromEntries([...Object.entries(value), [name, odd]]));
  if (names.length === 0) return fc.oneof({ weight: 3, arbitrary: more }, oddValue);
  const chosen = fc.constantFrom(...names);
  const less = chosen.map((name) => Object.fromEntries(Object.entries(value).filter(([key]) => key !== name)));
  const changed = chosen.chain((name) => brokenBy(value[name]).map((odd) => ({ ...value, [name]: odd })));
  return fc.oneof({ weight: 5, arbitrary: changed }, { weight: 2, arbitrary: more }, less, oddValue);
}
