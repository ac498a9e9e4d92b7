import { describe, expect, test } from '@jest/globals';
import { judgeTold, type Taken, type Written } from '../../bench/delivery/webhooks/told.js';

const written = (id: string, from = 'anna'): Written => ({ id, sessionId: 'n1', from, at: 1000 });
const taken = (id: string, over: Partial<Taken> = {}): Taken => ({
  requestId: `dlv_${id}`,
  id,
  sessionId: 'n1',
  timestamp: 1000,
  at: 1700,
  ...over,
});

describe('what a receiver was told', () => {
  test('all once and in order: nothing is found', () => {
    const told = judgeTold([written('a'), written('b')], [taken('a'), taken('b')], []);
    expect(told).toMatchObject({
      written: 2,
      told: 2,
      missing: 0,
      twice: 0,
      afterKill: 0,
      outOfOrder: 0,
      longestMs: 700,
    });
    expect(told.findings).toEqual([]);
  });

  test('one that was never told is missing', () => {
    expect(judgeTold([written('a'), written('b')], [taken('b')], [])).toMatchObject({ told: 1, missing: 1 });
  });

  test('a second time is promised only under the same request id and across a SIGKILL', () => {
    const calls = (second: Partial<Taken>) => [taken('a', { at: 100 }), taken('a', { at: 300, ...second })];
    const judge = (second: Partial<Taken>, kills: number[]) => judgeTold([written('a')], calls(second), kills);
    expect(judge({}, [200])).toMatchObject({ twice: 0, afterKill: 1 });
    expect(judge({}, [])).toMatchObject({ twice: 1, afterKill: 0 });
    expect(judge({}, [400])).toMatchObject({ twice: 1, afterKill: 0 });
    expect(judge({ requestId: 'dlv_other' }, [200])).toMatchObject({ twice: 1, afterKill: 0 });
  });

  test('within a chat the order in which it was written counts', () => {
    const told = judgeTold([written('a'), written('b')], [taken('b'), taken('a')], []);
    expect(told).toMatchObject({ outOfOrder: 1, acrossChats: 0, findings: ['outOfOrder: a was told behind b'] });
  });

  test('between chats the whole seconds of WhatsApp count, no more', () => {
    const both = [written('a'), written('x', 'bert')];
    expect(judgeTold(both, [taken('x'), taken('a')], [])).toMatchObject({ acrossChats: 0 });
    const later = judgeTold(both, [taken('x', { timestamp: 2000 }), taken('a')], []);
    expect(later).toMatchObject({ outOfOrder: 0, acrossChats: 1 });
  });
});
