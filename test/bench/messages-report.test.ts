import { describe, expect, test } from '@jest/globals';
import { allowedMs, figuresOf, percentile, type WayFigures } from '../../bench/messages/figures.js';
import { readFlags } from '../../bench/messages/flags.js';
import { sendInLanes } from '../../bench/messages/lanes.js';
import { type Comparison, meetsGoal, tableOf } from '../../bench/messages/report.js';

const spread = (p50: number) => ({ p50, p99: 2 * p50 });
const way = (p50: number, change: Partial<WayFigures> = {}): WayFigures => ({
  ...{ arrival: spread(p50), acknowledged: spread(p50), returned: spread(p50), perSecond: 1000 / p50 },
  ...change,
});
const compared = (bare: number, api: WayFigures): Comparison => ({ senders: 1, bare: way(bare), api });
const [accepted, webhook] = [spread(2), spread(7)];

describe('what a comparison of sending says', () => {
  test('the API may take a fifth more than the plain script, and 5 ms', () => {
    expect(allowedMs(20)).toBe(29);
    expect(meetsGoal({ comparisons: [compared(20, way(29))] })).toBe(true);
    expect(meetsGoal({ comparisons: [compared(20, way(29.1))] })).toBe(false);
  });

  test('it is the arrival of one sender that is held to it, and no other figure', () => {
    const slow = spread(500);
    const tenSenders = { ...compared(20, way(500)), senders: 10 };
    expect(meetsGoal({ comparisons: [compared(20, way(20, { arrival: slow })), tenSenders] })).toBe(false);
    const others = way(20, { acknowledged: slow, returned: slow });
    expect(meetsGoal({ comparisons: [compared(20, others), tenSenders] })).toBe(true);
  });

  test('the table says what is slower, and the sentence below it', () => {
    const table = tableOf({ comparisons: [compared(20, way(24, { arrival: spread(30) }))], accepted, webhook });
    expect(table).toMatch(/1 sender: WhatsApp has it +20\.0 +40\.0 +30\.0 +60\.0 +1\.50 +29\.0 +above/);
    expect(table).toMatch(/1 sender: acknowledged .* 1\.20 +29\.0 +ok/);
    expect(table).toMatch(/POST answers 202 +2\.0 +4\.0/);
    expect(table).toMatch(/webhook after a message +7\.0 +14\.0/);
    expect(table).toContain('1 sender: WhatsApp has it, API p50 ≤ 1.2 × bare + 5 ms: no');
  });
});

describe('the figures', () => {
  test('a percentile is a value that was measured', () => {
    expect(percentile([3, 1, 2, 4], 0.5)).toBe(2);
    expect(percentile([3, 1, 2, 4], 0.99)).toBe(4);
    expect(percentile([5], 0.99)).toBe(5);
    expect(percentile([], 0.5)).toBeNaN();
  });

  test('count from the call, and messages by the time of all together', () => {
    const messages = [
      { startedAt: 1000, arrivedAt: 1010, acknowledgedAt: 1015, returnedAt: 1012 },
      { startedAt: 2000, arrivedAt: 2020, acknowledgedAt: 2025, returnedAt: 2022 },
    ];
    expect(figuresOf(messages, 50)).toEqual({
      arrival: { p50: 10, p99: 20 },
      acknowledged: { p50: 15, p99: 25 },
      returned: { p50: 12, p99: 22 },
      perSecond: 40,
    });
  });

  test('a lane waits for each of its messages, and for no other lane', async () => {
    const order: string[] = [];
    const ends = new Map<string, () => void>();
    const all = sendInLanes(
      {
        lanes: [
          [
            { to: 'a', text: 'a1' },
            { to: 'a', text: 'a2' },
          ],
          [{ to: 'b', text: 'b1' }],
        ],
        restMs: 0,
      },
      async ({ text }) => {
        order.push(text);
        await new Promise<void>((resolve) => ends.set(text, resolve));
        return { text, startedAt: 0, returnedAt: 0, acknowledgedAt: 0 };
      },
    );
    expect(order).toEqual(['a1', 'b1']);
    for (const text of ['a1', 'a2', 'b1']) {
      ends.get(text)?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect((await all).map(({ text }) => text)).toEqual(['a1', 'a2', 'b1']);
  });
});

test('a number of messages that is none is refused', () => {
  expect(readFlags(['--messages', '50'])).toMatchObject({ messages: 50 });
  expect(readFlags(['--short']).messages).toBeLessThan(readFlags([]).messages);
  expect(() => readFlags(['--messages', '0'])).toThrow('--messages takes a whole number from 1 on, not 0');
});
