import type { FetchedMedia, FetchMedia, MediaShelf } from '../../src/domain/ports.js';

/** Media in memory; the contract of a media shelf holds for it too. */
export class FakeMediaShelf implements MediaShelf {
  readonly kept = new Map<string, Uint8Array>();

  async keep(messageId: string, bytes: Uint8Array): Promise<void> {
    this.kept.set(messageId, bytes);
  }

  has(messageId: string): boolean {
    return this.kept.has(messageId);
  }

  async read(messageId: string): Promise<Uint8Array | null> {
    return this.kept.get(messageId) ?? null;
  }

  async discard(messageId: string): Promise<void> {
    this.kept.delete(messageId);
  }

  async sweep(isNeeded: (messageId: string) => boolean): Promise<void> {
    for (const id of this.kept.keys()) if (!isNeeded(id)) this.kept.delete(id);
  }
}

/** The web as a test plans it. */
export class FakeWeb {
  /** What the next fetches give; `hangs` until it is aborted or let go. After these, a small picture. */
  readonly plans: (FetchedMedia | 'hangs')[] = [];
  readonly asked: string[] = [];
  #letGo: (() => void)[] = [];

  readonly fetch: FetchMedia = async ({ url }, signal) => {
    this.asked.push(url);
    const plan = this.plans.shift() ?? { bytes: Uint8Array.of(1, 2, 3), mimeType: 'image/png' };
    if (plan !== 'hangs') return plan;
    return new Promise((resolve, reject) => {
      this.#letGo.push(() => resolve({ bytes: Uint8Array.of(9), mimeType: 'image/png' }));
      signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
    });
  };

  /** Lets everything that hangs come. */
  letGo(): void {
    const held = this.#letGo;
    this.#letGo = [];
    for (const go of held) go();
  }
}
