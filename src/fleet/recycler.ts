import type { AvailableMemory, MeasureMemory } from '../domain/ports.js';
import { chooseRecycling, type SessionLook } from '../domain/recycling.js';
import type { SessionActor } from '../session/actor.js';
import type { SessionDeps } from '../session/deps.js';

interface RecyclerOptions extends Pick<SessionDeps, 'config' | 'clock' | 'logger' | 'outbox'> {
  actors: () => ReadonlyMap<string, SessionActor>;
  measureMemory: MeasureMemory;
  availableMemoryBytes: AvailableMemory;
}

/** Replaces browsers that have grown too large or too old, one at a time. */
export class Recycler {
  readonly #options: RecyclerOptions;
  readonly #memoryRecycledAt = new Map<string, number>();
  /** One was chosen and waits for its message to be handed over. */
  #isWaiting = false;

  constructor(options: RecyclerOptions) {
    this.#options = options;
  }

  /** Looks at all browsers and replaces one at most. Never throws. */
  async look(): Promise<void> {
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    try {
      await this.#replaceOne();
    } catch (error) {
      const words = `Browsers could not be looked at for their memory and age: ${String(error)}`;
      this.#options.logger.error('service.unhandled', words);
    } finally {
      this.#isWaiting = false;
    }
  }

  async #replaceOne(): Promise<void> {
    const { config, clock, actors, availableMemoryBytes } = this.#options;
    const { minFreeMemoryMb } = config.fleet;
    const context = { now: clock.now(), availableBytes: availableMemoryBytes(), minFreeMemoryMb };
    const sessions = [...actors().values()].map((actor) => this.#lookAt(actor));
    const chosen = chooseRecycling(sessions, config.browser, context);
    const actor = chosen && actors().get(chosen.sessionId);
    if (!actor) return;
    await actor.recycle(chosen.event);
    const isReplaced = actor.state.epoch !== chosen.event.epoch;
    if (isReplaced && chosen.event.why === 'memory') this.#memoryRecycledAt.set(actor.id, clock.now());
  }

  #lookAt(actor: SessionActor): SessionLook {
    const { config, outbox, measureMemory } = this.#options;
    const { id, state } = actor;
    const process = actor.browser.client?.browser() ?? null;
    const isConnected = state.status === 'connected';
    const { maxMemoryMb } = config.browser;
    return {
      sessionId: id,
      state,
      browser: process && {
        memoryBytes: maxMemoryMb === null ? 0 : measureMemory(process.pid),
        startedAt: process.startedAt,
      },
      lastActivityAt: actor.record.facts.lastActivityAt,
      hasPendingMessages: isConnected && outbox.hasOpen(id),
      memoryRecycledAt: this.#memoryRecycledAt.get(id) ?? null,
    };
  }
}
