import { beforeEach, describe, expect, test } from '@jest/globals';
import { StatusPace } from '../../../src/api/realtime/status-pace.js';
import { FakeClock } from '../../support/fake-clock.js';

describe('the pace of a status', () => {
  let clock: FakeClock;
  let told: string[];
  let pace: StatusPace;
  beforeEach(() => {
    clock = new FakeClock();
    told = [];
    pace = new StatusPace(clock, (sessionId) => told.push(sessionId));
  });

  test('tells the first change at once', () => {
    pace.changed('a');
    pace.changed('b');
    expect(told).toEqual(['a', 'b']);
  });

  test('tells those that follow together, and always the last', async () => {
    for (let n = 0; n < 50; n += 1) pace.changed('a');
    await clock.advance(99);
    expect(told).toEqual(['a']);
    await clock.advance(1);
    expect(told).toEqual(['a', 'a']);
    await clock.advance(10_000);
    expect(told).toEqual(['a', 'a']);
    expect(clock.pending).toBe(0);
  });

  test('tells at most 10 a second of a session that flaps, while the others keep theirs', async () => {
    for (let ms = 0; ms < 1_000; ms += 5) {
      for (let n = 0; n < 100; n += 1) pace.changed(`flapping-${n}`);
      await clock.advance(5);
    }
    pace.changed('quiet');
    expect(told).toHaveLength(100 * 11 + 1);
    expect(told.at(-1)).toBe('quiet');
  });

  test('tells nothing more of a session that was removed, nor after its end', async () => {
    for (const id of ['a', 'a', 'b', 'b']) pace.changed(id);
    pace.forget('a');
    pace.stop();
    await clock.advance(1_000);
    expect(told).toEqual(['a', 'b']);
    expect(clock.pending).toBe(0);
  });
});
