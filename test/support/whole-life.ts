import { createLogger } from '../../src/adapters/logger.js';
import { createApi } from '../../src/api/create-api.js';
import { createWebhooks } from '../../src/api/webhooks/create-webhooks.js';
import { loadConfig } from '../../src/config.js';
import { FakeReceivers } from '../api/webhooks/webhook-driver.js';
import { aFleet } from '../fleet/fleet-driver.js';
import { settled } from './fake-clock.js';
import { FakeDeliveryStore } from './fake-delivery-store.js';
import { buildHouse } from './fake-house.js';
import { FakeAuditStore, FakeKeyStore } from './fake-keys.js';
import { FakeLogger } from './fake-logger.js';
import { FakeMediaDesk } from './fake-media-desk.js';
import { anIncoming } from './fake-whatsapp.js';

/** What must never stand in a log: each of these is handed to the service somewhere in the life below. */
export const SECRETS = {
  apiKey: 'the-admins-own-key-1',
  wrongKey: 'somebody-guessed-this',
  proxyPassword: 'proxy-pass-word',
  webhookToken: 'token-of-the-receiver',
  webhookUrlToken: 'token-in-the-address',
  hmacKey: 'hmac-key-of-the-receiver',
  qrText: '2@qr-text,that,is,a,login',
  secondQrText: '2@the-next-qr-text',
  pairingCode: 'ABCD-1234',
  received: 'a word of a customer',
  sent: 'a word to a customer',
  failed: 'a word that went nowhere',
  numberOfCustomer: '491511234567',
  ownNumber: '491600000000',
} as const;

/** The id of the request that ends in an error of ours. */
export const FAILED_REQUEST = 'c71dcea3-c591-43f1-8e92-99b8b561d92a';

/**
 * A whole life of the service over fake browsers, with everything about it in the real log files of `dataDir`: linking,
 * messages, faults and recoveries, webhooks, keys, and requests of all kinds. Gives the key that was made in it.
 */
export async function liveWholeLife(dataDir: string): Promise<{ madeKey: string }> {
  const file = createLogger({ level: 'debug', console: 'off', keepDays: 14 }, dataDir);
  const house = { ...buildHouse(), logger: Object.assign(new FakeLogger(), file.logger) };
  const made = aFleet({ house });
  const { fleet, supervisor, client, connected } = made;
  const { clock, logger } = house;
  const receivers = new FakeReceivers();
  const config = { ...loadConfig({ WAKEFUL_API_KEY: SECRETS.apiKey }, '/'), port: 0 };
  const webhooks = createWebhooks({
    ...{ clock, logger, settings: config.webhooks, version: '1.2.3', post: receivers.post },
    store: new FakeDeliveryStore(),
    stores: house,
    transaction: (work) => work(),
    lazily: (work) => work(),
    recordOf: (id) => supervisor.actors.get(id)?.record ?? null,
    viewOf: (id) => fleet.get(id),
  });
  const api = createApi({
    ...{ fleet, config, logger, clock, version: '1.2.3', webhooks: webhooks.webhooks },
    ...{ keys: new FakeKeyStore(), audit: new FakeAuditStore(), metrics: { page: async () => '' } },
    media: new FakeMediaDesk(),
  });
  house.bus.subscribe(api.observe);
  await supervisor.start();
  const url = await api.start();
  webhooks.start();

  async function ask(method: string, path: string, body?: unknown, key: string = SECRETS.apiKey): Promise<string> {
    const headers = { 'x-api-key': key, 'content-type': 'application/json', 'x-request-id': FAILED_REQUEST };
    const response = await fetch(url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    await settled();
    return text;
  }

  // Linked by QR code and pairing code, behind a proxy, with a webhook.
  await ask('POST', '/api/sessions', {
    id: 'shop',
    proxy: `http://me:${SECRETS.proxyPassword}@proxy.example:8080`,
    webhook: {
      url: `https://hooks.example/in?token=${SECRETS.webhookUrlToken}`,
      token: SECRETS.webhookToken,
      hmacKey: SECRETS.hmacKey,
      events: null,
    },
  });
  client('shop').tell(
    { type: 'launched', pid: 4711, engine: 'headless-shell', hasOther: true },
    { type: 'qr', text: SECRETS.qrText },
  );
  await settled();
  await ask('GET', '/api/sessions/shop/qr');
  await ask('POST', '/api/sessions/shop/pairing-code', { phoneNumber: SECRETS.numberOfCustomer });
  await clock.advance(30_000);
  client('shop').tell({ type: 'qr', text: SECRETS.secondQrText });
  await clock.advance(1_000);
  client('shop').tell({ type: 'authenticated' });
  client('shop').ready();
  await settled();

  // Messages that came, went, and did not.
  const incoming = anIncoming('m1', 1, { body: SECRETS.received });
  client('shop').spec.onMessage(incoming);
  webhooks.stores.inbox.insert('shop', anIncoming('m2', 2, { body: SECRETS.received }), clock.now());
  const missed = anIncoming('m3', clock.now(), { body: SECRETS.received });
  house.browsers.whatsapp('shop').received.push(missed);
  const send = (text: string) => ask('POST', '/api/sessions/shop/messages', { to: SECRETS.numberOfCustomer, text });
  await send(SECRETS.sent);
  client('shop').ack(SECRETS.sent);
  client('shop').nextSend = () => ({ refused: 'unknown_number' });
  await send(SECRETS.failed);
  client('shop').nextSend = () => 'interrupted';
  await send(SECRETS.failed);
  await clock.advance(60_000);

  // Lost and healed, twice; then for good.
  receivers.behave = () => 'down';
  webhooks.stores.inbox.insert('shop', anIncoming('m4', 4, { body: SECRETS.received }), clock.now());
  for (const fault of ['page-crashed', 'browser-exited'] as const) {
    client('shop').tell({ type: fault });
    await clock.advance(5_000);
    client('shop').ready();
    await clock.advance(60_000);
  }
  const detail = `net::ERR_PROXY at http://me:${SECRETS.proxyPassword}@proxy.example:8080/?token=${SECRETS.webhookUrlToken}`;
  await connected('till');
  client('till').tell({ type: 'failed', reason: 'banned', detail });
  await connected('desk');
  client('desk').tell({ type: 'logged-out' });
  await clock.advance(24 * 60 * 60_000);

  // Requests of all kinds.
  await ask('GET', '/api/sessions', undefined, SECRETS.wrongKey);
  await ask('GET', '/api/sessions/shop/chats');
  const { secret: madeKey, id } = JSON.parse(await ask('POST', '/api/keys', { name: 'till', role: 'viewer' })) as {
    secret: string;
    id: string;
  };
  await ask('DELETE', '/api/sessions/shop', undefined, madeKey);
  await ask('DELETE', `/api/keys/${id}`);
  await ask('DELETE', '/api/sessions/till');

  await supervisor.stop();
  await Promise.all([webhooks.stop(), api.stop()]);
  await file.stop();
  return { madeKey };
}
