import { z } from 'zod';
import { type ApiKey, KEY_ROLES, type KeyStore } from '../domain/access-ports.js';
import { DomainError } from '../domain/error-catalogue.js';
import { refusalToRevoke } from '../domain/key-policy.js';
import type { Clock } from '../domain/ports.js';
import { concerns } from './audit.js';
import { nameSchema, sessionIdSchema, wholeListQuery } from './inputs.js';
import { hashKey, makeKeyId, makeSecret } from './keys.js';
import { pageOfWhole, pageSchema } from './page.js';
import { defineRoute, jsonResponse, type Route } from './route.js';

const MOST_SESSION_IDS = 500;
const time = z.iso.datetime();

const keyFields = {
  id: z.string(),
  name: z.string(),
  role: z.enum(KEY_ROLES),
  sessionIds: z.array(z.string()).nullable().describe('The only sessions that it sees and touches; null: every one'),
  createdAt: time,
  expiresAt: time.nullable().describe('Not taken any more from then on; null: never'),
  lastUsedAt: time.nullable().describe('To the minute; null: never'),
};
export const keySchema = z.object(keyFields);
/** The only answer with the secret in it. */
export const newKeySchema = z.object({
  ...keyFields,
  secret: z.string().describe('The key itself, shown this once: only its hash is kept'),
});

const newKeyBody = z
  .strictObject({
    name: nameSchema(100).describe('For people: who or what uses it'),
    role: z.enum(KEY_ROLES),
    sessionIds: z
      .array(sessionIdSchema)
      .min(1, 'expected at least one id; leave it out for every session')
      .max(MOST_SESSION_IDS)
      .nullable()
      .default(null)
      .describe('The only sessions that it sees and touches, which need not exist yet'),
    expiresAt: z.iso
      .datetime({ offset: true })
      .transform((text) => Date.parse(text))
      .nullable()
      .default(null)
      .describe('Not taken any more from then on'),
  })
  .refine(({ role, sessionIds }) => role !== 'admin' || sessionIds === null, {
    path: ['sessionIds'],
    message: 'expected none for an admin, who can make himself a key without limits; take the role operator',
  });

function show(key: ApiKey): z.infer<typeof keySchema> {
  const iso = (at: number) => new Date(at).toISOString();
  return {
    ...key,
    sessionIds: key.sessionIds && [...key.sessionIds],
    createdAt: iso(key.createdAt),
    expiresAt: key.expiresAt === null ? null : iso(key.expiresAt),
    lastUsedAt: key.lastUsedAt === null ? null : iso(key.lastUsedAt),
  };
}

/** Showing, making and revoking API keys. */
export function keyRoutes(keys: KeyStore, clock: Pick<Clock, 'now'>): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/keys',
      operationId: 'listKeys',
      tag: 'Keys',
      summary: 'API keys without their secrets, oldest first',
      access: 'admin',
      query: wholeListQuery,
      responses: { 200: jsonResponse('The keys', pageSchema(keySchema)) },
      handle({ query }) {
        const page = pageOfWhole(keys.list(), query, ({ id }) => id);
        return { status: 200, json: { ...page, items: page.items.map(show) } };
      },
    }),
    defineRoute({
      method: 'post',
      path: '/api/keys',
      operationId: 'createKey',
      tag: 'Keys',
      summary: 'Make an API key; the answer is the only one that shows its secret',
      access: 'admin',
      body: newKeyBody,
      examples: {
        'for one session and for a time': {
          name: 'till',
          role: 'operator',
          sessionIds: ['shop'],
          expiresAt: '2030-01-01T00:00:00Z',
        },
      },
      responses: { 201: jsonResponse('The new key', newKeySchema) },
      handle({ body, res }) {
        const now = clock.now();
        if (body.expiresAt !== null && body.expiresAt <= now) {
          throw new DomainError('bad_request', 'expiresAt: expected a time that is still to come');
        }
        const secret = makeSecret();
        const key = { ...body, id: makeKeyId(), createdAt: now, lastUsedAt: null };
        keys.insert(key, hashKey(secret));
        concerns(res, { targetId: key.id });
        return { status: 201, json: { ...show(key), secret } };
      },
    }),
    defineRoute({
      method: 'delete',
      path: '/api/keys/:id',
      operationId: 'revokeKey',
      tag: 'Keys',
      summary: 'Revoke an API key at once; connections that are open with it end within seconds',
      access: 'admin',
      params: z.object({ id: z.string().min(1).max(100).describe('Id of the key') }),
      refusals: ['key_not_found', 'key_needed'],
      responses: { 204: { description: 'The key is revoked' } },
      handle({ params: { id }, res }) {
        concerns(res, { targetId: id });
        const all = keys.list();
        const key = all.find((candidate) => candidate.id === id);
        if (!key) throw new DomainError('key_not_found', `There is no key "${id}". GET /api/keys lists them.`);
        const refusal = refusalToRevoke(key, all, clock.now());
        if (refusal !== null) throw new DomainError('key_needed', refusal);
        keys.remove(id);
        return { status: 204 };
      },
    }),
  ];
}
