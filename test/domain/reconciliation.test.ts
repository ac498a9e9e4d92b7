import { describe, expect, test } from '@jest/globals';
import { statusOfAck, strongerAck } from '../../src/domain/message.js';
import type { MessageContent } from '../../src/domain/message-content.js';
import type { FoundMessage } from '../../src/domain/ports.js';
import { decideAfterSearch } from '../../src/domain/reconciliation.js';
import { anOutboxMessage } from '../support/outbox-message.js';

const MAX_ATTEMPTS = 3;
const found = (waMessageId: string, words: string, timestamp: number, change: Partial<FoundMessage> = {}) => ({
  ...{ waMessageId, ack: 1, type: 'chat', words, timestamp },
  ...change,
});
const ALONE = { taken: new Set<string>(), rivals: 0 };
const SEND_AGAIN = { outcome: 'send_again' };
const arrived = (waMessageId: string, ack = 1) => ({ outcome: 'arrived', receipt: { waMessageId, ack } });

describe('B06 after a send was interrupted, it', () => {
  const message = anOutboxMessage({ attempts: 1 });
  const decide = (inChat: FoundMessage[], others = ALONE, change = {}) =>
    decideAfterSearch({ ...message, ...change }, inChat, others, MAX_ATTEMPTS);

  test('is sent again when the chat does not have it', () => {
    expect(decide([])).toEqual(SEND_AGAIN);
    expect(decide([found('w1', 'something else', 1)])).toEqual(SEND_AGAIN);
  });

  test('has arrived when the chat has what it says', () => {
    expect(decide([found('w1', 'hello', 1)])).toEqual(arrived('w1'));
  });

  test('takes the oldest of several that say the same', () => {
    expect(decide([found('w1', 'hello', 1), found('w2', 'hello', 2)])).toEqual(arrived('w1'));
  });

  test('does not take what belongs to another message', () => {
    const others = { ...ALONE, taken: new Set(['w1']) };
    expect(decide([found('w1', 'hello', 1)], others)).toEqual(SEND_AGAIN);
    expect(decide([found('w1', 'hello', 1), found('w2', 'hello', 2)], others)).toEqual(arrived('w2'));
  });

  test('is not told from another send that may be the one in the chat', () => {
    const others = { ...ALONE, rivals: 1 };
    expect(decide([found('w1', 'hello', 1)], others)).toEqual({ outcome: 'ambiguous' });
    // Two messages for two sends: one of them is this one.
    expect(decide([found('w1', 'hello', 1), found('w2', 'hello', 2)], others)).toEqual(arrived('w1'));
    expect(decide([], others)).toEqual(SEND_AGAIN);
  });

  test('is given up after the last attempt, unless it is there', () => {
    expect(decide([], ALONE, { attempts: MAX_ATTEMPTS })).toEqual({ outcome: 'give_up' });
    expect(decide([found('w1', 'hello', 1)], ALONE, { attempts: MAX_ATTEMPTS })).toEqual(arrived('w1'));
  });

  test('whose id is known goes by nothing else', () => {
    const known = { waMessageId: 'true_1@c.us_A' };
    const other = found('true_1@c.us_B', 'hello', 1);
    expect(decide([other], ALONE, known)).toEqual(SEND_AGAIN);
    expect(decide([other, found('true_1@c.us_A', 'edited', 2)], ALONE, known)).toEqual(arrived('true_1@c.us_A'));
  });

  test('whose id was chosen beforehand goes by nothing else, also when its chat is kept under another name', () => {
    const preset = { presetId: '3EB0A' };
    expect(decide([found('true_1@c.us_3EB0B', 'hello', 1)], { ...ALONE, rivals: 5 }, preset)).toEqual(SEND_AGAIN);
    expect(decide([found('true_77@lid_3EB0A', 'hello', 1)], { ...ALONE, rivals: 5 }, preset)).toEqual(
      arrived('true_77@lid_3EB0A'),
    );
    expect(decide([found('true_1@g.us_3EB0A_2@c.us', 'hello', 1)], ALONE, preset)).toMatchObject({
      outcome: 'arrived',
    });
  });

  test('was refused when WhatsApp says so', () => {
    expect(decide([found('w1', 'hello', 1, { ack: -1 })])).toEqual({ outcome: 'refused' });
  });

  test.each<{ what: string; content: MessageContent; inChat: Partial<FoundMessage>; same: boolean }>([
    {
      what: 'a picture by its caption',
      content: {
        type: 'media',
        mimeType: 'image/png',
        fileName: null,
        caption: 'look',
        url: null,
        urlIsTrusted: false,
      },
      inChat: { type: 'image', words: 'look' },
      same: true,
    },
    {
      what: 'a picture from a text of the same words',
      content: {
        type: 'media',
        mimeType: 'image/png',
        fileName: null,
        caption: 'look',
        url: null,
        urlIsTrusted: false,
      },
      inChat: { type: 'chat', words: 'look' },
      same: false,
    },
    {
      what: 'a place by its name and address',
      content: { type: 'location', latitude: 1, longitude: 2, name: 'Shop', address: 'Main street 1' },
      inChat: { type: 'location', words: 'Shop\nMain street 1' },
      same: true,
    },
    {
      what: 'a place without a name',
      content: { type: 'location', latitude: 1, longitude: 2, name: null, address: null },
      inChat: { type: 'location', words: '' },
      same: true,
    },
  ])('is told $what', ({ content, inChat, same }) => {
    const decision = decide([found('w1', '', 1, inChat)], ALONE, { content });
    expect(decision.outcome).toBe(same ? 'arrived' : 'send_again');
  });
});

test.each([
  [-1, null],
  [0, null],
  [1, 'sent'],
  [2, 'delivered'],
  [3, 'read'],
  [4, 'read'],
])('acknowledgement %i proves %s', (ack, status) => {
  expect(statusOfAck(ack)).toBe(status);
});

test.each([
  [0, 1, 1],
  [-1, 0, -1],
  [-1, 1, 1],
  [2, -1, 2],
  [0, 0, 0],
])('of the acknowledgements %i and %i %i says more', (a, b, stronger) => {
  expect(strongerAck(a, b)).toBe(stronger);
});
