import type { AvailableMemory, BrowserSight, MeasureMemory, ReadMachineLoad } from '../domain/ports.js';
import type { RestoreProgress } from '../domain/restore-progress.js';
import { initialState } from '../domain/session-state.js';
import type { SessionRecord } from '../domain/store-ports.js';
import type { SessionActor } from '../session/actor.js';
import type { SessionDeps } from '../session/deps.js';
import { Together } from '../session/together.js';
import { createAdmission } from './admission.js';
import { MemoryHistory } from './memory-history.js';
import { Recycler } from './recycler.js';
import { Restoring } from './restoring.js';

const DAY_MS = 24 * 60 * 60_000;
/** Looked at in one turn of the event loop: a thousand would hold up everything else for a tenth of a second. */
const MONITORED_PER_TURN = 20;

type SupervisorDeps = SessionDeps & {
  machineLoad: ReadMachineLoad;
  measureMemory: MeasureMemory;
  availableMemoryBytes: AvailableMemory;
};

/** Keeps the actors of all sessions: restores them at the start, looks at each every minute, stops them at the end. */
export class Supervisor {
  readonly #deps: SessionDeps;
  readonly #actors = new Map<string, SessionActor>();
  readonly #createActor: (record: SessionRecord, deps: SessionDeps) => SessionActor;
  readonly #recycler: Recycler;
  readonly #measureMemory: MeasureMemory;
  readonly #memory = new MemoryHistory();
  #cancelMonitor: (() => void) | null = null;
  #cancelRound: (() => void) | null = null;
  readonly #restoring: Restoring;
  readonly #together: Together;
  #cannotStore = false;
  #phase: 'starting' | 'running' | 'stopping' = 'starting';

  constructor(
    deps: Omit<SupervisorDeps, 'admission' | 'together'>,
    createActor: (record: SessionRecord, deps: SessionDeps) => SessionActor,
  ) {
    const { machineLoad, measureMemory, availableMemoryBytes, ...rest } = deps;
    const { clock, logger, config } = rest;
    const hasBrowsers = () => [...this.#actors.values()].some(({ browser }) => browser.client?.browser());
    const admission = createAdmission({
      limits: config.fleet,
      clock,
      logger,
      ...{ availableMemoryBytes, machineLoad, hasBrowsers },
    });
    this.#together = new Together(rest);
    this.#deps = { ...rest, admission, together: this.#together };
    this.#measureMemory = measureMemory;
    this.#recycler = new Recycler({ ...rest, measureMemory, availableMemoryBytes, actors: () => this.#actors });
    this.#createActor = createActor;
    this.#restoring = new Restoring({ clock, logger, stateOf: (id) => this.#actors.get(id)?.state ?? null });
  }

  get isRunning(): boolean {
    return this.#phase === 'running';
  }

  /** How far the sessions are that the start brings back; null when that is over. */
  get restoring(): RestoreProgress | null {
    return this.#restoring.progress;
  }

  get actors(): ReadonlyMap<string, SessionActor> {
    return this.#actors;
  }

  /** Every browser that lives, also those that are being closed. */
  browsers(): BrowserSight[] {
    return [...this.#actors.values()].flatMap(({ browser }) => browser.sight() ?? []);
  }

  /** What the browser of each session took, looked at every minute. */
  get memory(): Pick<MemoryHistory, 'of'> {
    return this.#memory;
  }

  /** Restores every known session and adopts those that only exist as a profile folder. */
  async start(): Promise<void> {
    const { sessions, profiles, logger, clock } = this.#deps;
    for (const record of sessions.all()) this.#actors.set(record.id, this.#createActor(record, this.#deps));
    for (const id of await profiles.list()) if (!this.#actors.has(id)) await this.#adopt(id);
    logger.info('fleet.restoring', `Restoring ${this.#actors.size} sessions`, { count: this.#actors.size });
    const inOrder = this.#byActivity();
    for (const actor of inOrder) {
      const hasProfile = await profiles.hasCredentials(actor.id);
      if (this.#isStopping()) return;
      actor.dispatch({ type: 'restore', hasProfile, lastSeenAt: actor.record.facts.lastConnectionCheckAt });
    }
    if (this.#isStopping()) return;
    this.#phase = 'running';
    this.#restoring.begin(inOrder.map(({ id }) => id));
    logger.info('fleet.restored', 'Every session that should run has been started', { count: this.#actors.size });
    this.#scheduleMonitor(clock.now());
  }

  /** Time went by in which nothing could be done: no session is blamed for it. */
  timeLost(gap: { stallMs: number; jumpMs: number }): void {
    const words = `Time was lost: stood still for ${gap.stallMs} ms, clock set by ${gap.jumpMs} ms`;
    this.#deps.logger.warn('service.time_gap', words, gap);
    for (const actor of this.#actors.values()) actor.dispatch({ type: 'time-lost', ...gap });
  }

  /** Adds a session that is new; false when the id is taken. It is in the map before anything asynchronous begins. */
  add(record: SessionRecord): SessionActor | null {
    if (this.#actors.has(record.id) || !this.#deps.sessions.insert(record)) return null;
    const actor = this.#createActor(record, this.#deps);
    this.#actors.set(record.id, actor);
    const words = `Session ${record.id} was created`;
    this.#deps.logger.info('session.created', words, { sessionId: record.id });
    this.#deps.publish({ type: 'session', sessionId: record.id, change: 'created' });
    return actor;
  }

  /** Forgets a session that was stopped before. */
  forget(id: string): void {
    // The row first: when that fails, the session is still there to be removed again.
    this.#deps.sessions.remove(id);
    this.#actors.delete(id);
    this.#memory.forget(id);
    this.#deps.logger.info('session.removed', `Session ${id} was removed`, { sessionId: id });
    this.#deps.publish({ type: 'session', sessionId: id, change: 'removed' });
  }

  /** Closes every browser, all at the same time; resolves when none lives. */
  async stop(): Promise<void> {
    this.#rest();
    await Promise.allSettled([...this.#actors.values()].map((actor) => actor.stop()));
    this.#together.now();
  }

  /** From here on nothing is begun, decided or stored; browsers that live go on. */
  abandon(): void {
    this.#rest();
    for (const actor of this.#actors.values()) actor.abandon();
  }

  #rest(): void {
    this.#phase = 'stopping';
    this.#cancelMonitor?.();
    this.#cancelRound?.();
    this.#restoring.stop();
  }

  /** The numbers that were used last come back first. */
  #byActivity(): SessionActor[] {
    const lastUse = ({ record }: SessionActor) => record.facts.lastActivityAt ?? record.createdAt;
    return [...this.#actors.values()].toSorted((a, b) => lastUse(b) - lastUse(a));
  }

  async #adopt(id: string): Promise<void> {
    const { profiles, clock } = this.#deps;
    if (!(await profiles.hasCredentials(id)) || this.#isStopping()) return;
    const now = clock.now();
    this.add(newRecord(id, now, { linked: true }));
  }

  /** The end may come while the start still waits for something: from then on no browser may begin. */
  #isStopping(): boolean {
    return this.#phase === 'stopping';
  }

  #scheduleMonitor(prunedAt: number): void {
    const { clock, config } = this.#deps;
    this.#cancelMonitor = clock.schedule(config.health.monitorIntervalMs, () => {
      const pruneIsDue = clock.now() - prunedAt > DAY_MS;
      this.#scheduleMonitor(pruneIsDue ? clock.now() : prunedAt);
      this.#monitor([...this.#actors.values()]);
      this.#noteMemory();
      void this.#recycler.look();
      if (pruneIsDue) this.#pruneInbox();
    });
  }

  #noteMemory(): void {
    const at = this.#deps.clock.now();
    for (const { id, browser } of this.#actors.values()) {
      const process = browser.client?.browser() ?? null;
      const bytes = process && this.#measureMemory(process.pid);
      // What cannot be told is no gap, either.
      if (bytes !== 0) this.#memory.add(id, { at, bytes });
    }
  }

  #monitor(actors: readonly SessionActor[]): void {
    const turn = actors.slice(0, MONITORED_PER_TURN);
    for (const actor of turn) actor.monitor();
    this.#saveFacts(turn);
    const rest = actors.slice(MONITORED_PER_TURN);
    if (rest.length > 0) this.#cancelRound = this.#deps.clock.schedule(0, () => this.#monitor(rest));
  }

  /** When each was last looked at and last active: a start after a kill brings back first those that were. */
  #saveFacts(actors: readonly SessionActor[]): void {
    const unsaved = actors.flatMap(({ id, facts }) => {
      const own = facts.unsaved();
      return own === null ? [] : [[id, own] as const];
    });
    if (unsaved.length === 0) return;
    try {
      this.#deps.sessions.saveFacts(new Map(unsaved));
      for (const { facts } of actors) facts.saved();
      this.#cannotStore = false;
    } catch (error) {
      const words = `When sessions were last checked and used could not be stored: ${String(error)}`;
      // Once: it is tried again every minute, for all of them.
      if (!this.#cannotStore) this.#deps.logger.error('session.effect_failed', words, { effect: 'store' });
      this.#cannotStore = true;
    }
  }

  #pruneInbox(): void {
    const { clock, config, inbox, logger } = this.#deps;
    try {
      inbox.prune(clock.now() - config.messages.inboxKeepDays * DAY_MS);
    } catch (error) {
      logger.error('service.unhandled', `Old received messages could not be removed: ${String(error)}`);
    }
  }
}

/** The record of a session that nobody has started yet; `linked` when its profile was made by another program. */
export function newRecord(id: string, now: number, options: { linked: boolean }): SessionRecord {
  return {
    id,
    label: null,
    webhook: null,
    proxy: null,
    state: { ...initialState(now), linked: options.linked, desired: options.linked ? 'running' : 'stopped' },
    facts: {
      phoneNumber: null,
      webVersion: null,
      lastQrScanAt: null,
      lastConnectionCheckAt: null,
      lastActivityAt: null,
    },
    createdAt: now,
  };
}
