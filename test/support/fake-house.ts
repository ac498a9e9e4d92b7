import { type Config, loadConfig } from '../../src/config.js';
import type { BusEvent } from '../../src/domain/bus-event.js';
import type { SessionRecord } from '../../src/domain/store-ports.js';
import { EventBus } from '../../src/fleet/event-bus.js';
import { newRecord } from '../../src/fleet/supervisor.js';
import type { SessionDeps } from '../../src/session/deps.js';
import { Together } from '../../src/session/together.js';
import { placesOnly } from './admission.js';
import { FakeBrowsers, FakeProfiles } from './fake-browsers.js';
import { FakeClock } from './fake-clock.js';
import { FakeInboxStore, FakeLidStore } from './fake-inbox-stores.js';
import { FakeLogger } from './fake-logger.js';
import { FakeMediaShelf, FakeWeb } from './fake-media.js';
import { FakeOutboxStore } from './fake-outbox-store.js';
import { fakeLinks, fakeMediaRoom } from './fake-received-media.js';
import { FakeIncidentStore, FakeSessionStore, FakeTimelineStore } from './fake-stores.js';

/** Everything that a session needs of the world, all of it fake but the rules. */
export interface House extends SessionDeps {
  clock: FakeClock;
  logger: FakeLogger;
  bus: EventBus;
  /** All that was told on the bus. */
  events: BusEvent[];
  browsers: FakeBrowsers;
  profiles: FakeProfiles;
  sessions: FakeSessionStore;
  timeline: FakeTimelineStore;
  outbox: FakeOutboxStore;
  media: FakeMediaShelf;
  web: FakeWeb;
  inbox: FakeInboxStore;
  lids: FakeLidStore;
  mediaRoom: ReturnType<typeof fakeMediaRoom>;
  incidentStore: FakeIncidentStore;
}

/** The standard settings without jitter. */
export function steadyConfig(): Config {
  const config = loadConfig({}, '/');
  return { ...config, backoff: { ...config.backoff, jitter: 0 } };
}

export function buildHouse(change: Partial<Pick<SessionDeps, 'config' | 'random' | 'admission'>> = {}): House {
  const clock = new FakeClock();
  const logger = new FakeLogger();
  const bus = new EventBus(logger);
  const events: BusEvent[] = [];
  bus.subscribe((event) => events.push(event));
  const browsers = new FakeBrowsers(clock);
  const web = new FakeWeb();
  const mediaRoom = fakeMediaRoom();
  return {
    config: steadyConfig(),
    random: () => 0.5,
    admission: placesOnly(4),
    ...change,
    clock,
    logger,
    bus,
    events,
    publish: bus.publish,
    browsers,
    createClient: browsers.create,
    profiles: new FakeProfiles(browsers),
    gate: { mayTry: () => true },
    sessions: new FakeSessionStore(),
    timeline: new FakeTimelineStore(),
    outbox: new FakeOutboxStore(),
    media: new FakeMediaShelf(),
    web,
    fetchMedia: web.fetch,
    inbox: new FakeInboxStore(mediaRoom.store),
    lids: new FakeLidStore(),
    links: fakeLinks(),
    mediaRoom,
    together: new Together({ clock, logger }),
    incidentStore: new FakeIncidentStore(),
  };
}

/** Puts the record of a session into the store, as if it had been created earlier. */
export function insertRecord(house: House, id: string, change: Partial<SessionRecord> = {}): SessionRecord {
  const record = { ...newRecord(id, house.clock.now(), { linked: false }), ...change };
  house.sessions.insert(record);
  return record;
}
