import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Simulator, type SimulatorClient, startSimulator } from '../../simulator/client.js';
import { type BrowserGate, createBrowserGate } from './browser-gate.js';
import { freePort } from './free-port.js';
import { type KeptNumber, keptNumbers } from './kept-number.js';
import { ServiceApi, ServiceRefusal, type SessionView } from './service-api.js';
import { type ServicePlace, type ServiceProcess, type ServiceSettings, spawnService } from './service-process.js';
import { mustHappen } from './waiting.js';

/**
 * Counters are reset sooner than the default 30 s, so that the next fault finds a calm session without a long wait
 * between the rows. It changes no deadline and no delay of a recovery.
 */
const BASE_SETTINGS: ServiceSettings = { health: { stableAfterMs: 5000 } };
const LINK_WITHIN_MS = 90_000;
const FORCE_AFTER_MS = 20_000;
const CALM_WITHIN_MS = 90_000;
const CONNECTED_WITHIN_MS = 60_000;

interface WorldOptions {
  readonly preload?: (folder: string) => readonly string[];
  readonly settings?: ServiceSettings;
}

/** Everything of one run: a simulated WhatsApp, the real service on a folder of its own, and the numbers it keeps. */
export class World {
  readonly folder = mkdtempSync(join(tmpdir(), 'wakeful-bench-'));
  /** Process groups of all browsers that the service was seen with. */
  readonly browsersSeen = new Set<number>();
  readonly api: ServiceApi;
  #numbers: readonly KeptNumber[] = [];
  readonly #apiKey = `bench_${randomBytes(12).toString('hex')}`;
  readonly #port: number;
  readonly #simulator: Simulator;
  readonly gate: BrowserGate;
  place: ServicePlace;
  preload: readonly string[] = [];
  /** What the service is to start as a browser; null lets it look for one, which needs the simulator's `browserArgs`. */
  browserPath: string | null;
  #service: ServiceProcess | null = null;
  readonly #atEnd: (() => void)[] = [];

  private constructor(simulator: Simulator, port: number) {
    this.#simulator = simulator;
    this.#port = port;
    this.api = new ServiceApi(`http://127.0.0.1:${port}`, this.#apiKey);
    this.place = this.placeIn(this.folder);
    mkdirSync(this.place.tmpDir, { recursive: true });
    // The browsers of root run as another user, who passes through to its profiles.
    chmodSync(this.folder, 0o711);
    this.gate = createBrowserGate(this.folder, simulator.browserWrapper);
    this.browserPath = this.gate.path;
  }

  /**
   * Starts simulator and service, links `count` numbers and resolves when all are connected. `preload` gives the modules
   * that Node loads before the service, as `--import` takes them; it gets the folder of the run.
   */
  static async open(count: number, { preload, settings = {} }: WorldOptions = {}): Promise<World> {
    const simulator = await startSimulator();
    const world = new World(simulator, await freePort());
    world.preload = preload?.(world.folder) ?? [];
    try {
      await world.startService(settings);
      await world.keep(count);
      return world;
    } catch (error) {
      await world.close(false);
      throw error;
    }
  }

  get numbers(): readonly KeptNumber[] {
    return this.#numbers;
  }

  get phones(): SimulatorClient {
    return this.#simulator.client;
  }

  /** Arguments with which any browser finds the simulated WhatsApp. */
  get browserArgs(): readonly string[] {
    return this.#simulator.browserArgs;
  }

  get service(): ServiceProcess {
    if (this.#service === null) throw new Error('the service does not run');
    return this.#service;
  }

  placeIn(folder: string): ServicePlace {
    return { dataDir: join(folder, 'data'), authDir: join(folder, 'profiles'), tmpDir: join(folder, 'tmp') };
  }

  profileDir(number: KeptNumber): string {
    return join(this.place.authDir, `session-${number.id}`);
  }

  /** Starts the service and waits until it is ready; `settings` go over those of every run. */
  startService(settings: ServiceSettings): Promise<void> {
    return this.spawnService(settings).untilReady();
  }

  /** The same without waiting. */
  spawnService(settings: ServiceSettings): ServiceProcess {
    this.#service = spawnService({
      place: this.place,
      browserPath: this.browserPath,
      port: this.#port,
      apiKey: this.#apiKey,
      settings: { ...BASE_SETTINGS, ...settings },
      preload: this.preload,
    });
    return this.#service;
  }

  /** Ends the service as it was and starts it again, by default with the settings that it had. */
  async restartService(signal: 'SIGTERM' | 'SIGKILL', settings = this.service.settings): Promise<void> {
    await this.service.end(signal);
    await this.startService(settings);
  }

  /** Links further numbers, or deletes the last ones, until there are `count`; resolves when all are connected. */
  async keep(count: number): Promise<void> {
    const had = this.#numbers;
    this.#numbers = keptNumbers(count);
    for (const { id } of had.slice(count)) await this.api.call('DELETE', `/api/sessions/${id}`);
    const added = this.#numbers.slice(had.length);
    for (const { id } of added) await this.api.call('POST', '/api/sessions', { id });
    await Promise.all(added.map((number) => this.bringBack(number)));
  }

  /** The session as the service shows it; null while the service does not answer. */
  async view(number: KeptNumber): Promise<SessionView | null> {
    try {
      const view = await this.api.session(number.id);
      if (view.browser) this.browsersSeen.add(view.browser.pid);
      return view;
    } catch (error) {
      if (error instanceof ServiceRefusal) return null;
      throw error;
    }
  }

  async browserPid(number: KeptNumber): Promise<number> {
    const pid = (await this.view(number))?.browser?.pid;
    if (pid === undefined) throw new Error(`${number.id} has no browser`);
    return pid;
  }

  /** Connected, and so long that its counters are those of a session that never failed. */
  async calm(number: KeptNumber): Promise<boolean> {
    const view = await this.view(number);
    return view?.status === 'connected' && view.attempt === 0;
  }

  async allCalm(): Promise<void> {
    for (const number of this.numbers) {
      await mustHappen(`${number.id} is calm`, CALM_WITHIN_MS, () => this.calm(number));
    }
  }

  /** Waits until it is connected by another browser than `before`. Nobody scans a code: a lost login is a failure. */
  async connectedAgain(number: KeptNumber, before: number | null): Promise<void> {
    await mustHappen(`${number.id} is connected again`, CONNECTED_WITHIN_MS, async () => {
      const view = await this.view(number);
      return view?.status === 'connected' && view.browser !== null && view.browser.pid !== before;
    });
  }

  /**
   * Whatever it takes, a person at the phone and one at the API included: scans the code when one is asked for, and
   * does not wait for a long backoff.
   */
  async bringBack(number: KeptNumber): Promise<void> {
    const force = () => this.api.call('POST', `/api/sessions/${number.id}/force-reconnect`, {});
    let forceAt = Date.now() + FORCE_AFTER_MS;
    await mustHappen(`${number.id} is connected`, LINK_WITHIN_MS, async () => {
      const view = await this.view(number);
      if (view === null) return false;
      if (view.status === 'connected') return true;
      if (view.status === 'qr_pending') await this.#scan(number);
      if (view.status === 'error' || view.status === 'suspended') await force();
      if (view.status === 'disconnected' || view.status === 'idle') await this.api.connect(number.id);
      if (view.status === 'reconnecting' && Date.now() > forceAt) {
        forceAt = Date.now() + FORCE_AFTER_MS;
        await force();
      }
      return false;
    });
  }

  /** Has something undone when no process is left, also after a run that ended early. */
  atEnd(undo: () => void): void {
    this.#atEnd.push(undo);
  }

  /** Ends everything; resolves when no process is left. `keep` leaves the folder, with the service's logs in it. */
  async close(keep: boolean): Promise<void> {
    // A stopped process takes no SIGTERM.
    this.#service?.signal('SIGCONT');
    await this.#service?.end('SIGTERM');
    await this.#simulator.stop();
    for (const undo of this.#atEnd) undo();
    if (!keep) rmSync(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async #scan(number: KeptNumber): Promise<void> {
    const shown = await this.api.call<{ qr: string }>('GET', `/api/sessions/${number.id}/qr`).catch(() => null);
    // A code may rotate between the look and the scan; the next round takes the new one.
    if (shown !== null) await this.phones.scanQr(shown.qr, number.phoneNumber).catch(() => undefined);
  }
}
