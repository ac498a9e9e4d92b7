import { describe, expect, test } from '@jest/globals';
import { statusOfAck } from '../../src/domain/message.js';
import type { FoundMessage } from '../../src/domain/ports.js';
import { decideAfterSearch } from '../../src/domain/reconciliation.js';

const MAX_ATTEMPTS = 5;
const found = (waMessageId: string, body: string, ack = 1): FoundMessage => ({ waMessageId, body, ack, timestamp: 0 });
const arrived = (waMessageId: string, ack = 1) => ({ outcome: 'arrived', receipt: { waMessageId, ack } });

describe('B06 after an interrupted send', () => {
  const unnamed = { waMessageId: null, text: 'hello', attempts: 1 };
  const named = { ...unnamed, waMessageId: 'B' };

  test('a message with the same text has arrived: the oldest that belongs to no other send', () => {
    const chat = [found('A', 'hello'), found('X', 'other'), found('B', 'hello', 2), found('C', 'hello')];
    expect(decideAfterSearch(unnamed, chat, new Set(), MAX_ATTEMPTS)).toEqual(arrived('A'));
    expect(decideAfterSearch(unnamed, chat, new Set(['A']), MAX_ATTEMPTS)).toEqual(arrived('B', 2));
  });

  test('a known id is the only proof, whatever the text says', () => {
    const chat = [found('A', 'hello'), found('B', 'edited')];
    expect(decideAfterSearch(named, chat, new Set(['B']), MAX_ATTEMPTS)).toEqual(arrived('B'));
    expect(decideAfterSearch(named, [found('A', 'hello')], new Set(), MAX_ATTEMPTS)).toEqual({ outcome: 'send_again' });
  });

  test('a message that is not in the chat is sent again, up to the limit', () => {
    const chat = [found('A', 'hello')];
    const taken = new Set(['A']);
    expect(decideAfterSearch({ ...unnamed, attempts: 4 }, chat, taken, MAX_ATTEMPTS)).toEqual({
      outcome: 'send_again',
    });
    expect(decideAfterSearch({ ...unnamed, attempts: 5 }, chat, taken, MAX_ATTEMPTS)).toEqual({ outcome: 'give_up' });
  });

  test('a message that arrived with the last attempt is not given up', () => {
    expect(decideAfterSearch({ ...unnamed, attempts: 5 }, [found('A', 'hello')], new Set(), MAX_ATTEMPTS)).toEqual(
      arrived('A'),
    );
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
