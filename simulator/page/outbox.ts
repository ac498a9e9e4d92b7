import type { PageFrame, WireMessage } from '../frame.js';
import type { Vault } from './vault.js';

interface Waiting {
  readonly message: WireMessage;
  resolve(result: { messageSendResult: string; t: number }): void;
}

/** Messages that the server has not taken yet. They survive a reload in IndexedDB, as the real page's do. */
export class Outbox {
  readonly #waiting = new Map<string, Waiting>();
  readonly #vault: Vault;
  #hasInherited = false;
  readonly #send: (frame: PageFrame) => boolean;

  constructor(vault: Vault, send: (frame: PageFrame) => boolean) {
    this.#vault = vault;
    this.#send = send;
  }

  /** Resolves when the server has taken or refused the message; while offline, not at all. */
  async post(message: WireMessage): Promise<{ messageSendResult: string; t: number }> {
    const result = new Promise<{ messageSendResult: string; t: number }>((resolve) => {
      this.#waiting.set(message.id, { message, resolve });
    });
    await this.#vault.keepUnsent(message);
    this.#send({ kind: 'send', message });
    return result;
  }

  /** What an earlier page of this profile left unsent. Given once: later on, what is stored is this page's own. */
  async inherit(): Promise<WireMessage[]> {
    if (this.#hasInherited) return [];
    this.#hasInherited = true;
    const left = await this.#vault.unsent();
    const fresh = left.filter((message) => !this.#waiting.has(message.id));
    for (const message of fresh) this.#waiting.set(message.id, { message, resolve: () => undefined });
    return fresh;
  }

  /** After a reconnect everything unacknowledged goes out again, under the same ids: the server tells them apart. */
  flush(): void {
    for (const { message } of this.#waiting.values()) this.#send({ kind: 'send', message });
  }

  async settle(id: string, messageSendResult: string): Promise<void> {
    const entry = this.#waiting.get(id);
    if (entry === undefined) return;
    this.#waiting.delete(id);
    entry.resolve({ messageSendResult, t: entry.message.t });
    await this.#vault.dropUnsent(id);
  }
}
