import { z } from 'zod';
import { INCIDENT_KINDS } from '../domain/incident.js';
import { maySeeAll } from '../domain/key-policy.js';
import { REASONS, type Reason } from '../domain/reason.js';
import type { Fleet, IncidentView } from '../fleet/facade.js';
import { keyOf } from './auth.js';
import { pageQuery } from './inputs.js';
import { pageSchema } from './page.js';
import { defineRoute, jsonResponse, type Route } from './route.js';

export const incidentSchema: z.ZodType<IncidentView> = z.object({
  id: z.string(),
  kind: z.enum(INCIDENT_KINDS).describe('`outage`: several sessions were lost for the same reason'),
  reason: z.enum(Object.keys(REASONS) as [Reason, ...Reason[]]),
  openedAt: z.iso.datetime(),
  closedAt: z.iso.datetime().nullable().describe('null while it is open'),
  sessionIds: z.array(z.string()).describe('Everybody who was ever affected, in order of joining'),
  message: z.string().describe('What happened, and once it is closed who is back, for a person'),
});

const incidentsQuery = pageQuery.extend({
  open: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .exactOptional()
    .describe('Only those that are open, or only those that are closed'),
});

/** What many sessions suffered from at the same time. */
export function incidentRoutes(fleet: Fleet): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/api/incidents',
      operationId: 'listIncidents',
      tag: 'Service',
      summary: 'Incidents, newest first',
      access: 'viewer',
      forLimitedKeys: true,
      query: incidentsQuery,
      responses: { 200: jsonResponse('The incidents', pageSchema(incidentSchema)) },
      handle({ query, req }) {
        const { items, ...rest } = fleet.incidents(query);
        // Their words name sessions; a page of which some are left out goes on where the whole one would.
        const visible = items.filter(({ sessionIds }) => maySeeAll(keyOf(req), sessionIds));
        return { status: 200, json: { items: visible, ...rest } };
      },
    }),
  ];
}
