import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openDatabase } from '../../../src/adapters/store/database.js';
import { createDeliveryStore } from '../../../src/adapters/store/delivery-store.js';
import { createInboxStore } from '../../../src/adapters/store/inbox-store.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wakeful-killed-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Another process receives messages with the built code, and is killed with SIGKILL at the given place. */
function receiveAndDie(dieAt: 'before the delivery is written' | 'after the message was received') {
  const built = (path: string) => pathToFileURL(resolve('dist', path)).href;
  const script = `
    import { openDatabase } from '${built('adapters/store/database.js')}';
    import { createDeliveryStore } from '${built('adapters/store/delivery-store.js')}';
    import { createInboxStore } from '${built('adapters/store/inbox-store.js')}';
    import { recordedStores } from '${built('api/webhooks/recorded-stores.js')}';
    import { createRecorder } from '${built('api/webhooks/recorder.js')}';
    const die = () => process.kill(process.pid, 'SIGKILL');
    const database = openDatabase(${JSON.stringify(folder)});
    const at = Date.now();
    database.run(database.query.insertInto('session').values({
      id: 'sales', desired: 'running', state: '{}', facts: '{}', created_at: at, updated_at: at, epoch: 0, inbox_seq: 0,
    }));
    const store = createDeliveryStore(database);
    let isLast = false;
    const enqueue = (delivery) => {
      if (isLast && ${dieAt === 'before the delivery is written'}) die();
      return store.enqueue(delivery);
    };
    const record = createRecorder({
      store: { ...store, enqueue },
      endpoints: { about: () => [{ key: 'session:sales', url: 'http://x/', events: null }], byKey: () => null },
      phoneNumberOf: () => null,
      wake: () => {},
    });
    const stores = { sessions: {}, outbox: {}, inbox: createInboxStore(database) };
    const { inbox } = recordedStores(stores, { transaction: database.transaction, record });
    const aMessage = (id) => ({
      id, from: '1@c.us', fromLid: null, to: '2@c.us', chatId: '1@c.us', body: 'hello', type: 'chat', timestamp: at,
      fromMe: false, ack: 0, quotedMessageId: null, media: null, editedAt: null, revokedAt: null,
    });
    inbox.insert('sales', aMessage('first'), at);
    isLast = true;
    inbox.insert('sales', aMessage('last'), at);
    die();`;
  const { signal, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(signal).toBe('SIGKILL');
  const database = openDatabase(folder);
  const received = createInboxStore(database).list('sales', { after: 0, limit: 9 });
  const deliveries = createDeliveryStore(database);
  const told = deliveries.list({ after: 0, limit: 9 }).map(({ id }) => deliveries.get(id)?.body ?? '');
  database.close();
  return {
    received: received.map(({ message }) => message.id),
    told: told.map((body) => (JSON.parse(body) as { payload: { id: string } }).payload.id),
  };
}

test('killed between a message and its webhook: neither is there, so that the next look into the chats finds both anew', () => {
  expect(receiveAndDie('before the delivery is written')).toEqual({ received: ['first'], told: ['first'] });
});

test('killed right after a message was received: its webhook is queued', () => {
  expect(receiveAndDie('after the message was received')).toEqual({
    received: ['first', 'last'],
    told: ['first', 'last'],
  });
});
