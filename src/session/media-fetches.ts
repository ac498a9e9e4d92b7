import type { OutboxMessage } from '../domain/message.js';
import { fitsMimeType } from '../domain/message-content.js';
import type { FailureCode } from '../domain/message-failure.js';
import type { FetchMedia, Logger, MediaShelf } from '../domain/ports.js';

interface MediaFetchesOptions {
  sessionId: string;
  media: MediaShelf;
  fetchMedia: FetchMedia;
  logger: Logger;
  /** The media is there, or may be asked for again after a while. */
  onDone: (messageId: string, retryAfterMs: number | null) => void;
  /** No try helps. */
  onFailed: (messageId: string, code: FailureCode) => void;
}

const AT_ONCE = 2;
/** Waits before the second try and the later ones; then it is given up. */
const RETRY_DELAYS_MS = [2000, 10_000, 30_000];

type Failure = { code: FailureCode; detail: string; retry: boolean };

/** Fetches the media of messages whose turn has come, beside the lane: a slow server holds up its own chat only. */
export class MediaFetches {
  readonly #options: MediaFetchesOptions;
  readonly #running = new Map<string, AbortController>();
  readonly #failures = new Map<string, number>();

  constructor(options: MediaFetchesOptions) {
    this.#options = options;
  }

  lacks({ id, content }: OutboxMessage): boolean {
    return content.type === 'media' && content.url !== null && !this.#options.media.has(id);
  }

  mayStart(messageId: string): boolean {
    return !this.#running.has(messageId) && this.#running.size < AT_ONCE;
  }

  start(message: OutboxMessage): void {
    if (!this.mayStart(message.id)) return;
    const stopper = new AbortController();
    this.#running.set(message.id, stopper);
    void this.#fetch(message, stopper.signal).finally(() => this.#running.delete(message.id));
  }

  /** The message has ended. */
  forget(messageId: string): void {
    this.#running.get(messageId)?.abort();
    this.#failures.delete(messageId);
  }

  stop(): void {
    for (const stopper of this.#running.values()) stopper.abort();
  }

  async #fetch(message: OutboxMessage, signal: AbortSignal): Promise<void> {
    const failure = await this.#take(message, signal).catch(
      (error: unknown): Failure => ({ code: 'media_unreachable', detail: String(error), retry: true }),
    );
    // Its place is free before anybody looks for what to do next.
    this.#running.delete(message.id);
    if (!signal.aborted) this.#settle(message.id, failure);
  }

  async #take({ id, content }: OutboxMessage, signal: AbortSignal): Promise<Failure | null> {
    const { fetchMedia, media } = this.#options;
    if (content.type !== 'media' || content.url === null) return null;
    const got = await fetchMedia({ url: content.url, trusted: content.urlIsTrusted }, signal);
    if ('failed' in got) return { code: got.failed, detail: got.detail, retry: got.retry };
    if (!fitsMimeType(content.mimeType, got.mimeType)) {
      const detail = `${content.mimeType} was expected, but ${got.mimeType} came`;
      return { code: 'media_type_mismatch', detail, retry: false };
    }
    await media.keep(id, got.bytes);
    // It ended while they were being written.
    if (signal.aborted) await media.discard(id);
    return null;
  }

  #settle(id: string, failure: Failure | null): void {
    const { onDone, onFailed } = this.#options;
    if (failure === null) {
      onDone(id, null);
      return;
    }
    const retryAfterMs = this.#retryAfterMs(id, failure);
    if (retryAfterMs === null) onFailed(id, failure.code);
    else onDone(id, retryAfterMs);
  }

  #retryAfterMs(id: string, { code, detail, retry }: Failure): number | null {
    const { logger, sessionId } = this.#options;
    logger.warn('message.fetch_failed', `${sessionId}: ${detail}`, { sessionId, messageId: id, code });
    const failures = (this.#failures.get(id) ?? 0) + 1;
    this.#failures.set(id, failures);
    return (retry ? RETRY_DELAYS_MS[failures - 1] : undefined) ?? null;
  }
}
