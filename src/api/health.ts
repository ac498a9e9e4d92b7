import { z } from 'zod';
import { DomainError } from '../domain/error-catalogue.js';
import type { Clock } from '../domain/ports.js';
import type { Fleet } from '../fleet/facade.js';
import { defineRoute, jsonResponse, type Route } from './route.js';

const healthSchema = z.object({ status: z.literal('ok'), version: z.string(), uptimeSeconds: z.number() });
const readySchema = z.object({ status: z.literal('ready') });

/** Liveness and readiness, for everybody: they tell nothing of the sessions. */
export function healthRoutes(fleet: Fleet, version: string, clock: Clock): Route[] {
  const startedAt = clock.now();
  return [
    defineRoute({
      method: 'get',
      path: '/health',
      operationId: 'getHealth',
      tag: 'Service',
      summary: 'The process is alive',
      access: 'public',
      responses: { 200: jsonResponse('Alive', healthSchema) },
      handle() {
        const uptimeSeconds = Math.max(0, Math.floor((clock.now() - startedAt) / 1_000));
        return { status: 200, json: { status: 'ok', version, uptimeSeconds } };
      },
    }),
    defineRoute({
      method: 'get',
      path: '/ready',
      operationId: 'getReadiness',
      tag: 'Service',
      summary: 'The fleet is restored and takes commands',
      access: 'public',
      refusals: ['not_ready'],
      responses: { 200: jsonResponse('Ready', readySchema) },
      handle() {
        if (!fleet.isReady()) throw notReady();
        return { status: 200, json: { status: 'ready' } };
      },
    }),
  ];
}

/** What is answered while the fleet restores its sessions or drains. */
export function notReady(): DomainError {
  return new DomainError('not_ready', 'The service is starting or shutting down. Try again in a few seconds.');
}
