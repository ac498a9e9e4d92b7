import { createServer, type Server } from 'node:http';
import express from 'express';
import { ZodError, z } from 'zod';
import { fault } from '../fault.js';
import { settingsPatch } from '../settings.js';
import { closeServer, listenOnLoopback } from './loopback.js';
import { incoming, ownMessage, phoneNumber } from './phone.js';
import { PhoneError } from './phone-actions.js';
import type { SimulatorParts } from './simulator-parts.js';

const MAX_BODY = '64mb';
const target = z.union([z.literal('*'), phoneNumber]);

function problem(error: unknown): { status: number; body: Record<string, unknown> } {
  if (error instanceof ZodError) {
    const issue = error.issues[0];
    const detail = issue === undefined ? 'the request is not valid' : `${issue.path.join('.')}: ${issue.message}`;
    return { status: 400, body: { status: 400, code: 'invalid', title: 'The request is not valid', detail } };
  }
  if (error instanceof PhoneError) {
    return {
      status: 409,
      body: { status: 409, code: error.code, title: 'The phone cannot do that', detail: error.message },
    };
  }
  const detail = error instanceof Error ? error.message : String(error);
  return { status: 500, body: { status: 500, code: 'internal', title: 'The simulator failed', detail } };
}

/** Plain HTTP on loopback: what phones, the outside world and mishaps do. */
export class ControlApi {
  readonly #parts: SimulatorParts;
  #server: Server | null = null;

  constructor(parts: SimulatorParts) {
    this.#parts = parts;
  }

  /** Resolves with the port it listens on. */
  async start(port: number): Promise<number> {
    const server = createServer(this.#app());
    this.#server = server;
    return listenOnLoopback(server, port);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    await closeServer(server, () => server.closeAllConnections());
  }

  #app(): express.Express {
    const app = express();
    app.disable('x-powered-by');
    app.use(express.json({ limit: MAX_BODY }));
    this.#phoneRoutes(app);
    this.#simulatorRoutes(app);
    app.use((_request, response) => {
      response
        .status(404)
        .type('application/problem+json')
        .json({ status: 404, code: 'not-found', title: 'No such route' });
    });
    app.use((error: unknown, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
      const { status, body } = problem(error);
      response.status(status).type('application/problem+json').json(body);
    });
    return app;
  }

  #phoneRoutes(app: express.Express): void {
    const { phone, whatsapp } = this.#parts;
    app.post('/qr', (request, response) => {
      const body = z.object({ qr: z.string().min(1), phoneNumber }).parse(request.body);
      phone.scanQr(body.qr, body.phoneNumber);
      response.status(204).end();
    });
    app.post('/pairing-code', (request, response) => {
      const body = z.object({ code: z.string().min(1), phoneNumber }).parse(request.body);
      phone.enterPairingCode(body.code, body.phoneNumber);
      response.status(204).end();
    });
    app.get('/accounts', (_request, response) => {
      response.json(whatsapp.accounts.all.map((account) => whatsapp.view(account)));
    });
    app.post('/accounts/:number/unlink', (request, response) => {
      phone.unlink(phoneNumber.parse(request.params.number));
      response.status(204).end();
    });
    app.get('/accounts/:number/sent', (request, response) => {
      response.json(whatsapp.accounts.find(phoneNumber.parse(request.params.number))?.sent ?? []);
    });
    app.post('/accounts/:number/messages', (request, response) => {
      response.status(201).json(phone.deliver(phoneNumber.parse(request.params.number), incoming.parse(request.body)));
    });
    app.post('/accounts/:number/own-messages', (request, response) => {
      response.status(201).json(phone.write(phoneNumber.parse(request.params.number), ownMessage.parse(request.body)));
    });
    app.post('/accounts/:number/reactions', (request, response) => {
      const body = z.object({ from: phoneNumber, messageId: z.string(), emoji: z.string() }).parse(request.body);
      phone.react(phoneNumber.parse(request.params.number), body.from, body.messageId, body.emoji);
      response.status(204).end();
    });
    app.post('/accounts/:number/edits', (request, response) => {
      const body = z.object({ messageId: z.string(), body: z.string() }).parse(request.body);
      phone.edit(phoneNumber.parse(request.params.number), body.messageId, body.body);
      response.status(204).end();
    });
    app.post('/accounts/:number/revocations', (request, response) => {
      const body = z.object({ messageId: z.string() }).parse(request.body);
      phone.revoke(phoneNumber.parse(request.params.number), body.messageId);
      response.status(204).end();
    });
  }

  #simulatorRoutes(app: express.Express): void {
    const { whatsapp, settings, faults, board } = this.#parts;
    app.get('/duplicates', (request, response) => {
      const only = phoneNumber.optional().parse(request.query.phoneNumber);
      const total = { sameId: 0, sameBody: 0 };
      for (const account of whatsapp.accounts.all) {
        if (only !== undefined && account.phoneNumber !== only) continue;
        const { sameId, sameBody } = account.duplicates();
        total.sameId += sameId;
        total.sameBody += sameBody;
      }
      response.json(total);
    });
    app.get('/settings', (_request, response) => void response.json(settings.current));
    app.patch('/settings', (request, response) => {
      response.json(settings.change(settingsPatch.parse(request.body)));
    });
    app.post('/faults', (request, response) => {
      const body = z.object({ target, fault }).parse(request.body);
      response.json({ struck: faults.strike(body.target, body.fault) });
    });
    app.delete('/faults', (request, response) => {
      board.clear(target.optional().parse(request.query.target));
      response.status(204).end();
    });
    app.post('/reset', (_request, response) => {
      this.#parts.reset();
      response.status(204).end();
    });
  }
}
