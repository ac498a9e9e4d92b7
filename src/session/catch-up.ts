import type { Clock, WhatsAppClient } from '../domain/ports.js';

const RETRY_MS = 10_000;
const LONGEST_RETRY_MS = 5 * 60_000;
/** By then a page that was just connected has synced what it missed. */
const LAST_LOOK_MS = 15_000;

interface CatchUpOptions {
  clock: Clock;
  /** The live client, null while there is none. */
  client: () => WhatsAppClient | null;
  read: (client: WhatsAppClient, look: 'first' | 'last') => Promise<void>;
  onFailure: (error: unknown) => void;
}

/** When the chats of a page are read for what came while nobody listened: at once, a little later, and until it worked. */
export class CatchUp {
  readonly #options: CatchUpOptions;
  #cancel: (() => void) | null = null;

  constructor(options: CatchUpOptions) {
    this.#options = options;
  }

  /** A page has synced. */
  start(): void {
    this.stop();
    this.#look('first', RETRY_MS);
  }

  /** Something that came could not be taken; it is in its chat. */
  again(): void {
    if (this.#cancel === null) this.#later(RETRY_MS, 'last', RETRY_MS);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #look(look: 'first' | 'last', retryMs: number): void {
    const { client, read, onFailure } = this.#options;
    const live = client();
    if (live === null) return;
    const ifStillLive = (then: () => void) => {
      if (live === client()) then();
    };
    read(live, look)
      .then(() => {
        if (look === 'first') ifStillLive(() => this.#later(LAST_LOOK_MS, 'last', RETRY_MS));
      })
      .catch((error: unknown) => {
        onFailure(error);
        ifStillLive(() => this.#later(retryMs, look, Math.min(2 * retryMs, LONGEST_RETRY_MS)));
      });
  }

  #later(delayMs: number, look: 'first' | 'last', retryMs: number): void {
    this.stop();
    this.#cancel = this.#options.clock.schedule(delayMs, () => {
      this.#cancel = null;
      this.#look(look, retryMs);
    });
  }
}
