import type { SessionFacts } from '../domain/store-ports.js';

/**
 * The facts of a session, and whether they were stored since they changed. Most change many times a minute, which is no
 * reason to write each time: they go with the next state, or with the round of the monitor.
 */
export class KeptFacts {
  readonly #facts: SessionFacts;
  #isUnsaved = false;

  constructor(facts: SessionFacts) {
    this.#facts = facts;
  }

  note(change: Partial<SessionFacts>): void {
    Object.assign(this.#facts, change);
    this.#isUnsaved = true;
  }

  /** What is to be stored, null when nothing is. */
  unsaved(): SessionFacts | null {
    return this.#isUnsaved ? this.#facts : null;
  }

  saved(): void {
    this.#isUnsaved = false;
  }
}
