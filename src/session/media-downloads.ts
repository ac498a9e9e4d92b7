import type { Publish } from '../domain/bus-event.js';
import type { Clock, Logger, WhatsAppClient } from '../domain/ports.js';
import { afterFailure, type InboxMedia, waitOf } from '../domain/received-media.js';
import { endOfWait } from '../domain/wait.js';
import type { MediaRoom } from './media-room.js';

interface MediaDownloadsOptions extends MediaRoom {
  sessionId: string;
  clock: Clock;
  logger: Logger;
  publish: Publish;
  settings: { maxMediaMb: number; mediaMaxTotalMb: number };
  /** The client while the session is connected, otherwise null. */
  client: () => WhatsAppClient | null;
}

const MB = 2 ** 20;
/** After the store failed, it gets a moment. */
const STORE_RETRY_MS = 10_000;

/**
 * Downloads the files that one number received, one after the other, beside the lane: a large file must not hold up
 * what heals the session.
 */
export class MediaDownloads {
  readonly #options: MediaDownloadsOptions;
  readonly #stopping = new AbortController();
  #pumping = false;
  /** Somebody called since the store was read last. */
  #kicked = false;
  #cancelTimer: () => void = () => {};

  constructor(options: MediaDownloadsOptions) {
    this.#options = options;
  }

  /** Something may be there to be downloaded. Cheap and safe to call at any time. */
  kick(): void {
    this.#kicked = true;
    if (this.#pumping || this.#stopping.signal.aborted) return;
    this.#pumping = true;
    this.#cancelTimer();
    void this.#pump()
      .catch((error: unknown) => {
        this.#failed(null, error);
        this.#wakeIn(STORE_RETRY_MS);
      })
      .finally(() => {
        this.#pumping = false;
        if (this.#kicked) this.kick();
      });
  }

  /** Deletes a file whose message was deleted. */
  remove(id: string): void {
    this.#options.files.remove(id).catch((error: unknown) => this.#failed(null, error));
  }

  /** Breaks off what runs; the next start takes it up. */
  stop(): void {
    this.#stopping.abort();
    this.#cancelTimer();
  }

  async #pump(): Promise<void> {
    const { sessionId, store, clock, inTurn } = this.#options;
    for (;;) {
      this.#kicked = false;
      const client = this.#live();
      const next = client && store.nextWaiting(sessionId);
      if (!client || !next) return;
      const now = clock.now();
      const waitsUntil = endOfWait(waitOf(next), now);
      if (waitsUntil > 0) return this.#wakeIn(waitsUntil - now);
      await inTurn(() => this.#download(client, next));
    }
  }

  async #download(client: WhatsAppClient, media: InboxMedia): Promise<void> {
    const { store, files, publish, settings } = this.#options;
    // It may have waited for its turn, and its message may be gone by now.
    if (client !== this.#live() || store.get(media.id)?.state !== 'waiting') return;
    const outcome = await this.#fetch(client, media);
    if (outcome === null) return;
    if (outcome.why !== null) this.#failed(media, outcome.why);
    store.update(media.id, outcome.change);
    const after = store.get(media.id);
    // Its message was deleted while it came.
    if (after === null) await files.remove(media.id);
    else if (after.state !== 'waiting') publish({ type: 'media', media: after });
    for (const id of store.evict(settings.mediaMaxTotalMb * MB)) await files.remove(id);
  }

  /** What became of a file; null when the page went away meanwhile, which says nothing of the file. */
  async #fetch(
    client: WhatsAppClient,
    media: InboxMedia,
  ): Promise<{ change: Partial<InboxMedia>; why: unknown } | null> {
    const { files, clock, settings } = this.#options;
    const { signal } = this.#stopping;
    try {
      let failure: InboxMedia['failure'] = null;
      const sizeBytes = await files.keep(media.id, async (take) => {
        failure = await client.downloadMedia(media.waMessageId, settings.maxMediaMb * MB, take, signal);
        return failure === null;
      });
      if (failure === null) return { change: { state: 'kept', failure, sizeBytes }, why: null };
      return { change: afterFailure(media, failure, clock.now()), why: failure };
    } catch (why) {
      if (client !== this.#live()) return null;
      return { change: afterFailure(media, 'media_unavailable', clock.now()), why };
    }
  }

  #live(): WhatsAppClient | null {
    return this.#stopping.signal.aborted ? null : this.#options.client();
  }

  #wakeIn(delayMs: number): void {
    this.#cancelTimer();
    if (!this.#stopping.signal.aborted) this.#cancelTimer = this.#options.clock.schedule(delayMs, () => this.kick());
  }

  #failed(media: InboxMedia | null, error: unknown): void {
    const { logger, sessionId } = this.#options;
    const words = `${sessionId}: a received file could not be downloaded: ${String(error)}`;
    logger.warn('message.media_failed', words, { sessionId, messageId: media?.waMessageId });
  }
}
