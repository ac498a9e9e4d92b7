import { DomainError } from '../domain/error-catalogue.js';
import type { Clock, Logger, MediaFiles, MediaLinks } from '../domain/ports.js';
import type { InboxMedia, MediaFailure } from '../domain/received-media.js';
import type { InboxMediaStore } from '../domain/store-ports.js';
import type { EventBus } from './event-bus.js';

interface MediaLibraryDeps {
  store: InboxMediaStore;
  files: MediaFiles;
  links: MediaLinks;
  bus: EventBus;
  clock: Clock;
  logger: Logger;
}

/** A file that may be given out. */
export interface OpenFile {
  path: string;
  mimeType: string;
  fileName: string | null;
}

/** What the API may ask of files that came with messages. */
export interface MediaDesk {
  /**
   * The file behind a link. A receiver is told of a message before its file has come: then this waits a while.
   * Rejects with a DomainError of the catalogue when the link is not ours or too old, or the file is not to be had.
   */
  open(link: { id: string; expiresAt: number; signature: string }, signal: AbortSignal): Promise<OpenFile>;
}

/** Somebody who was just told of a message asks at once; most files come within seconds. */
const WAIT_MS = 20_000;
const TIDY_EVERY_MS = 60 * 60_000;

const WHY_NOT: Record<MediaFailure, string> = {
  media_unavailable: 'it could not be downloaded: WhatsApp has it no longer, or it failed too often',
  media_too_large: 'it is larger than messages.maxMediaMb',
  media_evicted: 'it made room for newer ones (messages.mediaMaxTotalMb)',
};

/** Gives out the files that came with messages, and deletes those whose time has passed. */
export class MediaLibrary implements MediaDesk {
  readonly #deps: MediaLibraryDeps;
  #stop: () => void = () => {};

  constructor(deps: MediaLibraryDeps) {
    this.#deps = deps;
  }

  /** Deletes what an earlier process left over, and from then on every hour and with every session what nobody needs. */
  start(): void {
    const { bus, clock, logger } = this.#deps;
    let cancel: () => void = () => {};
    const tidy = () => {
      cancel();
      cancel = clock.schedule(TIDY_EVERY_MS, tidy);
      this.#tidy().catch((error: unknown) => {
        logger.error('service.unhandled', `Old files of messages could not be removed: ${String(error)}`);
      });
    };
    const unsubscribe = bus.subscribe((event) => {
      if (event.type === 'session' && event.change === 'removed') tidy();
    });
    this.#stop = () => {
      unsubscribe();
      cancel();
    };
    tidy();
  }

  stop(): void {
    this.#stop();
  }

  async open(
    { id, expiresAt, signature }: { id: string; expiresAt: number; signature: string },
    signal: AbortSignal,
  ): Promise<OpenFile> {
    const { links, files, clock } = this.#deps;
    if (!links.isGenuine(id, expiresAt, signature)) {
      throw new DomainError('link_invalid', 'The link was changed on its way, or the service has another secret now.');
    }
    if (expiresAt <= clock.now()) {
      throw new DomainError('link_expired', `The link was good until ${new Date(expiresAt).toISOString()}.`);
    }
    const media = await this.#whenSettled(id, signal);
    if (media === null) throw new DomainError('media_not_found', 'The file was deleted with its message.');
    if (media.state === 'waiting') {
      throw new DomainError('media_not_ready', 'The file has not come yet. Try again a little later.');
    }
    const path = files.find(id);
    if (media.state === 'failed' || path === null) {
      const why = WHY_NOT[media.failure ?? 'media_unavailable'];
      throw new DomainError('media_not_found', `The file is not here: ${why}.`, { sessionId: media.sessionId });
    }
    return { path, mimeType: media.mimeType, fileName: media.fileName };
  }

  /** The file as it stands when it has come or was given up, or after a while; null when it is not known. */
  #whenSettled(id: string, signal: AbortSignal): Promise<InboxMedia | null> {
    const { store, bus, clock } = this.#deps;
    const media = store.get(id);
    if (media?.state !== 'waiting' || signal.aborted) return Promise.resolve(media);
    return new Promise((resolve) => {
      const finish = () => {
        unsubscribe();
        cancel();
        signal.removeEventListener('abort', finish);
        resolve(store.get(id));
      };
      const unsubscribe = bus.subscribe((event) => {
        if (event.type === 'media' && event.media.id === id) finish();
      });
      const cancel = clock.schedule(WAIT_MS, finish);
      signal.addEventListener('abort', finish, { once: true });
    });
  }

  async #tidy(): Promise<void> {
    const { store, files, clock } = this.#deps;
    for (const id of store.removeExpired(clock.now())) await files.remove(id);
    await files.sweep((id) => {
      const state = store.get(id)?.state;
      return state === 'waiting' || state === 'kept';
    });
  }
}
