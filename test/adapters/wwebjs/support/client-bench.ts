import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect } from '@jest/globals';
import { type Simulator, startSimulator } from '../../../../simulator/client.js';
import { createWhatsAppClient } from '../../../../src/adapters/wwebjs/create-client.js';
import { type Config, loadConfig } from '../../../../src/config.js';
import type { IncomingMessage } from '../../../../src/domain/message.js';
import type { MessageNews } from '../../../../src/domain/message-news.js';
import type { Clock, Logger, WhatsAppClient } from '../../../../src/domain/ports.js';
import type { ClientEvent } from '../../../../src/domain/session-event.js';
import { FakeWebPages } from '../../../support/fake-web-pages.js';
import { launchProfile } from '../../../support/launch-profile.js';
import { until } from '../../../support/until.js';

export const PHONE = '491511111111';
export const FRIEND = '491522222222';
const PATIENCE_MS = 20_000;

const clock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A signal that aborts as a deadline does. */
export const within = (ms = 30_000): AbortSignal => AbortSignal.timeout(ms);

/** One launch with everything that it told. */
export class ClientLaunch {
  readonly client: WhatsAppClient;
  readonly events: ClientEvent[] = [];
  readonly messages: IncomingMessage[] = [];
  readonly news: MessageNews[] = [];
  /** Numbers behind LIDs as an earlier launch may have learned them. */
  readonly learned = new Map<string, string>();
  readonly acks = new Map<string, number>();
  readonly pages = new FakeWebPages();

  constructor(
    browserPath: string,
    folder: string,
    changes: Partial<Config['browser']> = {},
    sooner: Partial<Config['deadlines']> = {},
  ) {
    const config = loadConfig({ CHROME_PATH: browserPath, WAKEFUL_AUTH_DIR: folder }, folder);
    const health = { ...config.health, probeTimeoutMs: 1500 };
    const browser = { ...config.browser, ...launchProfile(), ...changes };
    const deadlines = { ...config.deadlines, ...sooner };
    this.client = createWhatsAppClient({
      config: { ...config, health, browser, deadlines },
      logger: quiet,
      clock,
      pages: this.pages,
    })({
      sessionId: 'shop',
      profileDir: join(folder, 'session-shop'),
      proxy: null,
      engine: 'usual',
      onEvent: (event) => void this.events.push(event),
      onMessage: (message) => void this.messages.push(message),
      onChange: (news) => void this.news.push(news),
      phoneOf: (lid) => this.learned.get(lid) ?? null,
      onAck: (id, ack) => void this.acks.set(id, ack),
    });
  }

  count(type: ClientEvent['type']): number {
    return this.events.filter((event) => event.type === type).length;
  }

  /** Resolves when events of this type have come so often. */
  async saw(type: ClientEvent['type'], times = 1, withinMs = PATIENCE_MS): Promise<void> {
    await until(`${type} × ${times}`, withinMs, () => this.count(type) >= times);
  }

  /** Pid of the browser that was launched, also when it is gone; 0 when none was. */
  get pid(): number {
    return this.events.find((event) => event.type === 'launched')?.pid ?? 0;
  }

  /** The text of the newest QR code. */
  async qr(): Promise<string> {
    await this.saw('qr');
    return this.events.findLast((event) => event.type === 'qr')?.text ?? '';
  }
}

/** Everything that a test of real clients needs, and the promise that nothing of it stays. */
export class ClientBench {
  #simulator: Simulator | null = null;
  #folder = '';
  #launches: ClientLaunch[] = [];
  readonly #unhandled: unknown[] = [];
  readonly #onUnhandled = (reason: unknown) => void this.#unhandled.push(reason);

  get simulator(): Simulator {
    if (this.#simulator === null) throw new Error('open() comes first');
    return this.#simulator;
  }

  get folder(): string {
    return this.#folder;
  }

  async open(): Promise<void> {
    process.on('unhandledRejection', this.#onUnhandled);
    this.#simulator = await startSimulator();
  }

  async close(): Promise<void> {
    await this.simulator.stop();
    process.off('unhandledRejection', this.#onUnhandled);
  }

  async prepare(): Promise<void> {
    this.#unhandled.length = 0;
    this.#folder = await mkdtemp(join(tmpdir(), 'wakeful-client-'));
    await this.simulator.client.reset();
    await this.simulator.client.settings({ syncDelayMs: 200, reconnectDelayMs: 100 });
  }

  /** Ends what a test left, and fails when a rejection went unhandled or a process outlived its close. */
  async clear(): Promise<void> {
    await Promise.all(this.#launches.map(({ client }) => client.close('kill')));
    const left = this.#launches.flatMap(({ pid }) => (pid === 0 ? [] : livingIn(pid)));
    this.#launches = [];
    await rm(this.#folder, { recursive: true, force: true, maxRetries: 5 });
    // What nobody caught shows itself in a later turn.
    await pause(50);
    expect(left).toEqual([]);
    expect(this.#unhandled).toEqual([]);
  }

  launch(
    browserPath = this.simulator.browserWrapper,
    changes: Partial<Config['browser']> = {},
    sooner: Partial<Config['deadlines']> = {},
  ): ClientLaunch {
    const made = new ClientLaunch(browserPath, this.#folder, changes, sooner);
    this.#launches.push(made);
    return made;
  }

  /** A session that is linked and ready. */
  async linked(changes: Partial<Config['browser']> = {}): Promise<ClientLaunch> {
    const made = this.launch(this.simulator.browserWrapper, changes);
    await made.client.start(within());
    await this.simulator.client.scanQr(await made.qr(), PHONE);
    await made.saw('ready');
    return made;
  }
}

/** Processes of a group that live, zombies left out. */
export function livingIn(groupId: number): number[] {
  return readdirSync('/proc')
    .filter((name) => {
      if (!/^\d+$/.test(name)) return false;
      try {
        const [state, , group] = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
        return state !== 'Z' && group === String(groupId);
      } catch {
        return false;
      }
    })
    .map(Number);
}

/** The renderers of a browser, its page's among them: full Chromium has others, and which is which nothing tells. */
export function renderersOf(groupId: number): number[] {
  const isRenderer = (pid: number) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer');
  const renderers = livingIn(groupId).filter(isRenderer);
  if (renderers.length === 0) throw new Error(`the browser ${groupId} has no renderer`);
  return renderers;
}
