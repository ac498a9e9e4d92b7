import { describe, expect, test } from '@jest/globals';
import { isWorthAnotherLook } from '../../bench/soak/after.js';
import type { Look } from '../../bench/soak/look.js';
import { judge, judgeTrend, measures } from '../../bench/soak/measures.js';

const NOTHING = { files: 0, bytes: 0 };

function look(parts: Partial<Look> = {}): Look {
  return {
    rssBytes: 100e6,
    heapBytes: 40e6,
    listeners: { SIGTERM: 1 },
    resources: { Timeout: 4 },
    browserProcesses: 3,
    orphans: [],
    openFiles: { socket: 2, pipe: 4 },
    threads: 11,
    tmpEntries: 0,
    shmEntries: 0,
    database: NOTHING,
    journal: NOTHING,
    logs: NOTHING,
    snapshots: NOTHING,
    otherData: NOTHING,
    profiles: NOTHING,
    listenerWarnings: 0,
    conflicts: 0,
    ...parts,
  };
}

const ALL = measures({ heapPercent: 3, rssPercent: 10 });
const steady = Array.from({ length: 8 }, () => look());
const grownIn = (after: Look, samples = steady) => judge(ALL, look(), after, samples).flatMap(({ grown }) => grown);

describe('what many restarts leave behind', () => {
  test('is nothing when everything is where it was', () => {
    expect(grownIn(look())).toEqual([]);
  });

  test('is named with what it consists of', () => {
    expect(grownIn(look({ openFiles: { socket: 2, pipe: 6, '/tmp/x': 1 } }))).toEqual([
      'open files: pipe 4 became 6',
      'open files: /tmp/x 0 became 1',
    ]);
    expect(grownIn(look({ listeners: { SIGTERM: 2 } }))).toEqual(['listeners on process: SIGTERM 1 became 2']);
  });

  test.each([
    { browserProcesses: 4 },
    { orphans: ['zombie 4711'] },
    { threads: 12 },
    { resources: { Timeout: 6 } },
    { resources: { Timeout: 4, PipeWrap: 1 } },
    { tmpEntries: 1 },
    { shmEntries: 1 },
    { listenerWarnings: 1 },
    { conflicts: 1 },
  ])('may not be %j', (more) => {
    expect(grownIn(look(more))).toHaveLength(1);
  });

  test('may be less than before', () => {
    expect(grownIn(look({ threads: 10, openFiles: { pipe: 4 } }))).toEqual([]);
  });

  test('may be what is written down: the database grows with what happens', () => {
    expect(grownIn(look({ database: { files: 1, bytes: 5e6 } }))).toEqual([]);
  });
});

test('only what may be of the moment is looked at again, and nothing beside what may not', () => {
  const isAgain = (after: Look) => isWorthAnotherLook(judge(ALL, look(), after, steady));
  expect(isAgain(look())).toBe(false);
  expect(isAgain(look({ resources: { Timeout: 9 }, shmEntries: 1 }))).toBe(true);
  expect(isAgain(look({ resources: { Timeout: 9 }, orphans: ['zombie 4711'] }))).toBe(false);
  expect(isAgain(look({ threads: 12 }))).toBe(false);
});

describe('a trend of memory', () => {
  test('is none when it goes up and down', () => {
    expect(judgeTrend('heap', 3, [50, 40, 42, 40, 43, 41, 42, 40])).toMatchObject({ ok: true, grown: [] });
  });

  test('is none while a young process grows into its work in the first quarter', () => {
    expect(judgeTrend('heap', 3, [20, 30, 40, 40, 40, 40, 40, 40]).ok).toBe(true);
  });

  test('is one when the last quarter lies above the second one', () => {
    expect(judgeTrend('heap', 3, [40, 40, 40, 40, 41, 41, 42, 42])).toMatchObject({
      ok: false,
      grown: ['heap: 5.0 % from the second to the last quarter'],
    });
  });

  test('is not hidden by one low figure at the end', () => {
    expect(judgeTrend('heap', 3, [40, 40, 40, 40, 44, 44, 44, 44, 46, 46, 46, 30]).ok).toBe(false);
  });

  test('cannot be excluded where nothing was measured', () => {
    expect(judgeTrend('heap', 3, []).ok).toBe(false);
  });
});

test('waits of one number that end together are one timer, and may no longer do so', () => {
  const grown = (timers: number) =>
    judge(
      measures({ heapPercent: 3, rssPercent: 10 }),
      look(),
      look({ resources: { Timeout: timers } }),
      steady,
    ).flatMap((one) => one.grown);
  expect(grown(5)).toEqual([]);
  expect(grown(6)).toEqual(['timers: Timeout 4 became 6']);
});

test('of several numbers each may be in the midst of something, and has files of its own', () => {
  const grown = (after: Look) =>
    judge(measures({ heapPercent: 3, rssPercent: 10 }, 6), look(), after, steady).flatMap((one) => one.grown);
  expect(grown(look({ resources: { Timeout: 10 }, profiles: { files: 120, bytes: 12e6 } }))).toEqual([]);
  expect(grown(look({ resources: { Timeout: 11 } }))).toEqual(['timers: Timeout 4 became 11']);
  expect(grown(look({ openFiles: { socket: 2, pipe: 5 } }))).toEqual(['open files: pipe 4 became 5']);
});
