import type { LogEvent } from '../../domain/log-event.js';
import type { LaunchSpec, Logger } from '../../domain/ports.js';
import type { ClientEvent } from '../../domain/session-event.js';
import { wordsOf } from './failure.js';

/** Speaks for one launch: to its owner by events, to people by the log. After `silence()` only the log is left. */
export class Narrator {
  readonly #spec: LaunchSpec;
  readonly #logger: Logger;
  #silent = false;

  constructor(spec: LaunchSpec, logger: Logger) {
    this.#spec = spec;
    this.#logger = logger;
  }

  silence(): void {
    this.#silent = true;
  }

  /** The browser process is there. */
  launched(browser: Omit<Extract<ClientEvent, { type: 'launched' }>, 'type'>): void {
    const { pid, engine } = browser;
    this.log('info', 'client.launched', `browser ${pid} runs (${engine})`, { pid, engine });
    this.event({ type: 'launched', ...browser });
  }

  event(event: ClientEvent): void {
    this.tell(({ onEvent }) => onEvent(event));
  }

  /** A listener that throws is its own problem, not that of the browser. */
  tell(deliver: (spec: LaunchSpec) => void): void {
    if (this.#silent) return;
    try {
      deliver(this.#spec);
    } catch (error) {
      this.ignored('telling of an event', error);
    }
  }

  /** `words` go on from the session's name. */
  log(level: 'info' | 'warn', event: LogEvent, words: string, fields: { pid?: number; engine?: string } = {}): void {
    const { sessionId } = this.#spec;
    this.#logger[level](event, `${sessionId}: ${words}`, { sessionId, ...fields });
  }

  /** Something failed that nobody waits for. */
  ignored(doing: string, error: unknown): void {
    const { sessionId } = this.#spec;
    this.#logger.debug('client.ignored', `${sessionId}: ${doing} failed: ${wordsOf(error)}`, { sessionId });
  }
}
