// What the service answers with. Types only: nothing of the service gets into the page with them.
import type { z } from 'zod';
import type { KeyRole } from '../../domain/access-ports.js';
import type { sentMessageSchema } from '../message-schemas.js';
import type { memorySchema } from '../session-schemas.js';
import type { deliverySchema, endpointSchema } from '../webhooks/routes.js';

export type { FleetStats, IncidentView, QrView, SessionView } from '../../fleet/facade.js';
export type SentMessage = z.infer<typeof sentMessageSchema>;
export type MemoryPoint = z.infer<typeof memorySchema>['items'][number];
export type Delivery = z.infer<typeof deliverySchema>;
export type Receiver = z.infer<typeof endpointSchema>;

/** Who is signed in. */
export interface Me {
  name: string;
  role: KeyRole;
  sessionIds: string[] | null;
}
