import { pruneQuarantine } from '../adapters/chromium/quarantine.js';
import type { Config } from '../config.js';
import type { Clock, Logger, MediaShelf } from '../domain/ports.js';
import type { OutboxStore } from '../domain/store-ports.js';

interface HousekeepingDeps {
  config: Pick<Config, 'credentials' | 'messages'>;
  quarantineDir: string;
  outbox: OutboxStore;
  media: MediaShelf;
  pruneAudit: () => void;
  clock: Clock;
  logger: Logger;
}

const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * HOUR_MS;

/** Removes what has been kept long enough, at the start and every day. */
export class Housekeeping {
  readonly #deps: HousekeepingDeps;
  #cancel: () => void = () => {};

  constructor(deps: HousekeepingDeps) {
    this.#deps = deps;
  }

  /** Resolves when the first round is over. What cannot be removed is logged, and looked at again the next day. */
  async start(): Promise<void> {
    const { config, quarantineDir, outbox, media, pruneAudit, clock } = this.#deps;
    this.#cancel = clock.schedule(DAY_MS, () => void this.start());
    const now = clock.now();
    const { quarantineDays } = config.credentials;
    await this.#try('Old profiles in quarantine', () => pruneQuarantine(quarantineDir, quarantineDays * DAY_MS, now));
    await this.#try('Old messages', () => outbox.prune(now - config.messages.outboxKeepDays * DAY_MS));
    await this.#try('Old entries of the audit trail', pruneAudit);
    await this.#try('Media of no message', () => media.sweep(outbox.isOpen, now - HOUR_MS));
  }

  stop(): void {
    this.#cancel();
  }

  async #try(what: string, remove: () => unknown): Promise<void> {
    try {
      await remove();
    } catch (error) {
      this.#deps.logger.error('service.unhandled', `${what} could not be removed: ${String(error)}`);
    }
  }
}
