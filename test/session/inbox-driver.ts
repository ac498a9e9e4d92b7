import { loadConfig } from '../../src/config.js';
import { Inbox, type InboxOptions } from '../../src/session/inbox.js';
import { FakeClient } from '../support/fake-client.js';
import { buildHouse, insertRecord } from '../support/fake-house.js';
import { aLaunch, FakeWhatsApp } from '../support/fake-whatsapp.js';

const MINUTE_MS = 60_000;

/** One inbox on a store in memory, the page that it reads, and all that it told. */
export async function anInbox(change: Partial<InboxOptions> = {}) {
  const house = buildHouse();
  const { inbox: store, lids, clock, logger, events } = house;
  insertRecord(house, 'sales');
  const createdAt = clock.now();
  const whatsapp = new FakeWhatsApp();
  const calls: string[] = [];
  const page = async () => {
    const client = new FakeClient(aLaunch('sales'), { pid: 1, whatsapp, clock, breach: () => {} });
    await client.start(new AbortController().signal);
    return client;
  };
  /** The service starts anew on what is stored. */
  const restart = () =>
    new Inbox({
      ...house,
      inbox: store,
      sessionId: 'sales',
      createdAt,
      settings: loadConfig({}, '/').messages,
      isOwnSend: () => false,
      onFile: () => void calls.push('file'),
      onFileGone: (id) => void calls.push(`gone ${id}`),
      onTrouble: () => void calls.push('trouble'),
      ...change,
    });
  const inbox = restart();
  const client = await page();
  return {
    inbox,
    restart,
    page,
    store,
    lids,
    clock,
    logger,
    client,
    whatsapp,
    calls,
    createdAt,
    /** Minutes after the session was created. */
    at: (minutes: number) => createdAt + minutes * MINUTE_MS,
    /** Nothing is missing from here on. */
    open: () => inbox.catchUp(client, 'last'),
    published: () => events.flatMap((event) => (event.type === 'message' ? [event.message.id] : [])),
    changes: () => events.flatMap((event) => (event.type === 'message-change' ? [event.change] : [])),
    stored: () => store.list('sales', { after: 0, limit: 999 }).map(({ message }) => message),
    searches: () => client.calls.filter((call) => call.startsWith('incomingSince')),
  };
}
