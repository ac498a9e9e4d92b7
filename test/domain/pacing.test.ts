import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { afterSend, NOTHING_SENT, nextSendAt, type Pacing } from '../../src/domain/pacing.js';

const OFF: Pacing = { perMinute: null, minGapMs: 0, jitterMs: 0 };

describe('the pace of a number', () => {
  test('holds nothing back unless it is set', () => {
    let record = NOTHING_SENT;
    for (let n = 0; n < 100; n += 1) record = afterSend(record, OFF, 5000, 0.5);
    expect(nextSendAt(record, OFF, 5000)).toBeLessThanOrEqual(5000);
  });

  test('keeps a gap, longer by chance', () => {
    const pacing = { ...OFF, minGapMs: 1000, jitterMs: 500 };
    expect(nextSendAt(afterSend(NOTHING_SENT, pacing, 5000, 0), pacing, 5000)).toBe(6000);
    expect(nextSendAt(afterSend(NOTHING_SENT, pacing, 5000, 0.5), pacing, 5000)).toBe(6250);
  });

  test('holds nothing back for what was sent under a clock that has been set back since', () => {
    const pacing = { perMinute: 2, minGapMs: 1000, jitterMs: 0 };
    const record = [1, 2].reduce((before, n) => afterSend(before, pacing, 7_200_000 + n, 0), NOTHING_SENT);
    expect(nextSendAt(record, pacing, 7_200_003)).toBe(7_260_001);
    expect(nextSendAt(record, pacing, 5000)).toBe(0);
    const once = afterSend(record, pacing, 5000, 0);
    expect(nextSendAt(once, pacing, 5000)).toBe(6000);
    expect(nextSendAt(afterSend(once, pacing, 6000, 0), pacing, 7000)).toBe(65_000);
  });

  test('allows so many in any minute, whenever it begins', () => {
    const perMinute = 5;
    const pacing = { ...OFF, perMinute };
    fc.assert(
      fc.property(fc.array(fc.nat(20_000), { maxLength: 60 }), (pauses) => {
        let now = 1_000_000;
        let record = NOTHING_SENT;
        const sentAt: number[] = [];
        for (const pause of pauses) {
          now = Math.max(now + pause, nextSendAt(record, pacing, now + pause));
          record = afterSend(record, pacing, now, 0);
          sentAt.push(now);
        }
        for (const from of sentAt) {
          expect(sentAt.filter((at) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(perMinute);
        }
      }),
    );
  });
});
