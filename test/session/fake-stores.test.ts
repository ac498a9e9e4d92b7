import { describe } from '@jest/globals';
import { deliveryStoreContract } from '../adapters/store/contracts/delivery-store.js';
import { inboxMediaStoreContract } from '../adapters/store/contracts/inbox-media-store.js';
import { inboxStoreContract } from '../adapters/store/contracts/inbox-store.js';
import { incidentStoreContract } from '../adapters/store/contracts/incident-store.js';
import { lidStoreContract } from '../adapters/store/contracts/lid-store.js';
import { outboxStoreContract } from '../adapters/store/contracts/outbox-store.js';
import { sessionStoreContract } from '../adapters/store/contracts/session-store.js';
import { timelineStoreContract } from '../adapters/store/contracts/timeline-store.js';
import { FakeDeliveryStore } from '../support/fake-delivery-store.js';
import { FakeInboxMediaStore, FakeInboxStore, FakeLidStore } from '../support/fake-inbox-stores.js';
import { FakeOutboxStore } from '../support/fake-outbox-store.js';
import { FakeIncidentStore, FakeSessionStore, FakeTimelineStore } from '../support/fake-stores.js';

// The fakes that the other tests stand on keep the same promises as the database.
describe('a fake in memory', () => {
  sessionStoreContract(() => new FakeSessionStore());
  timelineStoreContract(() => new FakeTimelineStore());
  outboxStoreContract(() => new FakeOutboxStore());
  inboxStoreContract(() => new FakeInboxStore());
  inboxMediaStoreContract(() => {
    const media = new FakeInboxMediaStore();
    return { media, inbox: new FakeInboxStore(media) };
  });
  lidStoreContract(() => new FakeLidStore());
  incidentStoreContract(() => new FakeIncidentStore());
  deliveryStoreContract(() => new FakeDeliveryStore());
});
