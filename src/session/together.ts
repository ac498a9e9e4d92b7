import type { Clock, Logger } from '../domain/ports.js';

const AFTER_MS = 250;

/**
 * Does a quarter of a second later, in one go for all sessions, what nobody waits for. A process that sleeps in between
 * pays for every single thing several times what it costs among others of its kind.
 */
export class Together {
  readonly #clock: Pick<Clock, 'schedule'>;
  readonly #logger: Pick<Logger, 'warn'>;
  #waiting: { readonly sessionId: string; readonly run: () => void }[] = [];
  #cancel: (() => void) | null = null;

  constructor({ clock, logger }: { clock: Pick<Clock, 'schedule'>; logger: Pick<Logger, 'warn'> }) {
    this.#clock = clock;
    this.#logger = logger;
  }

  /** In the order of the calls. What throws is logged and holds up none of the others. */
  later(sessionId: string, run: () => void): void {
    this.#waiting.push({ sessionId, run });
    this.#cancel ??= this.#clock.schedule(AFTER_MS, () => this.now());
  }

  /** Does all of it at once, before everything ends. */
  now(): void {
    this.#cancel?.();
    this.#cancel = null;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { sessionId, run } of waiting) {
      try {
        run();
      } catch (error) {
        const words = `${sessionId}: a receipt could not be stored: ${String(error)}`;
        this.#logger.warn('session.effect_failed', words, { sessionId, effect: 'store' });
      }
    }
  }
}
