import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { z } from 'zod';
import { NAMED } from '../../src/api/openapi-schemas.js';
import { type Api, startApi } from './support/api-harness.js';

const layersSchema = z.array(
  z.object({ route: z.object({ path: z.string(), methods: z.record(z.string(), z.boolean()) }).optional() }),
);

const bodySchema = z.looseObject({
  required: z.array(z.string()).optional(),
  additionalProperties: z.unknown().optional(),
  properties: z.record(z.string(), z.looseObject({ description: z.string().optional() })).optional(),
});
const operationSchema = z.looseObject({
  operationId: z.string(),
  summary: z.string(),
  tags: z.array(z.string()),
  parameters: z
    .array(z.looseObject({ in: z.string(), name: z.string(), description: z.string().optional() }))
    .optional(),
  requestBody: z
    .looseObject({ required: z.boolean(), content: z.record(z.string(), z.looseObject({ schema: bodySchema })) })
    .optional(),
  responses: z.record(z.string(), z.unknown()),
  security: z.unknown().optional(),
});
const documentSchema = z.looseObject({
  paths: z.record(z.string(), z.record(z.string(), operationSchema)),
  components: z.record(z.string(), z.record(z.string(), z.unknown())),
  security: z.unknown().optional(),
  tags: z.unknown(),
});
const sessionSchema = z.looseObject({
  properties: z.looseObject({ status: z.looseObject({ enum: z.array(z.string()) }) }),
});

describe('the OpenAPI document', () => {
  let api: Api;
  let document: z.infer<typeof documentSchema>;
  const operation = (method: string, path: string) => operationSchema.parse(document.paths[path]?.[method]);
  const session = () => sessionSchema.parse(document.components.schemas?.Session);

  beforeEach(async () => {
    api = await startApi();
    document = documentSchema.parse(JSON.parse((await api.ask('GET', '/openapi.json')).text));
  });
  afterEach(() => api.stop());

  test('lists exactly the routes that Express serves', () => {
    const served = layersSchema
      .parse(api.app.router.stack.map(({ route }) => ({ route })))
      .flatMap(({ route }) => (route ? [{ path: route.path, methods: Object.keys(route.methods) }] : []))
      // What takes every method only answers 405.
      .filter(({ methods }) => methods.length === 1)
      .map(({ path, methods }) => `${methods[0]} ${path}`);
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.keys(operations).map((method) => `${method} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
    );
    expect(documented.sort()).toEqual(served.sort());
    expect(served.length).toBeGreaterThan(20);
  });

  test('points at nothing that is not there', () => {
    const text = JSON.stringify(document);
    const references = [...text.matchAll(/"\$ref":"#\/components\/(\w+)\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, kind = '', name = ''] of references) expect(document.components[kind]).toHaveProperty(name);
    expect(text).not.toContain('$defs');
  });

  test('describes parameters, bodies, answers and security', () => {
    const send = operation('post', '/api/sessions/{id}/messages');
    expect(send.parameters?.map((p) => `${p.in} ${p.name}`)).toEqual([
      'path id',
      'header Idempotency-Key',
      'header Prefer',
    ]);
    expect(send.parameters?.[2]?.description).toContain('wait=SECONDS');
    const body = send.requestBody?.content['application/json']?.schema;
    expect(send.requestBody?.required).toBe(true);
    expect(body?.required).toEqual(['to']);
    expect(body?.additionalProperties).toBe(false);
    expect(body?.properties?.to?.description).toContain('chat id');
    expect(Object.keys(send.responses)).toEqual(
      expect.arrayContaining(['200', '202', '400', '401', '403', '404', '409', '415', '429', '503', 'default']),
    );
    expect(operation('get', '/health').security).toEqual([]);
    expect(document.security).toEqual([{ bearer: [] }, { apiKey: [] }]);
    expect(session().properties.status.enum).toContain('qr_pending');
  });

  test('has nothing that the recommended rules of Redocly warn of', async () => {
    const config = await createConfig({ extends: ['recommended'] });
    const found = await lintFromString({ source: JSON.stringify(document), absoluteRef: '/openapi.json', config });
    expect(found.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer}: ${message}`)).toEqual([]);
  });

  test('says of every operation what it does, where it belongs and how it can be refused', () => {
    const tags = z.array(z.object({ name: z.string(), description: z.string() })).parse(document.tags);
    const names = tags.map(({ name }) => name);
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    for (const { operationId, summary, tags: own, responses } of operations) {
      expect([operationId, names.includes(own[0] ?? ''), summary.length > 4]).toEqual([operationId, true, true]);
      const [success] = Object.keys(responses).filter((status) => status.startsWith('2'));
      expect([operationId, success !== undefined, '400' in responses]).toEqual([operationId, true, true]);
    }
    expect(new Set(operations.flatMap(({ tags: own }) => own))).toEqual(new Set(names));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
  });

  test('shows examples that its schemas take', () => {
    const shown = z.record(z.string(), z.looseObject({ examples: z.array(z.unknown()).default([]) }));
    const schemas = Object.entries(shown.parse(document.components.schemas));
    const checks = new Map<string, z.ZodType>(Object.entries(NAMED));
    const examples = schemas.flatMap(([name, { examples: all }]) => all.map((example) => ({ name, example })));
    expect(examples.length).toBeGreaterThan(7);
    for (const { name, example } of examples) expect(checks.get(name)?.safeParse(example).error).toBeUndefined();
  });

  test('asks for no body where all of it is optional', () => {
    expect(operation('post', '/api/sessions/{id}/disconnect').requestBody?.required).toBe(false);
  });

  test('does not show how secrets are kept', () => {
    expect(Object.keys(session().properties)).not.toContain('webhook');
  });
});
