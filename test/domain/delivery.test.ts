import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  afterAttempt,
  askedPauseMs,
  type Delivery,
  type ReceiverAnswer,
  verdictOf,
} from '../../src/domain/delivery.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const SCHEDULE = [10 * SECOND_MS, MINUTE_MS, 5 * MINUTE_MS, 30 * MINUTE_MS, 2 * HOUR_MS, 6 * HOUR_MS];

const answered = (status: number): ReceiverAnswer => ({ kind: 'answered', status, latencyMs: 1 });
const silent: ReceiverAnswer = { kind: 'unanswered', error: 'connect ECONNREFUSED', latencyMs: 1 };

/** A delivery that gets these answers, each at the very time it is due; the waits in between, and how it stands at the end. */
function tell(answers: ReceiverAnswer[], retryDelaysMs: readonly number[] = SCHEDULE) {
  let delivery: Pick<Delivery, 'status' | 'attempts' | 'refusals' | 'nextAttemptAt' | 'lastStatus' | 'lastError'> = {
    status: 'queued',
    attempts: 0,
    refusals: 0,
    nextAttemptAt: 0,
    lastStatus: null,
    lastError: null,
  };
  const waitsMs: number[] = [];
  for (const answer of answers) {
    if (delivery.status !== 'queued') break;
    const now = delivery.nextAttemptAt;
    delivery = afterAttempt(delivery, answer, { retryDelaysMs, now });
    if (delivery.status === 'queued') waitsMs.push(delivery.nextAttemptAt - now);
  }
  return { ...delivery, waitsMs };
}

describe('what an answer means', () => {
  test.each([200, 201, 202, 204, 299])('%i: it was taken', (status) => {
    expect(verdictOf(answered(status))).toBe('delivered');
  });

  test.each([400, 406, 409, 411, 413, 415, 418, 422])('%i: the receiver will not have this body', (status) => {
    expect(verdictOf(answered(status))).toBe('refused');
  });

  test.each([301, 302, 304, 307, 401, 403, 404, 405, 407, 408, 410, 425, 429, 500, 502, 503])(
    '%i: it may be taken later, or after somebody mended a setting',
    (status) => {
      expect(verdictOf(answered(status))).toBe('failed');
    },
  );

  test('no answer: it may be taken later', () => {
    expect(verdictOf(silent)).toBe('failed');
  });
});

describe('a delivery', () => {
  test('is over when the receiver took it', () => {
    expect(tell([answered(200)])).toMatchObject({ status: 'delivered', attempts: 1, lastStatus: 200, lastError: null });
  });

  test('is tried again after 10 s, 1 min, 5 min, 30 min, 2 h and 6 h, and then it is dead', () => {
    const told = tell(Array.from({ length: 20 }, () => silent));
    expect(told.waitsMs).toEqual(SCHEDULE);
    expect(told).toMatchObject({ status: 'dead', attempts: 7, lastStatus: null, lastError: 'connect ECONNREFUSED' });
  });

  test('keeps what the receiver said last', () => {
    expect(tell([silent, answered(503)])).toMatchObject({
      status: 'queued',
      lastStatus: 503,
      lastError: 'The receiver answered 503',
    });
  });

  test('that is refused is asked twice more soon and then dead: it holds the others back no longer', () => {
    const told = tell(Array.from({ length: 9 }, () => answered(422)));
    expect(told.waitsMs).toEqual([10 * SECOND_MS, 10 * SECOND_MS]);
    expect(told).toMatchObject({ status: 'dead', attempts: 3, refusals: 3 });
  });

  test('does not count failures as refusals', () => {
    const told = tell([silent, silent, silent, answered(400), answered(400)]);
    expect(told).toMatchObject({ status: 'queued', attempts: 5, refusals: 2 });
    expect(told.waitsMs.slice(3)).toEqual([10 * SECOND_MS, 10 * SECOND_MS]);
  });

  test('has one attempt when there are no waits', () => {
    expect(tell([silent], [])).toMatchObject({ status: 'dead', attempts: 1 });
    expect(tell([answered(400)], [])).toMatchObject({ status: 'dead', attempts: 1 });
  });

  test('always comes to an end, never later than the schedule, and ends delivered only after a 2xx', () => {
    const anAnswer = fc.oneof(fc.constant(silent), fc.integer({ min: 200, max: 599 }).map(answered));
    const answers = fc.array(anAnswer, { minLength: 7, maxLength: 12 });
    fc.assert(
      fc.property(answers, (given) => {
        const told = tell(given);
        expect(told.status).not.toBe('queued');
        expect(told.attempts).toBeLessThanOrEqual(SCHEDULE.length + 1);
        expect(told.waitsMs.every((waitMs, i) => waitMs <= (SCHEDULE[i] ?? 0))).toBe(true);
        const last = given[told.attempts - 1] ?? silent;
        expect(told.status === 'delivered').toBe(verdictOf(last) === 'delivered');
      }),
    );
  });
});

describe('a receiver that asks to be left alone', () => {
  const NOW = Date.parse('2026-11-21T12:00:00Z');
  const asks = (retryAfter: string, status = 429) => ({ kind: 'answered', status, latencyMs: 1, retryAfter }) as const;
  const pauseOf = (answer: ReceiverAnswer) => askedPauseMs(answer, { retryDelaysMs: SCHEDULE, now: NOW });

  test('says for how many seconds, or until when', () => {
    expect(pauseOf(asks('120'))).toBe(120 * SECOND_MS);
    expect(pauseOf(asks('Sat, 21 Nov 2026 12:02:00 GMT', 503))).toBe(120 * SECOND_MS);
    expect(pauseOf(asks('Sat, 21 Nov 2026 11:00:00 GMT'))).toBe(0);
  });

  test.each([answered(429), asks('soon'), asks(''), asks('-5'), asks('120', 500), asks('120', 200), silent])(
    'does not by %j',
    (answer) => {
      expect(pauseOf(answer)).toBe(0);
    },
  );

  test('is left alone for no longer than the longest wait between attempts', () => {
    expect(pauseOf(asks('99999999999'))).toBe(SCHEDULE.at(-1));
    expect(askedPauseMs(asks('60'), { retryDelaysMs: [], now: NOW })).toBe(0);
  });

  test('is not called earlier than it asked, and not earlier than it would have been without asking', () => {
    const next = (retryAfter: string) =>
      afterAttempt({ attempts: 0, refusals: 0 }, asks(retryAfter), { retryDelaysMs: SCHEDULE, now: NOW }).nextAttemptAt;
    expect(next('45')).toBe(NOW + 45 * SECOND_MS);
    expect(next('1')).toBe(NOW + 10 * SECOND_MS);
  });
});
