import type { Incident } from '../domain/incident.js';
import type { IncidentView } from './facade.js';

/** The incident as it is shown: without its key, which is of use only to us. */
export function incidentView({ key: _, ...incident }: Incident): IncidentView {
  const { openedAt, closedAt, sessionIds } = incident;
  return {
    ...incident,
    sessionIds: [...sessionIds],
    openedAt: new Date(openedAt).toISOString(),
    closedAt: closedAt === null ? null : new Date(closedAt).toISOString(),
  };
}
