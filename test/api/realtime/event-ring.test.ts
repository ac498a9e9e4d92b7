import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { EventRing } from '../../../src/api/realtime/event-ring.js';

const news = (id: string) => ({ name: 'log', sessionIds: [id], payload: { id } }) as const;

/** All events behind a position, as a client would walk them. */
function walk(ring: EventRing, after: number): unknown[] {
  const event = ring.next(after);
  return event === null ? [] : [event.payload.id, ...walk(ring, event.seq)];
}

describe('the ring of events', () => {
  test('numbers events one by one and gives them in order', () => {
    const ring = new EventRing({ kept: 3, startedAt: 0 });
    expect(['a', 'b'].map((id) => ring.append(news(id)).seq)).toEqual([1, 2]);
    expect(walk(ring, 0)).toEqual(['a', 'b']);
    expect(walk(ring, 1)).toEqual(['b']);
    expect(walk(ring, 2)).toEqual([]);
  });

  test('keeps the newest and knows what it does not reach any more', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 0, max: 100 }), (kept, told) => {
        const ring = new EventRing({ kept, startedAt: 5 });
        const before = ring.head;
        for (let n = 1; n <= told; n += 1) ring.append(news(String(n)));
        const lost = Math.max(0, told - kept);
        expect(ring.oldest).toBe(before + lost + 1);
        for (let n = -1; n <= told + 1; n += 1) {
          const reached = n >= lost && n <= told;
          expect(ring.reaches(before + n)).toBe(reached);
          if (reached)
            expect(walk(ring, before + n)).toEqual(Array.from({ length: told - n }, (_, i) => `${n + i + 1}`));
        }
      }),
    );
  });

  test('takes no position of an earlier run for one of its own', () => {
    const earlier = new EventRing({ kept: 10, startedAt: Date.UTC(2026, 0, 1) });
    for (let n = 0; n < 1_000; n += 1) earlier.append(news('a'));
    const later = new EventRing({ kept: 10, startedAt: Date.UTC(2026, 0, 1) + 2 });
    expect(later.reaches(earlier.head)).toBe(false);
    later.append(news('b'));
    expect(later.reaches(earlier.head)).toBe(false);
    expect(Number.isSafeInteger(later.head)).toBe(true);
  });
});
