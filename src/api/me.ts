import { z } from 'zod';
import { KEY_ROLES } from '../domain/access-ports.js';
import { keyOf } from './auth.js';
import { defineRoute, jsonResponse, type Route } from './route.js';

const meSchema = z.object({
  name: z.string(),
  role: z.enum(KEY_ROLES),
  sessionIds: z.array(z.string()).nullable().describe('The only sessions that the key may see; null: all'),
});

/** Who the key belongs to, for programs that show only what it may do. */
export function meRoutes(): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/me',
      operationId: 'getMe',
      tag: 'Service',
      summary: 'Name and role of the key that is used',
      access: 'viewer',
      forLimitedKeys: true,
      responses: { 200: jsonResponse('The key', meSchema) },
      handle({ req }) {
        const { name, role, sessionIds } = keyOf(req);
        return { status: 200, json: { name, role, sessionIds } };
      },
    }),
  ];
}
