import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createSystemClock } from '../../../src/adapters/clock.js';
import { createWebhookPost } from '../../../src/adapters/http/webhook-post.js';
import { type Database, openDatabase } from '../../../src/adapters/store/database.js';
import { createDeliveryStore } from '../../../src/adapters/store/delivery-store.js';
import { Dispatcher } from '../../../src/api/webhooks/dispatcher.js';
import { createEndpoints } from '../../../src/api/webhooks/endpoints.js';
import { newsOfMessage } from '../../../src/api/webhooks/news.js';
import { createRecorder } from '../../../src/api/webhooks/recorder.js';
import { loadConfig } from '../../../src/config.js';
import { FakeLogger } from '../../support/fake-logger.js';
import { anIncoming } from '../../support/fake-whatsapp.js';
import { Receiver } from '../../support/receiver.js';
import { until } from '../../support/until.js';

const MESSAGES = 1_000;
const SESSIONS = 10;

describe('a flood of messages to a receiver that fails, is slow and goes away', () => {
  let folder: string;
  let database: Database;
  let receiver: Receiver;
  let caller: ReturnType<typeof createWebhookPost>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-flood-'));
    database = openDatabase(folder);
    receiver = await new Receiver().start();
    caller = createWebhookPost({ allowPrivate: true });
  });
  afterEach(async () => {
    await receiver.stop();
    await caller.close();
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('reaches it message by message, each once by its own 2xx answers, in order, also over a restart', async () => {
    const { port } = receiver;
    const webhook = { url: receiver.url, token: 't', hmacKey: 'k', events: null, trusted: true };
    const endpoints = createEndpoints([], () => webhook);
    const store = createDeliveryStore(database);
    const clock = createSystemClock(() => {});
    const retryDelaysMs = [10, 20, 50, ...Array.from({ length: 40 }, () => 100)];
    const settings = { ...loadConfig({}, '/').webhooks, retryDelaysMs, timeoutMs: 2_000 };
    const logger = new FakeLogger();
    const aDispatcher = () =>
      new Dispatcher({ store, endpoints, post: caller.post, clock, logger, settings, version: '1' });
    let dispatcher = aDispatcher();
    const record = createRecorder({
      store,
      endpoints,
      phoneNumberOf: () => null,
      wake: (lane) => dispatcher.wake(lane),
    });

    // The same every time: a third of the calls fail, some before an answer, and one in twenty takes its time.
    let calls = 0;
    receiver.behave = async (_call, res) => {
      calls += 1;
      if (calls % 20 === 0) await new Promise((resolve) => setTimeout(resolve, 30));
      if (calls % 9 === 0) res.destroy();
      else res.writeHead(calls % 3 === 0 ? 503 : 200).end('ok');
    };
    dispatcher.start();
    for (let n = 0; n < MESSAGES; n += 1) {
      const sessionId = `s${n % SESSIONS}`;
      const message = anIncoming(`${sessionId} ${String(n).padStart(4, '0')}`, n);
      database.transaction(() => record(newsOfMessage(sessionId, message, clock.now())));
      // As they would come: not all in one breath.
      if (n % 50 === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await until('a quarter is delivered', 60_000, () => receiver.taken.length > MESSAGES / 4);
    await receiver.stop();
    await new Promise((resolve) => setTimeout(resolve, 500));
    const before = receiver.calls;
    const { behave } = receiver;
    receiver = new Receiver();
    receiver.behave = behave;
    await receiver.start(port);
    await until('half is delivered', 60_000, () => receiver.taken.length > MESSAGES / 4);
    await dispatcher.stop();
    dispatcher = aDispatcher();
    dispatcher.start();
    await until('nothing is queued', 60_000, () => store.waitingLanes().length === 0);
    await dispatcher.stop();

    expect(store.list({ status: 'delivered', after: 0, limit: 2 * MESSAGES })).toHaveLength(MESSAGES);
    const taken = [...before, ...receiver.calls].filter(({ status }) => status === 200);
    // What the receiver had answered with 200 when it went away, and nobody heard, it gets again under the same id.
    const once = [...new Map(taken.map((call) => [call.headers['x-webhook-request-id'], call])).values()];
    expect(taken.length - once.length).toBeLessThanOrEqual(settings.concurrency);
    expect(once).toHaveLength(MESSAGES);
    for (let s = 0; s < SESSIONS; s += 1) {
      const ids = once.flatMap(({ json: { sessionId, payload } }) =>
        sessionId === `s${s}` ? [(payload as { id: string }).id] : [],
      );
      expect(ids).toHaveLength(MESSAGES / SESSIONS);
      expect(ids).toEqual(ids.toSorted());
    }
    expect(receiver.mostAtOnce).toBeLessThanOrEqual(settings.concurrency);
  }, 180_000);
});
