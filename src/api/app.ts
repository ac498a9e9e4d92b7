import express, { type Express, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import { z } from 'zod';
import type { Config } from '../config.js';
import type { KeyStore } from '../domain/access-ports.js';
import { DomainError } from '../domain/error-catalogue.js';
import type { Clock, Logger } from '../domain/ports.js';
import type { Fleet } from '../fleet/facade.js';
import type { MediaDesk } from '../fleet/media-library.js';
import type { AuditTrail } from './audit.js';
import { auditRoutes } from './audit-routes.js';
import { authenticate, authorize, limitPerKey } from './auth.js';
import { readJsonBody } from './body.js';
import { connectionRoutes } from './connection.js';
import { dashboardFiles } from './dashboard-files.js';
import { healthRoutes, notReady } from './health.js';
import { incidentRoutes } from './incidents.js';
import { keyRoutes } from './key-routes.js';
import { requireHost } from './malformed-request.js';
import { meRoutes } from './me.js';
import { mediaRoutes } from './media.js';
import { messageRoutes } from './messages.js';
import { metricsRoutes } from './metrics.js';
import { createOpenApi } from './openapi.js';
import { notFound, problemHandler } from './problem.js';
import { qrRoutes } from './qr.js';
import { referencePage } from './reference/page.js';
import { assignRequestId } from './request-id.js';
import { defineRoute, jsonResponse, type Reply, type Route } from './route.js';
import { sessionRoutes } from './sessions.js';
import type { SignIn } from './sign-in.js';
import type { Webhooks } from './webhooks/facade.js';
import { webhookRoutes } from './webhooks/routes.js';
import { whatsAppPageRoutes } from './whatsapp-page.js';

export interface AppParts {
  fleet: Fleet;
  webhooks: Webhooks;
  media: MediaDesk;
  keys: KeyStore;
  signIn: SignIn;
  audit: AuditTrail;
  metrics: { page(): Promise<string> };
  config: Pick<Config, 'api' | 'messages'>;
  version: string;
  logger: Logger;
  clock: Clock;
  /** Folder of the built web page; that of this package when left out. */
  pageDir?: string;
}

type RouteParts = Omit<AppParts, 'signIn' | 'logger' | 'pageDir'>;

/** Every route of the API, which is also what the OpenAPI document lists. */
export function createRoutes(parts: RouteParts): Route[] {
  const { fleet, webhooks, media, keys, audit, metrics, config, version, clock } = parts;
  const routes: Route[] = [
    ...healthRoutes(fleet, version, clock),
    ...meRoutes(),
    ...sessionRoutes(fleet),
    ...connectionRoutes(fleet),
    ...qrRoutes(fleet),
    ...whatsAppPageRoutes(fleet),
    ...messageRoutes(fleet, config.messages),
    ...mediaRoutes(media),
    ...incidentRoutes(fleet),
    ...webhookRoutes(webhooks, fleet),
    ...keyRoutes(keys, clock),
    ...auditRoutes(audit),
    ...metricsRoutes(metrics),
  ];
  let document: unknown;
  routes.push(
    defineRoute({
      method: 'get',
      path: '/openapi.json',
      operationId: 'getOpenApi',
      tag: 'Service',
      summary: 'This document',
      access: 'viewer',
      forLimitedKeys: true,
      responses: { 200: jsonResponse('The OpenAPI document', z.looseObject({})) },
      handle() {
        document ??= createOpenApi(routes, version);
        return { status: 200, json: document };
      },
    }),
  );
  return routes;
}

/** Answers with what the route's handler gives. */
function answer(route: Route): RequestHandler {
  return async (req, res) => {
    const reply = await route.handle(req, res);
    res.status(reply.status);
    if ('headers' in reply) res.set(reply.headers ?? {});
    if ('json' in reply) res.json(reply.json);
    else if ('bytes' in reply) res.type(reply.contentType).send(reply.bytes);
    else if ('file' in reply) await sendFile(res, reply);
    else res.end();
  };
}

/** In pieces, and in ranges where they are asked for. Rejects when it cannot be read. */
function sendFile(res: Response, { file, saveAs, contentType }: Extract<Reply, { file: string }>): Promise<void> {
  // The type after the name, which would otherwise bring the type of its ending.
  res.attachment(saveAs ?? 'file').set('Content-Type', contentType);
  return new Promise((resolve, reject) => {
    res.sendFile(file, { dotfiles: 'allow', cacheControl: false }, (error) => {
      // Who hangs up in the middle has no complaint.
      if (!error || res.destroyed) return resolve();
      if (!res.headersSent) res.removeHeader('Content-Disposition');
      reject(new DomainError('media_not_found', 'The file could not be read.', { cause: error }));
    });
  });
}

function mount(app: Express, routes: readonly Route[], { fleet, audit }: AppParts): void {
  const whenReady: RequestHandler = (_req, _res, next) => {
    if (!fleet.isReady()) throw notReady();
    next();
  };
  for (const route of routes) {
    // Before the checks: who was refused is written down, too.
    const checks = route.method === 'get' ? [] : [audit.watch(route)];
    checks.push(...authorize(route));
    if (route.needsReadyFleet) checks.push(whenReady);
    // Only now: nobody makes us read a large body that may not send it.
    if (route.access !== 'public') checks.push(...readJsonBody(route.maxBodyBytes));
    app[route.method](route.path, ...checks, answer(route));
  }
  for (const path of new Set(routes.map((route) => route.path))) {
    const methods = routes.filter((route) => route.path === path).map(({ method }) => method.toUpperCase());
    const allowed = [...methods, ...(methods.includes('GET') ? ['HEAD'] : [])].join(', ');
    app.all(path, (req, res) => {
      res.set('Allow', allowed);
      throw new DomainError('method_not_allowed', `${req.path} takes ${allowed}, not ${req.method}.`);
    });
  }
}

const noStore: RequestHandler = (_req, res, next) => {
  res.set('Cache-Control', 'no-store');
  next();
};

/** The whole HTTP API. Listens to nothing by itself. */
export function createApp(parts: AppParts): Express {
  const { signIn, config, logger } = parts;
  const routes = createRoutes(parts);
  const isPublic = ({ access }: Route) => access === 'public';

  const app = express();
  app.disable('etag');
  app.use(assignRequestId, noStore, requireHost);
  // Wakeful itself speaks plain HTTP, so nothing may tell a browser to insist on HTTPS.
  app.use(
    helmet({
      strictTransportSecurity: false,
      contentSecurityPolicy: { directives: { upgradeInsecureRequests: null } },
    }),
  );
  mount(app, routes.filter(isPublic), parts);
  app.use(dashboardFiles(parts.pageDir));
  app.use(referencePage(() => createOpenApi(routes, parts.version), parts.pageDir));
  app.use(authenticate(signIn), limitPerKey(config.api.requestsPerSecond));
  mount(
    app,
    routes.filter((route) => !isPublic(route)),
    parts,
  );
  app.use(notFound);
  app.use(problemHandler(logger));
  return app;
}
