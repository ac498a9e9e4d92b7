import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { admitQr, type QrGate, releaseQr } from '../../src/domain/qr-gate.js';

const DEBOUNCE_MS = 2000;
const shown = (text: string, shownAt: number): QrGate => ({ text, shownAt, next: null });

describe('R21 the QR gate', () => {
  test('shows the first code at once', () => {
    expect(admitQr(null, 'one', 100, DEBOUNCE_MS)).toEqual(shown('one', 100));
  });

  test('holds a second code back within 2 s and does not lose it', () => {
    const gate = admitQr(shown('one', 0), 'two', 1999, DEBOUNCE_MS);
    expect(gate).toEqual({ text: 'one', shownAt: 0, next: 'two' });
    expect(releaseQr(gate, 1999, DEBOUNCE_MS)).toBe(gate);
    expect(releaseQr(gate, 2000, DEBOUNCE_MS)).toEqual(shown('two', 2000));
  });

  test('keeps only the newest of several codes that are held back', () => {
    const held = admitQr(admitQr(shown('one', 0), 'two', 500, DEBOUNCE_MS), 'three', 900, DEBOUNCE_MS);
    expect(releaseQr(held, 2000, DEBOUNCE_MS)).toEqual(shown('three', 2000));
  });

  test('shows a second code at once after 2 s, and forgets one that was held back before', () => {
    expect(admitQr(shown('one', 0), 'two', 2000, DEBOUNCE_MS)).toEqual(shown('two', 2000));
    expect(admitQr({ text: 'one', shownAt: 0, next: 'two' }, 'three', 2500, DEBOUNCE_MS)).toEqual(shown('three', 2500));
  });

  test('takes the same code again as no news', () => {
    expect(admitQr(shown('one', 0), 'one', 5000, DEBOUNCE_MS)).toEqual(shown('one', 0));
    expect(admitQr({ text: 'one', shownAt: 0, next: 'two' }, 'one', 10, DEBOUNCE_MS)).toEqual(shown('one', 0));
  });

  test('never shows two codes within the debounce time and ends on the newest', () => {
    const arrivals = fc.array(fc.record({ text: fc.constantFrom('a', 'b', 'c', 'd'), gapMs: fc.nat(3000) }), {
      minLength: 1,
    });
    fc.assert(
      fc.property(arrivals, (codes) => {
        let now = 0;
        let gate: QrGate | null = null;
        for (const { text, gapMs } of codes) {
          now += gapMs;
          const next = admitQr(gate, text, now, DEBOUNCE_MS);
          if (gate !== null && next.text !== gate.text)
            expect(next.shownAt - gate.shownAt).toBeGreaterThanOrEqual(2000);
          gate = next;
        }
        if (gate === null) return;
        expect(releaseQr(gate, now + DEBOUNCE_MS, DEBOUNCE_MS).text).toBe(codes.at(-1)?.text);
      }),
    );
  });
});
