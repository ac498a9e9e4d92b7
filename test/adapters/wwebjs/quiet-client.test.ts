import { EventEmitter } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import type { Browser, Page } from 'puppeteer';
import { markInjected, markReady, wasReady, watchPage } from '../../../src/adapters/wwebjs/page-watch.js';
import { QuietClient } from '../../../src/adapters/wwebjs/quiet-client.js';

type Given = (...args: unknown[]) => unknown;

/** A page that plays the one document that is there; `failOnce` breaks the next call, as a navigation does. */
class FakePage extends EventEmitter {
  readonly exposed = new Map<string, Given>();
  injections = 0;
  listening = 0;
  hasSynced = false;
  failOnce: string | null = null;
  #injected = false;
  #ready = false;
  readonly #frame = { url: () => this.url };
  url = 'https://web.whatsapp.com/';

  mainFrame() {
    return this.#frame;
  }
  /** Where the page only tells something. */
  readonly session = Object.assign(new EventEmitter(), { send: async () => {} });
  createCDPSession = async () => this.session;
  async evaluateOnNewDocument() {}
  exposeFunction = async (name: string, given: Given) => void this.exposed.set(name, given);

  /** A new document comes, as after a reload. */
  navigate(url = this.url) {
    this.url = url;
    this.#injected = false;
    this.#ready = false;
    this.emit('framenavigated', this.#frame);
  }

  async evaluate(task: unknown, ...args: unknown[]): Promise<unknown> {
    await pause(1);
    if (this.failOnce !== null) {
      const words = this.failOnce;
      this.failOnce = null;
      throw new Error(words);
    }
    if (task === watchPage) return this.#injected;
    if (task === markInjected) {
      this.#injected = true;
      this.injections += 1;
      return this.hasSynced;
    }
    if (task === wasReady) return this.#ready;
    if (task === markReady) {
      this.#ready = true;
      return { phoneNumber: '491511', webVersion: '2.3000.1' };
    }
    const source = String(task);
    if (source.includes('onAddMessageEvent')) this.listening += 1;
    if (source.includes('Debug?.VERSION')) return true;
    if (source.includes('!!window[name]')) return this.exposed.has(String(args[0]));
    if (source.includes("typeof window.WWebJS !== 'undefined'")) return true;
    return undefined;
  }
}

async function adopted() {
  const page = new FakePage();
  const told: string[] = [];
  const client = new QuietClient(
    {
      socketState: (state) => void told.push(state),
      injected: () => void told.push('injected'),
      ready: (phoneNumber) => void told.push(`ready ${phoneNumber}`),
      synced: () => void told.push('synced again'),
      loggedOut: () => void told.push('logged out'),
      ignored: (doing) => void told.push(`ignored ${doing}`),
    },
    1000,
  );
  await client.adopt({} as unknown as Browser, page as unknown as Page);
  const call = (name: string, ...args: unknown[]) => page.exposed.get(name)?.(...args);
  return { page, client, told, call };
}

describe('injecting', () => {
  test('happens once, however many ask at the same time', async () => {
    const { page, client, told } = await adopted();
    await Promise.all([client.inject(), client.inject(), client.inject()]);
    expect(page.injections).toBe(1);
    expect(told).toEqual(['injected']);
  });

  test('leaves a document alone that navigates within itself', async () => {
    const { page, client } = await adopted();
    await client.inject();
    page.emit('framenavigated', page.mainFrame());
    page.emit('framenavigated', page.mainFrame());
    await client.inject();
    expect(page.injections).toBe(1);
  });

  test('happens again in a new document', async () => {
    const { page, client } = await adopted();
    await client.inject();
    page.navigate();
    await client.inject();
    expect(page.injections).toBe(2);
  });

  test('begins anew when the document goes away meanwhile', async () => {
    const { page, client, told } = await adopted();
    page.failOnce = 'Execution context was destroyed, most likely because of a navigation.';
    await client.inject();
    expect(page.injections).toBe(1);
    expect(told).toEqual(['injected']);
  });

  test('of a page that was given up ends, and does not touch the next one', async () => {
    const { page, client } = await adopted();
    page.failOnce = 'Execution context was destroyed.';
    const given = client.inject();
    client.abandonPage();
    page.navigate();
    await Promise.all([given, client.inject()]);
    await pause(200);
    expect(page.injections).toBe(1);
  });

  test('begins anew, whatever the words of the failure, when another document has come meanwhile', async () => {
    const { page, client, told } = await adopted();
    const given = client.inject();
    page.failOnce = 'window.require is not a function';
    page.navigate();
    await given;
    expect(page.injections).toBe(1);
    expect(told).toEqual(['injected']);
  });

  test('B05 may fail the start, and afterwards never rejects', async () => {
    const { page, client, told } = await adopted();
    page.failOnce = 'unknown module';
    await expect(client.inject()).rejects.toThrow('unknown module');
    await client.inject();
    page.failOnce = 'unknown module';
    page.navigate();
    await client.inject();
    await client.inject();
    expect(told.filter((words) => words.startsWith('ignored'))).toEqual(['ignored injecting']);
  });
});

describe('ready', () => {
  test('comes once per document, from the event and from our own reading together', async () => {
    const { page, client, told, call } = await adopted();
    page.hasSynced = true;
    await client.inject();
    await Promise.all([call('onAppStateHasSyncedEvent'), call('onAppStateHasSyncedEvent')]);
    await pause(50);
    expect(told.filter((what) => what !== 'synced again')).toEqual(['injected', 'ready 491511']);

    page.navigate();
    await client.inject();
    await pause(50);
    expect(told.filter((words) => words.startsWith('ready'))).toHaveLength(2);
  });

  test('comes for a document that syncs while the one before it is still being tried', async () => {
    const { page, client, told, call } = await adopted();
    await client.inject();
    let failures = 0;
    const usual = page.evaluate.bind(page);
    page.evaluate = async (task, ...args) => {
      if (task !== wasReady || failures === 3) return usual(task, ...args);
      failures += 1;
      // It comes during the last try: nobody would look again for the sake of the first sync.
      if (failures === 3) call('onAppStateHasSyncedEvent');
      throw new Error('ready timeout');
    };
    call('onAppStateHasSyncedEvent');
    await pause(2500);
    expect(told).toEqual(['injected', ...Array(3).fill('ignored becoming ready'), 'ready 491511']);
  });

  test('is left out for a page that syncs after the end', async () => {
    const { client, told, call } = await adopted();
    await client.inject();
    client.silence();
    call('onAppStateHasSyncedEvent');
    await pause(50);
    expect(told).toEqual(['injected']);
  });
});

describe('a logout', () => {
  test('is told once, whichever sign comes first, and nothing after it', async () => {
    const { page, client, told, call } = await adopted();
    await client.inject();
    await call('wakefulReport', { kind: 'logout', state: '' });
    page.navigate('https://web.whatsapp.com/?post_logout=1&logout_reason=0');
    await call('wakefulReport', { kind: 'state', state: 'UNPAIRED' });
    await client.inject();
    expect(told).toEqual(['injected', 'logged out']);
    expect(page.injections).toBe(1);
  });

  test('is seen by the address alone', async () => {
    const { page, told } = await adopted();
    page.navigate('https://web.whatsapp.com/?post_logout=1');
    expect(told).toEqual(['logged out']);
  });
});

test('B05 a function of the library that throws is reported, not rejected', async () => {
  const { page, client, told, call } = await adopted();
  await client.inject();
  await client.attachEventListeners();
  expect(page.listening).toBe(1);
  // It reads the id of what it is given (Client.js 927).
  await page.exposed.get('onRemoveChatEvent')?.(undefined);
  expect(told).toContain('ignored onRemoveChatEvent');
  await call('onAuthAppStateChangedEvent', 'UNPAIRED_IDLE');
});

test('what the page only tells reaches the library, and nonsense is reported', async () => {
  const { page, client, told } = await adopted();
  await client.inject();
  await client.attachEventListeners();
  const acks: unknown[] = [];
  client.on('message_ack', (_message, ack) => acks.push(ack));
  const tell = (payload: string, name = 'wakefulTell') => page.session.emit('Runtime.bindingCalled', { name, payload });
  const model = { id: { fromMe: true, remote: '1@c.us', id: 'A', _serialized: 'true_1@c.us_A' }, type: 'chat' };
  tell(JSON.stringify(['onMessageAckEvent', model, 2]));
  tell(JSON.stringify(['onMessageAckEvent', model, 3]), 'somethingElse');
  tell(JSON.stringify(['nobody', 1]));
  expect([acks, told.filter((one) => one.startsWith('ignored'))]).toEqual([[2], []]);
  tell('{');
  tell('[]');
  expect(told.filter((one) => one.startsWith('ignored'))).toEqual(Array(2).fill('ignored hearing the page'));
});

test('B05 what the library calls without waiting for it does not reject', async () => {
  const { client } = await adopted();
  await expect(client.destroy()).resolves.toBeUndefined();
});
