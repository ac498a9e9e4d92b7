import { z } from 'zod';
import { defineRoute, type Route } from './route.js';

const CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** The figures for Prometheus. */
export function metricsRoutes(metrics: { page(): Promise<string> }): Route[] {
  return [
    defineRoute({
      method: 'get',
      path: '/metrics',
      operationId: 'getMetrics',
      tag: 'Service',
      summary: 'Figures of the whole fleet for Prometheus',
      access: 'viewer',
      responses: { 200: { description: 'The figures', content: { 'text/plain': z.string() } } },
      handle: async () => ({ status: 200, contentType: CONTENT_TYPE, bytes: await metrics.page() }),
    }),
  ];
}
