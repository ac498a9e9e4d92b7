import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import express from 'express';
import { generate } from 'selfsigned';
import { WebSocketServer } from 'ws';
import type { BootSettings } from '../frame.js';
import type { SimulatorSettings } from '../settings.js';
import type { FaultBoard } from './fault-board.js';
import { closeServer, listenOnLoopback } from './loopback.js';
import { PageConnection } from './page-connection.js';
import type { WhatsApp } from './whatsapp.js';

const MAX_MEDIA = '64mb';

function html(build: string): string {
  const revision = build.split('.').at(-1);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="build" content="${build}"><title>WhatsApp Web</title></head>
<body><div id="app"></div>
<script type="application/json">{"server_revision":${revision},"client_revision":${revision}}</script>
<script type="module" src="/page/boot.js"></script></body>
</html>
`;
}

/** The account that a page load belongs to, as far as the browser remembers it. */
function accountOf(cookies: string | undefined): string | null {
  return /(?:^|;\s*)sim_account=(\d+)/.exec(cookies ?? '')?.[1] ?? null;
}

/** `https://web.whatsapp.com`: the page, its scripts, its media and its WebSocket. */
export class PageServer {
  readonly #whatsapp: WhatsApp;
  readonly #faults: FaultBoard;
  readonly #settings: () => SimulatorSettings;
  readonly #sockets = new Set<Socket>();
  #held: (() => void)[] = [];
  #server: Server | null = null;

  constructor(whatsapp: WhatsApp, faults: FaultBoard, settings: () => SimulatorSettings) {
    this.#whatsapp = whatsapp;
    this.#faults = faults;
    this.#settings = settings;
  }

  /** Resolves with the port it listens on. */
  async start(port: number): Promise<number> {
    const { private: key, cert } = await generate([{ name: 'commonName', value: 'web.whatsapp.com' }], {
      keyType: 'ec',
    });
    const server = createServer({ key, cert }, this.#app());
    server.on('connection', (socket: Socket) => {
      if (this.#faults.find('network-down', null) !== undefined) return socket.destroy();
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
    });
    const webSockets = new WebSocketServer({ server, path: '/ws' });
    webSockets.on('connection', (socket) => {
      const page = new PageConnection(socket, this.#faults, () => this.#settings().slowMs, {
        frame: (from, frame) => this.#whatsapp.frame(from, frame),
        closed: (from) => this.#whatsapp.closed(from),
      });
      this.#whatsapp.pages.add(page);
    });
    this.#server = server;
    return listenOnLoopback(server, port);
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null) return;
    await closeServer(server, () => {
      for (const socket of this.#sockets) socket.destroy();
    });
  }

  /** Lets go on what the faults no longer hold back. */
  settle(): void {
    const held = this.#held;
    this.#held = [];
    for (const retry of held) retry();
  }

  #app(): express.Express {
    const app = express();
    app.disable('x-powered-by');
    app.use((request, response, next) => this.#network(request, response, next));
    app.get('/boot', (request, response) => {
      response.json(this.#boot(String(request.query.build)));
    });
    app.post('/media/:hash', express.raw({ type: () => true, limit: MAX_MEDIA }), (request, response) => {
      const data: unknown = request.body;
      this.#whatsapp.media.put(String(request.params.hash), Buffer.isBuffer(data) ? data : Buffer.alloc(0));
      response.status(204).end();
    });
    app.get('/media/:hash', (request, response) => {
      const data = this.#whatsapp.media.get(request.params.hash);
      const { mediaStatus } = this.#settings();
      if (mediaStatus !== null) response.status(mediaStatus).end();
      else if (data === undefined) response.status(404).end();
      else response.type('application/octet-stream').send(data);
    });
    app.use('/page', express.static(fileURLToPath(new URL('../page/', import.meta.url)), { cacheControl: false }));
    app.get('/favicon.ico', (_request, response) => void response.status(204).end());
    app.get('/', (_request, response) => void response.type('html').send(html(this.#settings().build)));
    return app;
  }

  #network(request: express.Request, response: express.Response, next: express.NextFunction): void {
    if (request.socket.destroyed) return;
    const account = accountOf(request.headers.cookie);
    if (this.#faults.find('network-down', account) !== undefined) {
      request.socket.destroy();
    } else if (this.#faults.find('black-hole', account) !== undefined) {
      this.#held.push(() => this.#network(request, response, next));
    } else {
      setTimeout(next, (this.#faults.find('slow', account)?.latencyMs ?? 0) + this.#settings().slowMs);
    }
  }

  #boot(build: string): BootSettings {
    const settings = this.#settings();
    return {
      loadDelayMs: settings.loadDelayMs,
      bootCpuMs: settings.bootCpuMs,
      reconnectDelayMs: settings.reconnectDelayMs,
      keepAliveMs: settings.keepAliveMs,
      heapBallastMb: settings.heapBallastMb,
      indexedDbBallastMb: settings.indexedDbBallastMb,
      resendAfterReload: settings.resendAfterReload,
      broken: settings.brokenBuilds.includes(build),
      refusesHeadlessShell: settings.refusesHeadlessShell,
    };
  }
}
