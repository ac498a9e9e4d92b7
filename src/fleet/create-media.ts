import { join } from 'node:path';
import { createMediaFiles } from '../adapters/media-files.js';
import { createMediaLinks } from '../adapters/media-links.js';
import type { Clock, Logger, MediaLinks } from '../domain/ports.js';
import type { InboxMediaStore } from '../domain/store-ports.js';
import { createMediaRoom, type MediaRoom } from '../session/media-room.js';
import type { EventBus } from './event-bus.js';
import { MediaLibrary } from './media-library.js';

interface MediaOptions {
  dataDir: string;
  store: InboxMediaStore;
  /** Where the API is reached; null when nobody listens. */
  baseUrl: () => string | null;
  bus: EventBus;
  clock: Clock;
  logger: Logger;
}

/** Everything about the files of received messages: where they go, their links, and who gives them out. */
export function createMedia({ dataDir, store, baseUrl, ...house }: MediaOptions): {
  links: MediaLinks;
  mediaRoom: MediaRoom;
  library: MediaLibrary;
} {
  const mediaDir = join(dataDir, 'media', 'inbox');
  const links = createMediaLinks({ secretFile: join(dataDir, 'media-links.secret'), mediaDir, baseUrl });
  const mediaRoom = createMediaRoom(store, createMediaFiles(mediaDir));
  return { links, mediaRoom, library: new MediaLibrary({ ...house, ...mediaRoom, links }) };
}
