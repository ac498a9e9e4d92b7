import { ClientError, type Clock, type CreateClient, type ProfileKeeper } from '../../src/domain/ports.js';
import { FakeClient } from './fake-client.js';
import { FakeWhatsApp } from './fake-whatsapp.js';

const FIRST_PID = 4711;

/** Every browser of every session, and whether two of them ever met. */
export class FakeBrowsers {
  readonly clients: FakeClient[] = [];
  /** Breaches of the contract of a client, and browsers that met. */
  readonly breaches: string[] = [];
  /** Prepares a client before anybody uses it. */
  prepare: (client: FakeClient, launch: number) => void = () => {};
  readonly #clock: Clock;
  readonly #whatsapp = new Map<string, FakeWhatsApp>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  readonly create: CreateClient = (spec) => {
    const { sessionId } = spec;
    if (this.live(sessionId) > 0) this.breaches.push(`${sessionId}: a second browser beside one that lives`);
    const whatsapp = this.whatsapp(sessionId);
    const breach = (what: string) => this.breaches.push(`${sessionId}: ${what}`);
    const client = new FakeClient(spec, { whatsapp, clock: this.#clock, pid: FIRST_PID + this.clients.length, breach });
    this.clients.push(client);
    this.prepare(client, this.clients.length);
    return client;
  };

  whatsapp(sessionId: string): FakeWhatsApp {
    const whatsapp = this.#whatsapp.get(sessionId) ?? new FakeWhatsApp();
    this.#whatsapp.set(sessionId, whatsapp);
    return whatsapp;
  }

  live(sessionId?: string): number {
    const own = this.clients.filter(({ spec }) => sessionId === undefined || spec.sessionId === sessionId);
    return own.filter(({ isLive }) => isLive).length;
  }

  /** The browser that was made last. */
  get latest(): FakeClient {
    const client = this.clients.at(-1);
    if (!client) throw new Error('No browser was started yet.');
    return client;
  }
}

/** Profile folders that are only names. */
export class FakeProfiles implements ProfileKeeper {
  /** Folder by session; true when a login is in it. */
  readonly folders = new Map<string, boolean>();
  readonly quarantined: string[] = [];
  /** Sessions that have a snapshot. */
  readonly snapshots = new Set<string>();
  /** Sessions whose profile is damaged, until its snapshot is restored or it is moved away. */
  readonly corrupt = new Set<string>();
  readonly restored: string[] = [];
  prepareFails: ClientError | null = null;
  /** Called before the list of folders is given. */
  beforeList: () => Promise<void> = async () => {};
  readonly #browsers: FakeBrowsers;

  constructor(browsers: FakeBrowsers) {
    this.#browsers = browsers;
  }

  dir(sessionId: string): string {
    return `/profiles/session-${sessionId}`;
  }

  async list(): Promise<string[]> {
    await this.beforeList();
    return [...this.folders.keys()];
  }

  async hasCredentials(sessionId: string): Promise<boolean> {
    return this.folders.get(sessionId) ?? false;
  }

  async prepare(sessionId: string): Promise<{ endedPids: number[]; removedLocks: boolean }> {
    if (this.prepareFails) throw this.prepareFails;
    this.#mustRest(sessionId, 'prepared');
    if (this.corrupt.has(sessionId)) throw new ClientError('profile_corrupt', 'CURRENT is missing');
    this.folders.set(sessionId, this.folders.get(sessionId) ?? false);
    return { endedPids: [], removedLocks: false };
  }

  async quarantine(sessionId: string): Promise<string | null> {
    this.#mustRest(sessionId, 'moved away');
    this.snapshots.delete(sessionId);
    this.corrupt.delete(sessionId);
    if (!this.folders.delete(sessionId)) return null;
    this.quarantined.push(sessionId);
    return `/quarantine/${sessionId}`;
  }

  async snapshot(sessionId: string): Promise<boolean> {
    this.#mustRest(sessionId, 'copied');
    this.snapshots.add(sessionId);
    return true;
  }

  async hasSnapshot(sessionId: string): Promise<boolean> {
    return this.snapshots.has(sessionId);
  }

  async restoreSnapshot(sessionId: string): Promise<boolean> {
    this.#mustRest(sessionId, 'restored');
    if (!this.snapshots.has(sessionId)) return false;
    this.corrupt.delete(sessionId);
    this.restored.push(sessionId);
    return true;
  }

  async discardSnapshot(sessionId: string): Promise<void> {
    this.snapshots.delete(sessionId);
  }

  #mustRest(sessionId: string, what: string): void {
    if (this.#browsers.live(sessionId) === 0) return;
    this.#browsers.breaches.push(`${sessionId}: its profile was ${what} under a browser that lives`);
    throw new ClientError('profile_in_use', `The profile of ${sessionId} is in use.`);
  }
}
