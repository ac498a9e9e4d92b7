import createClient from 'openapi-fetch';
import type { paths } from '../../../client/paths.js';
import { createApp } from '../../../src/api/app.js';
import { AuditTrail } from '../../../src/api/audit.js';
import { hashKey } from '../../../src/api/keys.js';
import { createServer } from '../../../src/api/server.js';
import { SignIn } from '../../../src/api/sign-in.js';
import { Dispatcher } from '../../../src/api/webhooks/dispatcher.js';
import { createEndpoints } from '../../../src/api/webhooks/endpoints.js';
import { WebhookDesk } from '../../../src/api/webhooks/webhook-desk.js';
import { loadConfig } from '../../../src/config.js';
import { KEY_ROLES } from '../../../src/domain/access-ports.js';
import type { Clock, Logger } from '../../../src/domain/ports.js';
import { FakeDeliveryStore } from '../../support/fake-delivery-store.js';
import { FakeFleet } from '../../support/fake-fleet.js';
import { aKey, FakeAuditStore, FakeKeyStore } from '../../support/fake-keys.js';
import { FakeMediaDesk } from '../../support/fake-media-desk.js';
import { FakeReceivers } from '../webhooks/webhook-driver.js';

/** The fields that tests look at; a body has those that fit what was asked. */
interface AnswerBody {
  id: string;
  status: string;
  label: string | null;
  code: string;
  detail: string;
  retryable: boolean;
  requestId: string;
  next?: string;
  errors: { path: string; message: string }[];
  items: { id: string; body: string; seq: number }[];
}

export interface Answer {
  status: number;
  headers: Headers;
  json: AnswerBody;
  text: string;
  bytes: Buffer;
}

export interface Ask {
  key?: string | null;
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string;
  headers?: Record<string, string>;
}

/** A real server on a free port of loopback over a fake fleet, with one key per role: `admin`, `operator`, `viewer`. */
export async function startApi(
  limits: Partial<{ requestsPerSecond: number; failedSignInsPerMinute: number }> = {},
  pageDir?: string,
) {
  const fleet = new FakeFleet();
  const media = new FakeMediaDesk();
  const keys = new FakeKeyStore();
  for (const role of KEY_ROLES) keys.insert(aKey(role), hashKey(role));
  const logged: string[] = [];
  const told: string[] = [];
  const logger: Logger = {
    debug() {},
    info: (event, message, fields) => void told.push(`${event} ${message} ${JSON.stringify(fields)}`),
    warn() {},
    error: (event, message, fields) => void logged.push(`${event} ${message} ${JSON.stringify(fields)}`),
  };
  let now = 1_000_000;
  const clock: Clock = { now: () => now, schedule: () => () => {} };
  const config = {
    api: { publicUrl: null, requestsPerSecond: 10_000, failedSignInsPerMinute: 10_000, ...limits },
    messages: { ...loadConfig({}, '/').messages, maxMediaMb: 2 },
  };
  const deliveries = new FakeDeliveryStore();
  const receivers = new FakeReceivers();
  const endpoints = createEndpoints([], (id) => fleet.peek(id).webhook);
  const settings = loadConfig({}, '/').webhooks;
  const { post } = receivers;
  const dispatcher = new Dispatcher({ store: deliveries, endpoints, post, clock, logger, settings, version: '1.2.3' });
  dispatcher.start();
  const phoneNumberOf = (id: string) => fleet.peek(id).view.phoneNumber;
  const webhooks = new WebhookDesk({ store: deliveries, endpoints, dispatcher, phoneNumberOf, logger, now: clock.now });
  const signIn = new SignIn(keys, config.api.failedSignInsPerMinute, clock);
  const auditStore = new FakeAuditStore();
  const audit = new AuditTrail({ store: auditStore, clock, logger, keepDays: 90 });
  const metrics = { page: async () => 'wakeful_ready 1\n' };
  const parts = { fleet, webhooks, media, keys, signIn, audit, metrics, config, version: '1.2.3', logger, clock };
  const app = createApp(pageDir === undefined ? parts : { ...parts, pageDir });
  const server = createServer(app, '127.0.0.1', 0);
  const { port } = await server.start();

  async function ask(
    method: string,
    path: string,
    { key = 'admin', body, raw, headers = {} }: Ask = {},
  ): Promise<Answer> {
    const content = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(content === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(content === undefined ? {} : { body: content }),
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString('utf8');
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, json: isJson ? JSON.parse(text) : null, text, bytes };
  }

  /** The same in the types of the document, as a program in TypeScript would call it. */
  const client = createClient<paths>({
    baseUrl: `http://127.0.0.1:${port}`,
    headers: { authorization: 'Bearer admin' },
  });

  return {
    app,
    client,
    fleet,
    media,
    keys,
    signIn,
    server,
    deliveries,
    receivers,
    logged,
    told,
    audit,
    auditStore,
    port,
    ask,
    passTime: (ms: number) => {
      now += ms;
    },
    stop: () => server.stop(),
  };
}

export type Api = Awaited<ReturnType<typeof startApi>>;
