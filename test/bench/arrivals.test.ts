import { describe, expect, test } from '@jest/globals';
import { type Accepted, judgeArrivals } from '../../bench/delivery/kills/arrivals.js';
import type { ListedMessage } from '../../bench/support/service-api.js';
import type { SentMessage } from '../../simulator/client.js';

const ANNA = '491';
const BERT = '492';

const accepted = (body: string, to = ANNA): Accepted => ({ id: `msg_${body}`, to, body, at: 1000 });
const sent = (body: string, over: Partial<SentMessage> = {}): SentMessage => ({
  id: `WA${body}`,
  chat: `${ANNA}@c.us`,
  to: ANNA,
  type: 'chat',
  body,
  ack: 3,
  receivedCount: 1,
  attributes: {},
  firstAt: 1500,
  lastAt: 1500,
  ...over,
});
const row = (body: string, over: Partial<ListedMessage> = {}): ListedMessage => ({
  id: `msg_${body}`,
  body,
  status: 'read',
  code: null,
  waMessageId: `true_${ANNA}@c.us_WA${body}`,
  ...over,
});

describe('what became of accepted messages', () => {
  test('all arrived once and in order: nothing is found', () => {
    const arrivals = judgeArrivals([accepted('a'), accepted('b')], [sent('a'), sent('b')], [row('a'), row('b')]);
    expect(arrivals).toMatchObject({ accepted: 2, arrived: 2, lost: 0, twice: 0, outOfOrder: 0, otherId: 0, open: 0 });
    expect(arrivals.findings).toEqual([]);
    expect(arrivals.longestMs).toBe(500);
  });

  test('one that never arrived is lost, whatever the outbox says of it', () => {
    for (const status of ['read', 'failed', 'uncertain', 'queued']) {
      expect(judgeArrivals([accepted('a')], [], [row('a', { status })])).toMatchObject({ arrived: 0, lost: 1 });
    }
  });

  test('the same words under a second id are seen twice, the same id again by nobody', () => {
    const second = judgeArrivals([accepted('a')], [sent('a'), sent('a', { id: 'other' })], [row('a')]);
    expect(second).toMatchObject({ arrived: 1, twice: 1, sameIdAgain: 0 });
    const again = judgeArrivals([accepted('a')], [sent('a', { receivedCount: 3 })], [row('a')]);
    expect(again).toMatchObject({ arrived: 1, twice: 0, sameIdAgain: 2, findings: [] });
  });

  test('order counts within a chat, by first arrival, and not between chats', () => {
    const mixed = [accepted('a'), accepted('x', BERT), accepted('b')];
    const rows = [row('a'), row('x'), row('b')];
    const toBert = sent('x', { to: BERT });
    expect(judgeArrivals(mixed, [sent('a'), sent('b'), toBert], rows).outOfOrder).toBe(0);
    const swapped = judgeArrivals(mixed, [sent('b'), toBert, sent('a')], rows);
    expect(swapped).toMatchObject({ outOfOrder: 1, findings: ['out of order: a arrived behind b'] });
    expect(judgeArrivals(mixed, [sent('a'), sent('b'), sent('a', { id: 'other' })], rows).outOfOrder).toBe(0);
  });

  test('an id of the outbox that is not the one that arrived is found', () => {
    for (const waMessageId of [`true_${ANNA}@c.us_WAb`, null]) {
      expect(judgeArrivals([accepted('a')], [sent('a')], [row('a', { waMessageId })]).otherId).toBe(1);
    }
  });

  test('what is reported as uncertain or failed, or not at all, is told with its history', () => {
    const arrivals = judgeArrivals(
      [accepted('a'), accepted('b'), accepted('c'), accepted('d')],
      [sent('a'), sent('c'), sent('d')],
      [
        row('a', { status: 'uncertain' }),
        row('b', { status: 'failed', code: 'send_failed' }),
        row('c', { status: 'sending' }),
      ],
    );
    expect(arrivals).toMatchObject({ uncertain: 1, failed: 1, open: 2, lost: 1 });
    expect(arrivals.findings).toContain('failed: b (msg_b), failed send_failed: did not arrive');
    expect(arrivals.findings).toContain('uncertain: a (msg_a), uncertain: arrived as WAa');
  });
});
