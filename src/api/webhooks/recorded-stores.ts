import { mustReachDisk } from '../../domain/message.js';
import type { SessionState } from '../../domain/session-state.js';
import type { DeliveryStore, InboxStore, OutboxStore, SessionStore } from '../../domain/store-ports.js';
import { endpointOfSession, type WebhookSettings } from '../../domain/webhook.js';
import type { SessionView } from '../../fleet/facade.js';
import { mayBeNews, type News, newsOfChange, newsOfMessage, newsOfOutbox } from './news.js';

interface RecordingDeps {
  /** All of `work` or nothing of it, on the disk when it is over. */
  transaction: <T>(work: () => T) => T;
  /** The same, on the disk a little later. */
  lazily: <T>(work: () => T) => T;
  record: (news: News) => void;
  phoneNumberOf: (sessionId: string) => string | null;
  viewOf: (sessionId: string) => SessionView | null;
  webhookOf: (sessionId: string) => WebhookSettings | null;
  /** What waits for it may go at once: an address or a token was perhaps put right. */
  webhookChanged: (sessionId: string) => void;
  deliveries: DeliveryStore;
  now: () => number;
}

interface Stores {
  sessions: SessionStore;
  outbox: OutboxStore;
  inbox: InboxStore;
}

/**
 * The same stores, each of which writes what webhooks are to be told in the transaction that stores the thing itself.
 * Whatever kills the process, there is no message without its webhook and no webhook without its message.
 */
export function recordedStores({ sessions, outbox, inbox }: Stores, deps: RecordingDeps): Stores {
  const { transaction, lazily, record, phoneNumberOf, viewOf, webhookOf, webhookChanged, deliveries, now } = deps;
  /** Status and reason that were told last: a state is stored far more often than these change. */
  const told = new Map<string, string>();
  const gist = ({ status, reason }: SessionState) => `${status} ${reason}`;

  return {
    inbox: {
      ...inbox,
      insert: (sessionId, message, at) =>
        transaction(() => {
          const isNew = inbox.insert(sessionId, message, at);
          if (isNew) record(newsOfMessage(sessionId, message, at));
          return isNew;
        }),
      change: (sessionId, news) =>
        transaction(() => {
          const change = inbox.change(sessionId, news);
          if (change) record(newsOfChange(sessionId, change, now()));
          return change;
        }),
    },
    outbox: {
      ...outbox,
      update: (id, change, at) =>
        (mustReachDisk(change.status) ? transaction : lazily)(() => {
          const before = mayBeNews(change) ? outbox.byId(id) : null;
          const after = outbox.update(id, change, at);
          if (before) for (const news of newsOfOutbox(before, after, phoneNumberOf(after.sessionId))) record(news);
          return after;
        }),
    },
    sessions: {
      ...sessions,
      all() {
        const records = sessions.all();
        for (const { id, state } of records) told.set(id, gist(state));
        return records;
      },
      insert(created) {
        if (!sessions.insert(created)) return false;
        told.set(created.id, gist(created.state));
        return true;
      },
      saveState(id, state, facts) {
        const isNews = told.get(id) !== gist(state);
        transaction(() => {
          sessions.saveState(id, state, facts);
          const payload = isNews ? viewOf(id) : null;
          if (payload) record({ event: 'session.status', sessionId: id, at: now(), key: null, payload });
        });
        told.set(id, gist(state));
      },
      saveSettings(id, settings) {
        const isOther = settings.webhook !== webhookOf(id);
        sessions.saveSettings(id, settings);
        // Another one that is set some day is told.
        if (settings.webhook === null) deliveries.resume(endpointOfSession(id));
        if (isOther) webhookChanged(id);
      },
      remove(id) {
        transaction(() => {
          sessions.remove(id);
          deliveries.forgetSession(id);
        });
        told.delete(id);
      },
    },
  };
}
