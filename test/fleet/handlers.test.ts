import { describe, expect, test } from '@jest/globals';
import type { IncomingMessage } from '../../src/domain/message.js';
import { wordsOf } from '../../src/domain/message-content.js';
import type { HandledStore } from '../../src/domain/store-ports.js';
import { Handlers, type MessageHandler } from '../../src/fleet/handlers.js';
import { settled } from '../support/fake-clock.js';
import { anIncoming } from '../support/fake-whatsapp.js';
import { aFleet } from './fleet-driver.js';

const ANNA = '491511111111@c.us';
const BERT = '491522222222@c.us';
const TIMEOUT_MS = 60_000;

/** The positions of one session, as the database would keep them over a restart. */
class FakeHandledStore implements HandledStore {
  handled: number | null = null;
  newest = () => 0;
  positions = () => ({ newest: this.newest(), handled: this.handled });
  save = (_sessionId: string, handled: number) => {
    this.handled = handled;
  };
}

/** A connected session with the handlers of a program. */
async function aProgram() {
  const { house, supervisor, fleet, client, connected } = aFleet();
  const store = new FakeHandledStore();
  store.newest = () => house.inbox.list('shop', { after: 0, limit: 999 }).at(-1)?.seq ?? 0;
  const told: string[] = [];
  const make = () =>
    new Handlers({
      fleet: () => fleet,
      actors: () => supervisor.actors,
      inbox: house.inbox,
      handled: store,
      clock: house.clock,
      logger: house.logger,
      tell: (_sessionId, event) => told.push(event),
      settings: { timeoutMs: TIMEOUT_MS, concurrency: 5 },
    });
  const handlers = make();
  house.bus.subscribe(handlers.observe);
  await supervisor.start();
  await connected('shop');
  return {
    house,
    client,
    handlers,
    told,
    store,
    /** Somebody writes; the body is the id. */
    async comes(id: string, chatId = ANNA) {
      client('shop').spec.onMessage(anIncoming(id, house.clock.now(), { body: id, from: chatId, chatId }));
      await settled();
    },
    sent: () => house.outbox.list('shop', { after: 0, limit: 99 }).map(({ content }) => wordsOf(content)),
    /** The program ends, by force, and runs again with this handler. */
    async restart(handler: MessageHandler) {
      const again = make();
      again.add('message', handler);
      house.bus.subscribe(again.observe);
      again.start();
      await settled();
      return again;
    },
  };
}

/** A handler that the test lets go on, message by message. */
function aSlowHandler() {
  const begun: string[] = [];
  const waiting = new Map<string, () => void>();
  const handler = ({ id }: IncomingMessage) => {
    begun.push(id);
    return new Promise<void>((resolve) => waiting.set(id, resolve));
  };
  const done = async (id: string) => {
    waiting.get(id)?.();
    await settled();
  };
  return { begun, handler, done };
}

describe('B14 the handlers of messages', () => {
  test('get each message once, and may answer in its chat', async () => {
    const { handlers, comes, sent } = await aProgram();
    handlers.add('message', ({ body }, { reply }) => reply(`You wrote: ${body}`));
    handlers.start();
    await comes('hello');
    await comes('hello');
    expect(sent()).toEqual(['You wrote: hello']);
  });

  test('keep the order of a chat, and one chat does not wait for another', async () => {
    const { handlers, comes } = await aProgram();
    const { begun, handler, done } = aSlowHandler();
    handlers.add('message', handler);
    handlers.start();
    await comes('a1', ANNA);
    await comes('a2', ANNA);
    await comes('b1', BERT);
    expect(begun).toEqual(['a1', 'b1']);
    await done('a1');
    expect(begun).toEqual(['a1', 'b1', 'a2']);
  });

  test('take no more at a time than they may', async () => {
    const { handlers, comes } = await aProgram();
    const { begun, handler, done } = aSlowHandler();
    handlers.add('message', handler);
    handlers.start();
    for (let i = 0; i < 9; i += 1) await comes(`m${i}`, `4915${i}@c.us`);
    expect(begun).toHaveLength(5);
    await done('m3');
    expect(begun).toHaveLength(6);
  });

  test('that throw are told of in the timeline, and harm nobody', async () => {
    const { handlers, comes, told, sent } = await aProgram();
    handlers.add('message', () => {
      throw new Error('a bug');
    });
    handlers.add('message', async () => {
      throw new Error('another');
    });
    handlers.add('message', (_message, { reply }) => reply('still here'));
    handlers.start();
    await comes('a');
    expect([told, sent()]).toEqual([['handler.failed', 'handler.failed'], ['still here']]);
  });

  test('that hang are told of, and the next message goes on after their time', async () => {
    const { handlers, comes, told, house } = await aProgram();
    const { begun, handler } = aSlowHandler();
    handlers.add('message', handler);
    handlers.start();
    await comes('a');
    await comes('b');
    await house.clock.advance(TIMEOUT_MS);
    expect([begun, told]).toEqual([['a', 'b'], ['handler.timed_out']]);
  });

  test('see through the signal that their time is over', async () => {
    const { handlers, comes, house } = await aProgram();
    let aborted = false;
    handlers.add('message', (_message, { signal }) => {
      signal.addEventListener('abort', () => {
        aborted = true;
      });
      return new Promise(() => undefined);
    });
    handlers.start();
    await comes('a');
    await house.clock.advance(TIMEOUT_MS);
    expect(aborted).toBe(true);
  });

  test('of one session hear nothing of another, and none that was taken away', async () => {
    const { handlers, comes } = await aProgram();
    const heard: string[] = [];
    handlers.add('message', () => heard.push('other'), 'other');
    const remove = handlers.add('message', () => heard.push('shop'), 'shop');
    handlers.start();
    await comes('a');
    remove();
    await comes('b');
    expect(heard).toEqual(['shop']);
  });

  test('do not get what came before there were any', async () => {
    const { handlers, comes } = await aProgram();
    await comes('old');
    const heard: string[] = [];
    handlers.add('message', ({ id }) => heard.push(id));
    handlers.start();
    await comes('new');
    expect(heard).toEqual(['new']);
  });

  test('get after a crash what was not handled, and answer only once what was answered', async () => {
    const { handlers, comes, restart, sent } = await aProgram();
    const { handler } = aSlowHandler();
    handlers.add('message', (message, { reply }) => reply(`1: ${message.id}`));
    handlers.add('message', handler);
    handlers.start();
    await comes('a');
    await comes('b');
    const heard: string[] = [];
    await restart((message, { reply }) => {
      heard.push(message.id);
      return reply(`1: ${message.id}`);
    });
    expect(heard).toEqual(['a', 'b']);
    expect(sent()).toEqual(['1: a', '1: b']);
  });

  test('that were through are not run again', async () => {
    const { handlers, comes, restart } = await aProgram();
    handlers.add('message', () => undefined);
    handlers.start();
    await comes('a');
    await handlers.stop();
    const heard: string[] = [];
    await restart(({ id }) => heard.push(id));
    expect(heard).toEqual([]);
  });

  test('begin nothing more at the end, which waits for them only so long', async () => {
    const { handlers, comes, house } = await aProgram();
    const { begun, handler } = aSlowHandler();
    handlers.add('message', handler);
    handlers.start();
    await comes('a');
    await comes('b');
    let over = false;
    void handlers.stop().then(() => {
      over = true;
    });
    await house.clock.advance(2999);
    expect(over).toBe(false);
    await house.clock.advance(1);
    expect([over, begun]).toEqual([true, ['a']]);
  });
});

describe('B14 the other handlers', () => {
  test('hear of every change of a session in order', async () => {
    const { handlers, client } = await aProgram();
    const heard: string[] = [];
    handlers.add('status', ({ status, reason }) => heard.push(`${status} ${reason}`));
    handlers.start();
    client('shop').tell({ type: 'browser-exited' });
    await settled();
    client('shop').ready();
    await settled();
    expect(heard).toEqual(['reconnecting browser_crashed', 'connected ready']);
  });

  test('get the Client of every new browser, once', async () => {
    const { handlers, client, house } = await aProgram();
    const given: object[] = [];
    handlers.add('client', (library) => given.push(library));
    handlers.start();
    const crash = async () => {
      client('shop').tell({ type: 'browser-exited' });
      await house.clock.advance(11_000);
      client('shop').ready();
      await settled();
    };
    await crash();
    client('shop').tell({ type: 'socket-state', socketState: 'OPENING' });
    client('shop').tell({ type: 'socket-state', socketState: 'CONNECTED' });
    await settled();
    expect(given).toEqual([client('shop')]);
    await crash();
    expect(given).toHaveLength(2);
  });

  test('hear what became of what was sent', async () => {
    const { handlers, client, comes } = await aProgram();
    const heard: string[] = [];
    handlers.add('message', (_message, { reply }) => reply('hi'));
    handlers.add('sent', ({ content, status }) => heard.push(`${wordsOf(content)} ${status}`));
    handlers.start();
    await comes('a');
    client('shop').ack('hi', 1);
    await settled();
    expect(heard.at(-1)).toBe('hi sent');
  });
});
