import { describe, expect, test } from '@jest/globals';
import type { OutboxMessage } from '../../src/domain/message.js';
import { inRounds, planSends } from '../../src/domain/outbox-plan.js';
import { anOutboxMessage } from '../support/outbox-message.js';

const NOW = 1_000_000;
const queued = (id: string, to: string, change: Partial<OutboxMessage> = {}) => anOutboxMessage({ id, to, ...change });
const sending = (id: string, to: string) => queued(id, to, { status: 'sending' });
const resting = (until: number, letsOthersPass = false) => ({ since: NOW - 100, until, letsOthersPass });

function plan(heads: OutboxMessage[], change: Partial<Parameters<typeof planSends>[1]> = {}) {
  const { steps, lookAgainAt } = planSends(heads, {
    ...{ now: NOW, rests: new Map(), lacksMedia: () => false, handOverFrom: 0, oneAtATime: false },
    ...change,
  });
  return { does: steps.map(({ id, does }) => `${does} ${id}`), lookAgainAt };
}

describe('what is next in an outbox', () => {
  test('is the first message of every chat', () => {
    expect(plan([queued('a', 'ann'), queued('b', 'bob')])).toEqual({
      does: ['hand_over a', 'hand_over b'],
      lookAgainAt: null,
    });
  });

  test('is a look into the chat for what is under way, before anything else goes there', () => {
    expect(plan([sending('a1', 'ann'), queued('a2', 'ann'), queued('b', 'bob')]).does).toEqual([
      'look_up a1',
      'hand_over b',
    ]);
  });

  test('is nothing in a chat whose message rests, unless it lets others pass', () => {
    const heads = [sending('a1', 'ann'), queued('a2', 'ann')];
    const until = NOW + 500;
    expect(plan(heads, { rests: new Map([['a1', resting(until)]]) })).toEqual({ does: [], lookAgainAt: until });
    expect(plan(heads, { rests: new Map([['a1', resting(until, true)]]) })).toEqual({
      does: ['hand_over a2'],
      lookAgainAt: until,
    });
    expect(plan(heads, { rests: new Map([['a1', resting(NOW, true)]]) }).does).toEqual(['look_up a1']);
  });

  test('waits for the time of what was refused, and holds its chat', () => {
    const heads = [
      queued('a1', 'ann', { notBefore: NOW + 900, updatedAt: NOW }),
      queued('b', 'bob', { notBefore: NOW }),
    ];
    expect(plan(heads)).toEqual({ does: ['hand_over b'], lookAgainAt: NOW + 900 });
  });

  test('is held up by nothing that was put off under a clock that has been set back since', () => {
    const later = NOW + 7_200_000;
    const rests = new Map([['a', { since: later, until: later + 500, letsOthersPass: false }]]);
    const heads = [sending('a', 'ann'), queued('b', 'bob', { updatedAt: later, notBefore: later + 900 })];
    expect(plan(heads, { rests })).toEqual({ does: ['look_up a', 'hand_over b'], lookAgainAt: null });
  });

  test('is the media, when that is missing', () => {
    const lacksMedia = ({ id }: OutboxMessage) => id === 'a';
    expect(plan([queued('a', 'ann'), queued('b', 'bob')], { lacksMedia }).does).toEqual([
      'fetch_media a',
      'hand_over b',
    ]);
  });

  test('is only looked up while the pace holds handovers back', () => {
    const handOverFrom = NOW + 700;
    expect(plan([sending('a', 'ann'), queued('b', 'bob')], { handOverFrom })).toEqual({
      does: ['look_up a'],
      lookAgainAt: handOverFrom,
    });
  });

  test('is a single trial when the number itself is refused, and none beside one that is under way', () => {
    const oneAtATime = true;
    expect(plan([queued('a', 'ann'), queued('b', 'bob')], { oneAtATime }).does).toEqual(['hand_over a']);
    const rests = new Map([['a', resting(NOW + 500)]]);
    expect(plan([sending('a', 'ann'), queued('b', 'bob')], { oneAtATime, rests }).does).toEqual([]);
    const stuck = new Map([['a', resting(NOW + 500, true)]]);
    expect(plan([sending('a', 'ann'), queued('b', 'bob')], { oneAtATime, rests: stuck }).does).toEqual(['hand_over b']);
  });

  test('is looked at again at the earliest of all times', () => {
    const rests = new Map([
      ['a', resting(NOW + 900)],
      ['b', resting(NOW + 300)],
    ]);
    expect(plan([sending('a', 'ann'), sending('b', 'bob')], { rests }).lookAgainAt).toBe(NOW + 300);
  });
});

describe('rounds of steps', () => {
  const step = (id: string, isLight: boolean) => ({ id, does: 'hand_over' as const, isLight });
  const rounds = (ids: string[], atOnce: number) =>
    inRounds(
      ids.map((id) => step(id, id.startsWith('light'))),
      atOnce,
    ).map((round) => round.map(({ id }) => id).join(' '));

  test('put light ones side by side, and leave all others alone and in their place', () => {
    const ids = ['light1', 'light2', 'file1', 'file2', 'light3'];
    expect(rounds(ids, 10)).toEqual(['light1 light2', 'file1', 'file2', 'light3']);
  });

  test('hold no more than may be under way at once', () => {
    expect(rounds(['light1', 'light2', 'light3'], 2)).toEqual(['light1 light2', 'light3']);
    expect(rounds([], 2)).toEqual([]);
  });

  test('only a text or a place that is handed over is light', () => {
    const { steps } = planSends(
      [
        anOutboxMessage({ id: 'text', to: 'a' }),
        anOutboxMessage({ id: 'lost', to: 'b', status: 'sending' }),
        anOutboxMessage({
          ...{ id: 'file', to: 'c' },
          content: { type: 'media', mimeType: 'a/b', fileName: null, caption: null, url: null, urlIsTrusted: false },
        }),
      ],
      { now: NOW, rests: new Map(), lacksMedia: () => false, handOverFrom: 0, oneAtATime: false },
    );
    expect(steps.map(({ id, isLight }) => [id, isLight])).toEqual([
      ['text', true],
      ['lost', false],
      ['file', false],
    ]);
  });
});
