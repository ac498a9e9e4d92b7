import { beforeEach, describe, expect, test } from '@jest/globals';
import { EventRing } from '../../../src/api/realtime/event-ring.js';
import type { News } from '../../../src/api/realtime/news.js';
import { Subscriber } from '../../../src/api/realtime/subscriber.js';
import type { KeyRole } from '../../../src/domain/access-ports.js';
import { aSessionView } from '../../support/fake-fleet.js';
import { aKey } from '../../support/fake-keys.js';

describe('a subscriber', () => {
  let ring: EventRing;
  let sent: string[];
  beforeEach(() => {
    ring = new EventRing({ kept: 200, startedAt: 0 });
    sent = [];
  });

  const aSubscriber = (role: KeyRole = 'viewer') =>
    new Subscriber(aKey(role), {
      ring,
      sessions: () => ['a', 'b'].map((id) => aSessionView(id)),
      send: (name, { seq }) => sent.push(`${name} ${seq ?? '-'}`),
    });
  const tell = (count: number, news: Partial<News> = {}) => {
    for (let n = 0; n < count; n += 1) ring.append({ name: 'log', sessionIds: ['a'], payload: {}, ...news });
  };

  test('hands a connection that takes nothing no more than 50 events', () => {
    const subscriber = aSubscriber();
    subscriber.begin({ after: 0, sessionIds: null });
    tell(150);
    for (let n = 0; n < 10; n += 1) subscriber.pump();
    expect(sent).toHaveLength(50);
    subscriber.drained();
    expect(sent).toEqual(Array.from({ length: 100 }, (_, n) => `log ${n + 1}`));
  });

  test('is told of the gap when it was too slow, and of what comes then', () => {
    const subscriber = aSubscriber();
    subscriber.begin({ after: 0, sessionIds: null });
    tell(50);
    subscriber.pump();
    tell(300);
    subscriber.drained();
    expect(sent.slice(50)).toEqual(['gap -', 'sessions 350']);
    tell(1);
    subscriber.pump();
    expect(sent.slice(52)).toEqual(['log 351']);
  });

  test('gets what tells of many sessions once, if it wants one of them', () => {
    const subscriber = aSubscriber();
    subscriber.begin({ after: 0, sessionIds: ['b'] });
    tell(1, { name: 'incident', sessionIds: ['a', 'b'] });
    tell(1, { name: 'incident', sessionIds: ['a'] });
    subscriber.pump();
    expect(sent).toEqual(['incident 1']);
  });

  test('takes as many answers as its connection, and no more', () => {
    const subscriber = aSubscriber();
    subscriber.begin({ after: 0, sessionIds: null });
    const taken = Array.from({ length: 101 }, () => subscriber.takesAnswer());
    expect(taken.indexOf(false)).toBe(100);
    subscriber.drained();
    expect(subscriber.takesAnswer()).toBe(true);
  });
});
