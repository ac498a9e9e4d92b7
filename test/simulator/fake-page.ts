import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { connectSimulator, type SimulatorClient } from '../../simulator/client.js';
import type { Credentials, PageFrame, ServerFrame, WireMessage } from '../../simulator/frame.js';
import { type RunningSimulator, runSimulator } from '../../simulator/server/running-simulator.js';
import type { SimulatorSettings } from '../../simulator/settings.js';

export type FrameOf<K extends ServerFrame['kind']> = Extract<ServerFrame, { kind: K }>;

/** Speaks the page's side of the protocol, so that the server can be tested without a browser. */
export class FakePage {
  readonly #socket: WebSocket;
  readonly #frames: ServerFrame[] = [];
  #wake: () => void = () => undefined;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data) => {
      this.#frames.push(JSON.parse(String(data)) as ServerFrame);
      this.#wake();
    });
    socket.on('error', () => undefined);
  }

  static async open(
    simulator: RunningSimulator,
    credentials: Credentials | null = null,
    pageId: string = randomUUID(),
  ): Promise<FakePage> {
    const socket = new WebSocket(`${simulator.pageUrl.replace('https', 'wss')}/ws`, { rejectUnauthorized: false });
    const page = new FakePage(socket);
    await once(socket, 'open');
    page.send({ kind: 'hello', pageId, build: '2.3000.1', credentials });
    return page;
  }

  send(frame: PageFrame): void {
    this.#socket.send(JSON.stringify(frame));
  }

  sendText(to: string, body: string, id: string = randomUUID()): string {
    const message: WireMessage = {
      id,
      fromMe: true,
      chat: to.includes('@') ? to : `${to}@c.us`,
      type: 'chat',
      body,
      t: Math.floor(Date.now() / 1000),
      ack: 0,
      attributes: {},
    };
    this.send({ kind: 'send', message });
    return id;
  }

  /** The next frame of that kind; frames of other kinds before it are dropped. */
  async next<K extends ServerFrame['kind']>(kind: K): Promise<FrameOf<K>> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame?.kind === kind) return frame as FrameOf<K>;
      if (frame === undefined) {
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    }
  }

  /** Sends a ping and waits for its answer: everything the server had to say before is then here. */
  async seen(): Promise<readonly ServerFrame[]> {
    this.send({ kind: 'ping' });
    while (!this.#frames.some((frame) => frame.kind === 'pong')) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#frames.splice(0);
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  async closed(): Promise<void> {
    if (this.#socket.readyState !== WebSocket.CLOSED) await once(this.#socket, 'close');
  }

  async close(): Promise<void> {
    this.#socket.terminate();
    await this.closed();
  }
}

/** Quick, so that tests need not wait. */
export const QUICK: Partial<SimulatorSettings> = {
  syncDelayMs: 0,
  ackDelaysMs: { server: 0, delivered: 5, read: 10 },
};

export async function quickSimulator(
  dir: string,
  settings: Partial<SimulatorSettings> = {},
): Promise<{ simulator: RunningSimulator; client: SimulatorClient }> {
  const simulator = await runSimulator({ dir, port: 0, controlPort: 0, environment: process.env });
  const client = connectSimulator(simulator.controlUrl);
  await client.settings({ ...QUICK, ...settings });
  return { simulator, client };
}

/** Links a number and returns its credentials and a page that is signed in and synced. */
export async function linkedPage(
  simulator: RunningSimulator,
  client: SimulatorClient,
  phoneNumber: string,
): Promise<{ page: FakePage; credentials: Credentials; sync: FrameOf<'sync'> }> {
  const first = await FakePage.open(simulator);
  await client.scanQr((await first.next('qr')).ref, phoneNumber);
  const { credentials } = await first.next('paired');
  await first.close();
  return { credentials, ...(await signedIn(simulator, credentials)) };
}

export async function signedIn(
  simulator: RunningSimulator,
  credentials: Credentials,
): Promise<{ page: FakePage; sync: FrameOf<'sync'> }> {
  const page = await FakePage.open(simulator, credentials);
  return { page, sync: await page.next('sync') };
}
