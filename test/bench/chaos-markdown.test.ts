import { describe, expect, test } from '@jest/globals';
import { markdownOf, putIntoPage } from '../../bench/chaos/markdown.js';
import { joined, type Report } from '../../bench/chaos/report.js';
import type { Row } from '../../bench/chaos/row.js';

const row: Row = {
  fault: 'browser-kill',
  words: 'browser SIGKILL',
  expected: 'heals',
  settings: null,
  victim: 'n2',
  lastedMs: null,
  foundMs: 19,
  healedMs: 1600,
  arrivedMs: 1600,
  rung: 'relaunch',
  reason: 'browser_crashed',
  disturbed: [],
  qrNeeded: false,
  messages: { accepted: 8, delivered: 4, lost: 0, twice: 0, refused: 0, uncertain: 0, examples: [] },
  orphans: [],
  tmpLeft: 0,
  broken: [],
};

function report(...rows: Row[]): Report {
  return {
    startedAt: '2026-11-21T17:10:00.000Z',
    tookSeconds: 60,
    seed: 7,
    sessions: 3,
    sendsPerSecond: 1,
    machine: { cores: 2, memoryMb: 8000, node: 'v20.20.2' },
    restore: null,
    rows,
    skipped: [],
    failures: [],
  };
}

const cellsOf = (changed: Partial<Row>) =>
  markdownOf(report({ ...row, ...changed }))
    .split('\n')
    .at(-1)
    ?.split('|')
    .map((cell) => cell.trim())
    .filter(Boolean);

describe('a run in the documentation', () => {
  test('says on what it was measured, and one line for each fault', () => {
    const lines = markdownOf(report(row, row)).split('\n');
    expect(lines).toHaveLength(6);
    expect(lines[0]).toContain('3 numbers on 2 cores, Node v20.20.2, 2026-11-21, seed 7: 2 faults, 24 messages, 0 ');
    expect(new Set(lines.slice(2).map(({ length }) => length)).size).toBe(1);
  });

  test('tells a fault that heals, and what was shortened for it', () => {
    expect(cellsOf({ settings: 'backoff from 2 s' })).toEqual([
      'Browser SIGKILL (backoff from 2 s)',
      '19 ms',
      '1.6 s',
      '`relaunch`',
      '0',
      '0',
      '0',
    ]);
  });

  test('tells what a person has to do, and what was left alone', () => {
    const parked = { rung: null, healedMs: null };
    expect(cellsOf({ ...parked, expected: 'qr', reason: 'logged_out' })?.[2]).toBe('waits for a scan: `logged_out`');
    expect(cellsOf({ ...parked, expected: 'parked: banned', reason: 'banned' })?.[2]).toBe(
      'waits for a person: `banned`',
    );
    expect(cellsOf({ expected: 'untouched', foundMs: null, rung: null })?.slice(1, 4)).toEqual([
      '-',
      'not disturbed',
      '-',
    ]);
  });

  test('does not hide what went wrong', () => {
    expect(cellsOf({ broken: ['1 messages lost'] })?.[2]).toBe('not as expected: 1 messages lost');
  });

  test('tells how long a message waits for a browser that was killed', () => {
    const restore = { bareMs: [1500, 1400, 9000], afterKillMs: [1800, 1650, 1500] };
    expect(
      markdownOf({ ...report(row), restore })
        .split('\n')
        .at(-1),
    ).toBe(
      'A message sent right after the browser was killed arrived after 1.6 s: 1.10 times a bare start of that browser (1.5 s; medians of 3).',
    );
  });

  test('is made of the parts that were played one by one', () => {
    const whole = joined([report(row), report({ ...row, words: 'renderer SIGKILL' }, row)]);
    expect(whole).toMatchObject({ tookSeconds: 120, seed: 7 });
    expect(markdownOf(whole).split('\n')).toHaveLength(7);
  });

  test('is put between the marks of a page, and nowhere else', () => {
    const page = 'before\n\n<!-- chaos:begin -->\n\nold\n\n<!-- chaos:end -->\n\nafter\n';
    expect(putIntoPage('new', page)).toBe(page.replace('old', 'new'));
    expect(putIntoPage('newer', putIntoPage('new'))).toBe(putIntoPage('newer'));
    expect(() => putIntoPage('new', 'a page')).toThrow('needs the marks');
  });
});
