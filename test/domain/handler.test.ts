import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { finished, handedOut, type Progress } from '../../src/domain/handler.js';

const NOTHING: Progress = { doneUpTo: 4, running: [], handedOut: 4 };
const busy = (...seqs: number[]) => seqs.reduce(handedOut, NOTHING);

describe('how far the handlers are', () => {
  test('moves over what is finished', () => {
    expect(finished(busy(5), 5).doneUpTo).toBe(5);
  });

  test('never moves over a message that is still being handled', () => {
    const later = finished(finished(busy(5, 6, 7), 7), 6);
    expect(later.doneUpTo).toBe(4);
    expect(finished(later, 5).doneUpTo).toBe(7);
  });

  test('moves over positions that are no longer there', () => {
    expect(finished(busy(5, 9), 5).doneUpTo).toBe(8);
  });

  test('in any order of finishing, nothing unfinished is ever behind it', () => {
    const order = fc.uniqueArray(fc.integer({ min: 5, max: 40 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(order, (seqs) => {
        let progress = busy(...seqs.toSorted((a, b) => a - b));
        const open = new Set(seqs);
        for (const seq of seqs) {
          progress = finished(progress, seq);
          open.delete(seq);
          for (const left of open) expect(left).toBeGreaterThan(progress.doneUpTo);
        }
        expect(progress).toMatchObject({ doneUpTo: Math.max(...seqs), running: [] });
      }),
    );
  });
});
