import { describe, expect, test } from '@jest/globals';
import { newsForEars } from '../../../src/api/dashboard/model/announcement.js';
import { addressOf, placeOf } from '../../../src/api/dashboard/model/place.js';
import { nextMomentOf, sentenceOf } from '../../../src/api/dashboard/model/sentence.js';
import {
  countStatuses,
  countWaiting,
  filterSessions,
  toneOf,
} from '../../../src/api/dashboard/model/session-filter.js';
import {
  ageWords,
  byteWords,
  clockWords,
  dayWords,
  durationWords,
  tickWords,
} from '../../../src/api/dashboard/model/time-words.js';
import { entryOf, factsOf, itemOf, wordsOf } from '../../../src/api/dashboard/model/timeline-item.js';
import { aSessionView } from '../../support/fake-fleet.js';

const AT = '2026-01-01T00:00:00.000Z';

describe('a place in the page', () => {
  test('stands in the address and is found from it', () => {
    expect(placeOf(addressOf('shop-2'))).toEqual({ view: 'session', id: 'shop-2' });
    expect(placeOf('#/log')).toEqual({ view: 'log' });
  });

  test('is the list of numbers for whatever is not known', () => {
    for (const hash of ['', '#', '#/', '#/nowhere', '#/sessions', '#/sessions/']) {
      expect(placeOf(hash)).toEqual({ view: 'sessions' });
    }
  });
});

describe('words for time and size', () => {
  test.each([
    [0, '0 s'],
    [3_420, '3.4 s'],
    [25_400, '25 s'],
    [59_600, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [90_000_000, '1 d 1 h'],
  ])('%i ms last %s', (ms, words) => expect(durationWords(ms)).toBe(words));

  test('an age changes seldom, a clock every second', () => {
    expect([59_000, 60_000, 3_600_000, 200_000_000].map(ageWords)).toEqual(['< 1 min', '1 min', '1 h', '2 d']);
    expect([-5, 8_001, 119_000, 3_600_000].map(clockWords)).toEqual(['0:00', '0:09', '1:59', '1:00:00']);
    expect([812 * 1024 ** 2, 1.4 * 1024 ** 3].map(byteWords)).toEqual(['812 MB', '1.4 GB']);
  });
});

describe('words for days', () => {
  const at = (month: number, day: number, hour: number) => new Date(2026, month, day, hour).getTime();

  test('are today and yesterday, also over the end of a month', () => {
    const now = at(2, 1, 1);
    expect([at(2, 1, 0), at(1, 28, 23), at(1, 28, 0)].map((ms) => dayWords(ms, now))).toEqual([
      ...['Today', 'Yesterday', 'Yesterday'],
    ]);
    expect(dayWords(at(1, 27, 23), now)).toContain('27');
  });

  test('stand under a chart only when it shows several', () => {
    expect(tickWords(at(2, 1, 13), 3_600_000)).toMatch(/:00/);
    expect(tickWords(at(2, 1, 13), 7 * 86_400_000)).not.toMatch(/:00/);
  });
});

describe('R27 what is said of a session', () => {
  test('counts down to the next attempt and leaves out the seconds that were told', () => {
    const session = aSessionView('shop', {
      status: 'reconnecting',
      reason: 'socket_lost',
      message: 'The connection to WhatsApp was lost. Next attempt (3) in 48 s.',
      attempt: 2,
      nextAttemptAt: AT,
    });
    expect(nextMomentOf(session)).toEqual({ what: 'Attempt 3 of 10', at: AT });
    expect(sentenceOf(session)).toBe('The connection to WhatsApp was lost.');
  });

  test('counts down to the moment when a sleeping session looks for messages', () => {
    const session = aSessionView('shop', { status: 'idle', reason: 'asleep', nextAttemptAt: AT });
    expect(nextMomentOf(session)).toEqual({ what: 'Looks for messages', at: AT });
    expect(sentenceOf(session)).toBe('Asleep: its browser is closed until there is something to send.');
  });

  test('is its own message when nothing is counted', () => {
    const session = aSessionView('shop', { status: 'connected', message: 'Connected again.' });
    expect([nextMomentOf(session), sentenceOf(session)]).toEqual([null, 'Connected again.']);
  });

  test('asks for a person, also when it is at rest', () => {
    expect(toneOf({ status: 'disconnected', userAction: 'scan_qr' })).toBe('asks');
    expect(toneOf({ status: 'disconnected', userAction: 'none' })).toBe('off');
    expect(toneOf({ status: 'error', userAction: 'free_disk' })).toBe('bad');
  });

  test('is read out by name for a few, by count for many', () => {
    const now = new Map(
      ['a', 'b', 'c', 'd'].map((id) => [id, aSessionView(id, { status: id === 'd' ? 'error' : 'connected' })]),
    );
    const told = (...ids: string[]) => new Map(ids.map((id) => [id, now.get(id)?.status ?? 'idle'] as const));
    expect(newsForEars(told('a', 'b', 'c', 'd'), now)).toBe('');
    expect(newsForEars(told('a', 'b', 'c'), now)).toBe('d: Gave up.');
    expect(newsForEars(told(), now)).toBe('4 numbers changed: 3 connected, 1 gave up.');
  });
});

describe('the list', () => {
  const sessions = [
    aSessionView('shop10', { label: 'Corner shop', phoneNumber: '4915112', status: 'connected' }),
    aSessionView('shop2', { status: 'connected' }),
    aSessionView('tower', { status: 'error', userAction: 'free_disk' }),
  ];
  const ids = (filter: Parameters<typeof filterSessions>[1]) => filterSessions(sessions, filter).map(({ id }) => id);

  test('is in the order of ids, with numbers in them as numbers, those that wait for a person on top', () => {
    expect(ids({ shown: 'all', search: '' })).toEqual(['tower', 'shop2', 'shop10']);
  });

  test('finds every word in id, label or number', () => {
    expect(ids({ shown: 'all', search: 'CORNER shop' })).toEqual(['shop10']);
    expect(ids({ shown: 'all', search: '+49151' })).toEqual(['shop10']);
    expect(ids({ shown: 'all', search: 'corner tower' })).toEqual([]);
  });

  test('shows one status, or who waits for a person', () => {
    expect(ids({ shown: 'connected', search: '' })).toEqual(['shop2', 'shop10']);
    expect(ids({ shown: 'waiting', search: '' })).toEqual(['tower']);
    expect(countWaiting(sessions)).toBe(1);
    expect(countStatuses(sessions)).toEqual([
      { status: 'connected', count: 2 },
      { status: 'error', count: 1 },
    ]);
  });
});

describe('a timeline', () => {
  const item = itemOf({
    timelineSeq: 7,
    sessionId: 'shop',
    at: AT,
    event: 'session.connected',
    message: 'shop: connected again',
    data: { reason: 'browser_crashed', rung: 'relaunch', tookMs: 3_400, attempt: 0, detail: null },
  });

  test('counts by its own numbers and leaves out the name that everybody knows', () => {
    expect([item.seq, wordsOf(item)]).toEqual([7, 'connected again']);
    expect(wordsOf({ ...item, message: 'Next attempt' })).toBe('Next attempt');
  });

  test('shows causes, rungs and times', () => {
    expect(factsOf(item)).toEqual([
      ['reason', 'browser_crashed'],
      ['rung', 'relaunch'],
      ['took', '3.4 s'],
    ]);
  });

  test('gives the time of an entry as the figures want it', () => {
    expect(entryOf(item)).toEqual({ at: Date.parse(AT), event: item.event, data: item.data });
  });
});
