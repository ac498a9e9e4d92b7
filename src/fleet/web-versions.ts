import type { BusEvent } from '../domain/bus-event.js';
import type { IncidentDesk } from '../domain/incident.js';
import { needsThePage } from '../domain/page-change.js';
import type { Clock, Logger, WebPages } from '../domain/ports.js';
import type { WebPageStore } from '../domain/store-ports.js';
import {
  type GuardDecision,
  guardAfter,
  hasFailedToLoad,
  LIVE,
  type LoadedPage,
  type PageEvidence,
  type VersionGuard,
  versionFor,
} from '../domain/version-guard.js';
import type { SessionActor } from '../session/actor.js';

interface WebVersionsOptions {
  /** `version` pins one by hand: the guard is off. */
  settings: { version: string | null; failuresBeforeTrial: number; retryAfterMs: number };
  store: WebPageStore;
  incidents: IncidentDesk;
  clock: Clock;
  logger: Logger;
  actors: () => ReadonlyMap<string, SessionActor>;
}

/** Guards the fleet against versions of WhatsApp Web that do not work: keeps those that do, and goes back to one of them. */
export class WebVersions implements WebPages {
  readonly #options: WebVersionsOptions;
  /** What each session has loaded in its present browser. */
  readonly #pages = new Map<string, LoadedPage>();
  #guard: VersionGuard;

  constructor(options: WebVersionsOptions) {
    this.#options = options;
    this.#guard = options.settings.version === null ? (options.store.held() ?? LIVE) : LIVE;
  }

  /** The incident of a version that was left before the restart is this guard's to close. */
  start(): void {
    if (this.#guard.mode === 'held') this.#options.incidents.join('web_version', keyOf(this.#guard.bad), []);
  }

  /** Throws when a pinned version has no page: every number would be down, which is better said before anything starts. */
  requirePinned(): void {
    const { settings, store } = this.#options;
    if (settings.version === null || store.read(settings.version) !== null) return;
    const kept = store.versions().join(', ') || 'none';
    const place = store.placeOf(settings.version);
    throw new Error(`web.version pins ${settings.version}, whose page ${place} is not there. Versions kept: ${kept}.`);
  }

  pageFor(sessionId: string): { version: string; html: string } | null {
    this.#pages.delete(sessionId);
    this.#take({ type: 'asks', sessionId });
    const version = this.#options.settings.version ?? versionFor(this.#guard, sessionId);
    if (version === null) return null;
    const html = this.#try('read', () => this.#options.store.read(version));
    return typeof html === 'string' ? { version, html } : null;
  }

  loaded(sessionId: string, page: LoadedPage): void {
    this.#pages.set(sessionId, page);
    this.#take({ type: 'loaded', sessionId, page });
  }

  worked(sessionId: string, page: LoadedPage, html: string | null): void {
    const { store, clock, logger } = this.#options;
    const { version } = page;
    this.#pages.set(sessionId, page);
    if (version !== null && this.#try('keep', () => store.worked(version, html, clock.now())) === true) {
      logger.info('fleet.web_page_kept', `WhatsApp Web ${version} works; its page was kept`, { version });
    }
    this.#take({ type: 'ready', sessionId, page });
  }

  /** Listener for the event bus. */
  readonly observe = (event: BusEvent): void => {
    if (event.type !== 'state') return;
    const { sessionId, before, after } = event;
    const page = this.#pages.get(sessionId);
    const isParked = after.status === 'error' && before.status !== 'error';
    if (page !== undefined && isParked && after.reason === 'outdated') {
      if (page.kept && page.version !== null) this.#forget(page.version);
      this.#take({ type: 'outdated', sessionId, page });
    } else if (page !== undefined && hasFailedToLoad(before, after)) {
      this.#pages.delete(sessionId);
      this.#take({ type: 'failed', sessionId, page });
    }
    const isResting = after.status === 'disconnected' || after.status === 'idle' || after.status === 'error';
    if (isResting && before.status !== after.status) this.#take({ type: 'resting', sessionId });
  };

  #take(evidence: PageEvidence): void {
    const { settings, store, clock } = this.#options;
    if (settings.version !== null) return;
    const before = this.#guard;
    const running = this.#actors().filter(({ state }) => state.desired === 'running').length;
    const good = this.#try('list', () => store.versions()) ?? [];
    const { guard, decision } = guardAfter(before, evidence, { now: clock.now(), good, running, policy: settings });
    this.#guard = guard;
    if (guard !== before && (guard.mode === 'held' || before.mode === 'held')) {
      this.#try('keep', () => store.saveHeld(guard.mode === 'held' ? guard : null));
    }
    if (decision !== null) this.#carryOut(decision, before);
  }

  #carryOut(decision: GuardDecision, before: VersionGuard): void {
    this.#say(decision, before);
    switch (decision.type) {
      case 'try-kept':
        this.#loadAnew(decision.canary);
        break;
      case 'reload':
        this.#loadAnew(decision.sessionId);
        break;
      case 'hold':
        this.#everybodyLoadsAnew();
        break;
      case 'release':
        // Whoever runs on the kept page goes on with it; only who fails on it has something to gain.
        if (decision.why !== 'works') this.#everybodyLoadsAnew();
        break;
      case 'acquit':
        break;
      default:
        decision satisfies never;
    }
  }

  #say(decision: GuardDecision, before: VersionGuard): void {
    const { logger, incidents } = this.#options;
    const guard = this.#guard;
    if (decision.type === 'try-kept' && guard.mode === 'trial') {
      const { bad, on, canary } = guard;
      const words = `${nameOf(bad)} does not get ready; ${canary} tries version ${on}, which worked before`;
      logger.warn('fleet.web_version_suspected', words, { bad, on, sessionId: canary });
    }
    if (decision.type === 'hold' && guard.mode === 'held') {
      const { bad, on, retryAt } = guard;
      const words = `${nameOf(bad)} does not work; every session loads version ${on} from now on`;
      logger.warn('fleet.web_version_held', words, { bad, on, retryAt: new Date(retryAt).toISOString() });
      const affected = this.#actors().filter(({ state }) => state.desired === 'running' && needsThePage(state));
      const sessionIds = affected.map(({ id }) => id);
      incidents.open('web_version', { key: keyOf(bad), reason: 'ready_timeout', message: `${words}.`, sessionIds });
    }
    if (decision.type === 'release' && before.mode === 'held') {
      const words = `Sessions load again what WhatsApp serves: ${RELEASED[decision.why]}`;
      logger.info('fleet.web_version_released', words, { bad: before.bad, on: before.on, why: decision.why });
      incidents.close('web_version', keyOf(before.bad), `${words}.`);
    }
    if (decision.type === 'acquit' && before.mode === 'trial') {
      logger.info('fleet.web_version_acquitted', `${nameOf(before.bad)} is not to blame`, { bad: before.bad });
    }
  }

  #loadAnew(sessionId: string): void {
    this.#options.actors().get(sessionId)?.dispatch({ type: 'page-changed' });
  }

  #everybodyLoadsAnew(): void {
    for (const { id } of this.#actors()) this.#loadAnew(id);
  }

  #forget(version: string): void {
    this.#try('forget', () => this.#options.store.forget(version));
  }

  #actors(): SessionActor[] {
    return [...this.#options.actors().values()];
  }

  /** The guard is there to help: a disk that fails it must not keep a session from loading. */
  #try<T>(what: string, run: () => T): T | null {
    try {
      return run();
    } catch (error) {
      const words = `A page of WhatsApp Web could not be handled (${what}): ${String(error)}`;
      this.#options.logger.warn('fleet.web_page_failed', words, { what });
      return null;
    }
  }
}

const nameOf = (version: string | null) => (version === null ? 'The WhatsApp Web of now' : `WhatsApp Web ${version}`);

const keyOf = (version: string | null) => version ?? 'unknown';

const RELEASED = {
  works: 'it works',
  kept_failed: 'the kept page no longer works either',
  kept_outdated: 'the kept page is too old by now',
} as const;
