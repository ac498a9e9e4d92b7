import type { Config } from '../config.js';
import type { Publish } from '../domain/bus-event.js';
import type {
  Admission,
  Clock,
  ConnectivityGate,
  CreateClient,
  FetchMedia,
  Logger,
  MediaLinks,
  MediaShelf,
  ProfileKeeper,
} from '../domain/ports.js';
import type { InboxStore, LidStore, OutboxStore, SessionStore, TimelineStore } from '../domain/store-ports.js';
import type { MediaRoom } from './media-room.js';
import type { Together } from './together.js';

/** Everything a session needs of the world, each behind its port. */
export interface SessionDeps {
  config: Config;
  clock: Clock;
  /** In [0, 1). */
  random: () => number;
  logger: Logger;
  publish: Publish;
  admission: Admission;
  gate: ConnectivityGate;
  createClient: CreateClient;
  profiles: ProfileKeeper;
  sessions: SessionStore;
  timeline: TimelineStore;
  outbox: OutboxStore;
  media: MediaShelf;
  fetchMedia: FetchMedia;
  inbox: InboxStore;
  lids: LidStore;
  links: MediaLinks;
  mediaRoom: MediaRoom;
  together: Pick<Together, 'later'>;
}
