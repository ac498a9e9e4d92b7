import { Dispatcher } from '../../../src/api/webhooks/dispatcher.js';
import { createEndpoints } from '../../../src/api/webhooks/endpoints.js';
import { newsOfMessage } from '../../../src/api/webhooks/news.js';
import { createRecorder } from '../../../src/api/webhooks/recorder.js';
import { loadConfig } from '../../../src/config.js';
import type { ReceiverAnswer } from '../../../src/domain/delivery.js';
import type { PostWebhook } from '../../../src/domain/ports.js';
import type { WebhookSettings } from '../../../src/domain/webhook.js';
import { FakeClock, settled } from '../../support/fake-clock.js';
import { FakeDeliveryStore } from '../../support/fake-delivery-store.js';
import { FakeLogger } from '../../support/fake-logger.js';
import { anIncoming } from '../../support/fake-whatsapp.js';

export const aWebhook = (url: string, change: Partial<WebhookSettings> = {}): WebhookSettings => ({
  url,
  token: null,
  hmacKey: null,
  events: null,
  trusted: true,
  ...change,
});

type Request = Parameters<PostWebhook>[0];
/** HTTP status, also with a Retry-After; `down` for no answer, `hang` for one that comes only when the test lets it. */
export type Behaviour = number | { status: number; retryAfter: string } | 'down' | 'hang';

function headOf(behaviour: Exclude<Behaviour, 'down'>): { status: number; retryAfter?: string } {
  if (typeof behaviour === 'object') return behaviour;
  return { status: behaviour === 'hang' ? 200 : behaviour };
}

/** Receivers in memory, each doing what the test says. */
export class FakeReceivers {
  readonly requests: Request[] = [];
  /** Ids of messages that were taken, in order, as `<host> <id>`. */
  readonly taken: string[] = [];
  /** What a receiver does, by host, asked at every call. */
  behave: (host: string, id: string) => Behaviour = () => 200;
  readonly #hanging: (() => void)[] = [];

  readonly post: PostWebhook = async (request) => {
    this.requests.push(request);
    const host = new URL(request.url).hostname;
    const { id } = (JSON.parse(request.body) as { payload: { id: string } }).payload;
    const behaviour = this.behave(host, id);
    if (behaviour === 'hang') {
      const end = new Promise<void>((resolve) => this.#hanging.push(resolve));
      const hangUp = new Promise<void>((resolve) => request.signal.addEventListener('abort', () => resolve()));
      await Promise.race([end, hangUp]);
      if (request.signal.aborted) return { kind: 'unanswered', error: 'aborted', latencyMs: 1 };
    }
    const answer: ReceiverAnswer =
      behaviour === 'down'
        ? { kind: 'unanswered', error: 'connect ECONNREFUSED', latencyMs: 1 }
        : { kind: 'answered', latencyMs: 1, ...headOf(behaviour) };
    if (answer.kind === 'answered' && answer.status < 300) this.taken.push(`${host} ${id}`);
    return answer;
  };

  /** Every call that hangs is answered with 200. */
  async release(): Promise<void> {
    for (const end of this.#hanging.splice(0)) end();
    await settled();
  }
}

/** A dispatcher with receivers and a store in memory, under a fake clock. */
export function driveWebhooks(
  webhooks: Record<string, WebhookSettings | null>,
  settings: Record<string, unknown> = {},
) {
  const clock = new FakeClock();
  const logger = new FakeLogger();
  const store = new FakeDeliveryStore();
  const receivers = new FakeReceivers();
  const config = { ...loadConfig({}, '/').webhooks, ...settings };
  const endpoints = createEndpoints(config.endpoints, (id) => webhooks[id] ?? null);

  function process() {
    const dispatcher = new Dispatcher({
      store,
      endpoints,
      post: receivers.post,
      clock,
      logger,
      settings: config,
      version: '1.2.3',
    });
    const record = createRecorder({
      store,
      endpoints,
      phoneNumberOf: () => '4915100000001',
      wake: (lane) => dispatcher.wake(lane),
    });
    return {
      dispatcher,
      record,
      /** A message comes in. */
      receive: (sessionId: string, id: string) => record(newsOfMessage(sessionId, anIncoming(id, 1), clock.now())),
    };
  }

  const first = process();
  first.dispatcher.start();
  return {
    ...first,
    /** Another process on the same store, not started yet. */
    process,
    clock,
    logger,
    store,
    receivers,
    webhooks,
    taken: () => receivers.taken,
    statuses: () => store.list({ after: 0, limit: 99_999 }).map(({ status }) => status),
  };
}
