import type { Clock, Logger } from '../domain/ports.js';
import { progressWords, type RestoreProgress, restoreProgress } from '../domain/restore-progress.js';
import type { SessionState } from '../domain/session-state.js';

interface RestoringDeps {
  clock: Clock;
  logger: Logger;
  /** Null for a session that was removed meanwhile. */
  stateOf: (sessionId: string) => SessionState | null;
}

const TELL_EVERY_MS = 10_000;

/** It comes back by itself, and soon: it neither rests nor waits for a person. */
function isUnderWay(state: SessionState | null): boolean {
  return state?.status === 'connecting' || state?.status === 'reconnecting';
}

/** Tells how far the sessions are that a start of the service brings back, until each has come to an end once. */
export class Restoring {
  readonly #deps: RestoringDeps;
  #sessionIds: readonly string[] = [];
  readonly #underWay = new Set<string>();
  #startedAt = 0;
  #cancel: (() => void) | null = null;

  constructor(deps: RestoringDeps) {
    this.#deps = deps;
  }

  /** How far it is; null when everybody has arrived, rests or waits for a person. */
  get progress(): RestoreProgress | null {
    if (this.#underWay.size === 0) return null;
    const progress = this.#look();
    return this.#underWay.size === 0 ? null : progress;
  }

  /** Begins with those of these sessions that have been told to connect. */
  begin(sessionIds: readonly string[]): void {
    const { clock, stateOf } = this.#deps;
    this.#startedAt = clock.now();
    this.#sessionIds = sessionIds.filter((id) => isUnderWay(stateOf(id)));
    for (const id of this.#sessionIds) this.#underWay.add(id);
    if (this.#underWay.size > 0) this.#tellLater();
  }

  stop(): void {
    this.#cancel?.();
  }

  #look(): RestoreProgress {
    const { clock, stateOf } = this.#deps;
    // Whoever is lost again later is another matter.
    for (const id of this.#underWay) if (!isUnderWay(stateOf(id))) this.#underWay.delete(id);
    const connected = this.#sessionIds.filter((id) => stateOf(id)?.status === 'connected').length;
    const counts = { connected, of: this.#sessionIds.length, underWay: this.#underWay.size };
    return restoreProgress(counts, clock.now() - this.#startedAt);
  }

  #tellLater(): void {
    const { clock, logger } = this.#deps;
    this.#cancel = clock.schedule(TELL_EVERY_MS, () => {
      const progress = this.#look();
      const { connected, of: count, remainingMs } = progress;
      logger.info('fleet.restoring', `Restoring: ${progressWords(progress)}`, { connected, count, remainingMs });
      if (this.#underWay.size > 0) this.#tellLater();
    });
  }
}
