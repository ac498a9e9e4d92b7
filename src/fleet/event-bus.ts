import type { BusEvent, Publish } from '../domain/bus-event.js';
import type { Logger } from '../domain/ports.js';

/** Tells everybody in the house what a session did; a listener that throws harms nobody else. */
export class EventBus {
  readonly #listeners = new Set<(event: BusEvent) => void>();
  readonly #logger: Logger;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  readonly publish: Publish = (event) => {
    for (const listener of this.#listeners) {
      try {
        listener(event);
      } catch (error) {
        this.#logger.error('service.unhandled', `A listener of the event bus threw: ${String(error)}`, {
          type: event.type,
        });
      }
    }
  };

  /** The returned function ends the subscription. */
  subscribe(listener: (event: BusEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
