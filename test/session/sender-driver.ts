import type { Config } from '../../src/config.js';
import type { MessageContent } from '../../src/domain/message-content.js';
import type { OutboxInsert } from '../../src/domain/store-ports.js';
import { LANE_PRIORITY, Lane } from '../../src/session/lane.js';
import { Sender } from '../../src/session/sender.js';
import type { FakeClient, SendPlan } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { buildHouse } from '../support/fake-house.js';
import { aLaunch } from '../support/fake-whatsapp.js';

export const TO = '491511234567@c.us';

/** The outbox of one number, with a page that comes and goes. */
export function aSender(settings: Partial<Config['messages']> = {}) {
  const house = buildHouse();
  const { outbox, clock, config } = house;
  const lane = new Lane();
  let live: FakeClient | null = null;
  const plans: SendPlan[] = [];
  let count = 0;
  const sender = new Sender({
    ...house,
    sessionId: 'sales',
    lane,
    settings: { ...config.messages, ...settings },
    client: () => live,
  });
  const put = (content: MessageContent, more: Partial<OutboxInsert> = {}) => {
    count += 1;
    const plain = { idempotencyKey: null, contentHash: '', quotedMessageId: null, expiresAt: null, to: TO };
    outbox.accept({ id: `m${count}`, sessionId: 'sales', content, ...plain, createdAt: clock.now(), ...more });
    sender.kick();
    return `m${count}`;
  };
  house.browsers.prepare = (client) => {
    client.nextSend = () => plans.shift() ?? 'acked';
  };
  const whatsapp = house.browsers.whatsapp('sales');

  return {
    house,
    clock,
    outbox,
    sender,
    lane,
    whatsapp,
    /** What becomes of the next sends; after these, all are acknowledged at once. */
    plans,
    client(): FakeClient {
      return house.browsers.latest;
    },
    /** Accepts a message of this text for each; their ids are m1, m2, … */
    accept(...texts: string[]) {
      for (const text of texts) put({ type: 'text', text });
    },
    /** Accepts one message; gives its id. */
    put,
    /** Accepts a text to a chat. */
    acceptFor: (to: string, text: string, more: Partial<OutboxInsert> = {}) =>
      put({ type: 'text', text }, { to, ...more }),
    /** A page becomes ready. */
    async connect(): Promise<FakeClient> {
      const onAck = (waMessageId: string, ack: number) => sender.onAck(waMessageId, ack);
      const spec = aLaunch('sales', { onAck });
      await lane.run(LANE_PRIORITY.control, async (signal) => {
        const client = house.browsers.create(spec);
        await client.start(signal);
      });
      live = house.browsers.latest;
      sender.onConnected();
      await settled();
      return live;
    },
    /** The browser of the page dies, whatever it does just now. */
    async crash(): Promise<void> {
      const dead = live;
      live = null;
      lane.abortRunning();
      await lane.run(LANE_PRIORITY.control, async () => dead?.close('kill'));
      await settled();
    },
    /** Status by id. */
    statuses: () => Object.fromEntries(outbox.list('sales', { after: 0, limit: 9999 }).map((m) => [m.id, m.status])),
    message: (id: string) => outbox.get('sales', id),
    sends: () => house.browsers.clients.flatMap(({ calls }) => calls.filter((call) => call.startsWith('send '))).length,
    searches: () => house.browsers.clients.flatMap(({ calls }) => calls.filter((call) => call === 'search')).length,
  };
}
