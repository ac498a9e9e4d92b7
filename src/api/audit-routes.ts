import { z } from 'zod';
import { type AuditEntry, KEY_ROLES } from '../domain/access-ports.js';
import type { AuditTrail } from './audit.js';
import { pageQuery, sessionIdSchema } from './inputs.js';
import { pageOfRead, pageSchema } from './page.js';
import { defineRoute, jsonResponse, type Route } from './route.js';

export const auditSchema = z.object({
  seq: z.int(),
  at: z.iso.datetime().describe('When the answer was given'),
  keyId: z.string(),
  keyName: z.string(),
  role: z.enum(KEY_ROLES),
  action: z.string().describe('Method and pattern of the path, such as `DELETE /api/sessions/:id`'),
  sessionId: z.string().nullable().describe('The session that was meant; null when it was none'),
  targetId: z
    .string()
    .nullable()
    .describe('The key, the delivery or the webhook that was meant; null when it was none'),
  status: z.int().nullable().describe('HTTP status of the answer; null when the caller did not wait for it'),
  ip: z.string().describe('Address of the caller, or of the proxy in front'),
});

const auditQuery = pageQuery.extend({
  sessionId: sessionIdSchema.exactOptional(),
  keyId: z.string().max(100).exactOptional().describe('Id of the key'),
});

const show = (entry: AuditEntry): z.infer<typeof auditSchema> => ({ ...entry, at: new Date(entry.at).toISOString() });

/** Who changed what. */
export function auditRoutes(audit: AuditTrail): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/audit',
      operationId: 'listAudit',
      tag: 'Keys',
      summary: 'Requests that changed something or tried to, newest first',
      access: 'admin',
      query: auditQuery,
      responses: { 200: jsonResponse('The requests', pageSchema(auditSchema)) },
      handle({ query: { limit, ...wanted } }) {
        const page = pageOfRead(audit.list({ ...wanted, limit: limit + 1 }), limit, ({ seq }) => String(seq));
        return { status: 200, json: { ...page, items: page.items.map(show) } };
      },
    }),
  ];
}
