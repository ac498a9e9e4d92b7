import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'puppeteer';
import { Handovers } from '../../../src/adapters/wwebjs/handovers.js';
import { hasChat, ownMessages } from '../../../src/adapters/wwebjs/page-chats.js';
import type { QuietClient } from '../../../src/adapters/wwebjs/quiet-client.js';
import type { OutgoingMessage } from '../../../src/domain/message-content.js';
import type { FoundMessage, SendReceipt, SendRefusal } from '../../../src/domain/ports.js';

const CHAT = '491511234567@c.us';
const START = Date.UTC(2026, 0, 1);

beforeEach(() => void jest.useFakeTimers({ now: START }));
afterEach(() => void jest.useRealTimers());

const hello = (presetId: string | null = null): OutgoingMessage => ({
  to: CHAT,
  content: { type: 'text', text: 'hello' },
  bytes: null,
  quotedMessageId: null,
  presetId,
});

const inChat = (id: string, words = 'hello'): FoundMessage => ({
  waMessageId: `true_${CHAT}_${id}`,
  ...{ ack: 1, type: 'chat', words, timestamp: START },
});

/** A page whose chat holds what the test puts there, and a library that answers a send as `answer` does. */
function aPage(answer: () => unknown, reportedAck = 0) {
  const chat: FoundMessage[] = [];
  const searches: unknown[][] = [];
  const page = {
    async evaluate(task: unknown, ...args: unknown[]) {
      if (task === hasChat) return true;
      if (task !== ownMessages) throw new Error('the page was asked for something else');
      searches.push(args);
      return [...chat];
    },
  };
  let handedOver = 0;
  const client = {
    async sendMessage() {
      handedOver += 1;
      return answer();
    },
  };
  const handovers = new Handovers({
    client: client as unknown as QuietClient,
    page: page as unknown as Page,
    ...{ sendTimeoutMs: 30_000, mediaTimeoutMs: 60_000, reportedAck: () => reportedAck },
  });
  /** Sends, and lets time pass until it is known what became of it. */
  async function send(message: OutgoingMessage) {
    const outcomes: (SendReceipt | SendRefusal | Error)[] = [];
    void handovers.send(message, new AbortController().signal).then(
      (outcome) => outcomes.push(outcome),
      (error: Error) => outcomes.push(error),
    );
    await jest.advanceTimersByTimeAsync(0);
    while (outcomes.length === 0) await jest.advanceTimersByTimeAsync(50);
    return { outcome: outcomes[0], tookMs: Date.now() - START, handedOver };
  }
  return { chat, searches, send };
}

const nothing = () => undefined;

describe('B12 a send for which the library gives no message back', () => {
  test('has gone out when the message stands in its chat', async () => {
    const { chat, send } = aPage(nothing);
    chat.push(inChat('A1'));
    const receipt = { waMessageId: `true_${CHAT}_A1`, ack: 1 };
    expect(await send(hello())).toEqual({ outcome: receipt, tookMs: 0, handedOver: 1 });
  });

  test.each([
    ['null', () => null],
    ['a message without its key', () => ({ _data: { id: {} } })],
  ])('nor is %s taken for a failure', async (_, answer) => {
    const { chat, send } = aPage(answer);
    chat.push(inChat('A1'));
    expect(await send(hello())).toMatchObject({ outcome: { waMessageId: `true_${CHAT}_A1` } });
  });

  test('is waited for when the message takes its time to appear, and is not handed over again', async () => {
    const { chat, searches, send } = aPage(nothing);
    setTimeout(() => chat.push(inChat('A1')), 2600);
    const { outcome, tookMs, handedOver } = await send(hello());
    expect(outcome).toEqual({ waMessageId: `true_${CHAT}_A1`, ack: 1 });
    expect([tookMs, handedOver]).toEqual([2750, 1]);
    expect(searches.every(([id, since]) => id === CHAT && since === START / 1000)).toBe(true);
  });

  test('that never appears is nothing that is known: no receipt, no refusal, after 3 s', async () => {
    const { chat, send } = aPage(nothing);
    chat.push(inChat('A1', 'of somebody else'));
    const { outcome, tookMs, handedOver } = await send(hello());
    expect(outcome).toMatchObject({ name: 'ClientError', reason: 'page_hung' });
    expect([tookMs, handedOver]).toEqual([3000, 1]);
  });

  test('is known by the id that was chosen for it, not by words that are there twice', async () => {
    const { chat, send } = aPage(nothing);
    chat.push(inChat('MINE'), inChat('OTHER'));
    expect(await send(hello('MINE'))).toMatchObject({ outcome: { waMessageId: `true_${CHAT}_MINE` } });
    const alone = aPage(nothing);
    alone.chat.push(inChat('OTHER'));
    expect((await alone.send(hello('MINE'))).outcome).toBeInstanceOf(Error);
  });

  test('without such an id is the newest of its words', async () => {
    const { chat, send } = aPage(nothing);
    chat.push(inChat('FIRST'), inChat('SECOND'), inChat('THIRD', 'other words'));
    expect(await send(hello())).toMatchObject({ outcome: { waMessageId: `true_${CHAT}_SECOND` } });
  });
});

describe('a send', () => {
  test('that says which message it was is not looked for', async () => {
    const id = { _serialized: `true_${CHAT}_A1`, fromMe: true, remote: CHAT };
    const { searches, send } = aPage(() => ({ _data: { id, ack: 0 } }), 2);
    expect(await send(hello())).toMatchObject({ outcome: { waMessageId: `true_${CHAT}_A1`, ack: 2 } });
    expect(searches).toEqual([]);
  });

  test('at which a script of the page threw is refused, unless the message has left nevertheless', async () => {
    const throws = () => {
      throw new Error('Cannot read properties of undefined');
    };
    const refused = await aPage(throws).send(hello());
    expect(refused).toMatchObject({ outcome: { refused: 'not_taken' }, tookMs: 0 });
    const left = aPage(throws);
    left.chat.push(inChat('A1'));
    expect(await left.send(hello())).toMatchObject({ outcome: { waMessageId: `true_${CHAT}_A1` } });
  });
});
