import { describe, expect, test } from '@jest/globals';
import { describeEnd, type Incident, lossOf, type Standing, standingOf } from '../../src/domain/incident.js';
import type { SessionEvent } from '../../src/domain/session-event.js';
import { EVERY_STATUS, type Report, stableStory } from './story.js';

describe('what is a loss of a session', () => {
  const afterReport = (report: Report) => {
    const told = stableStory();
    const before = told.state;
    return lossOf(before, told.report(report).state);
  };
  const afterCommand = (command: SessionEvent) => {
    const told = stableStory();
    const before = told.state;
    return lossOf(before, told.tell(command).state);
  };

  test.each([
    [{ type: 'browser-exited' }, 'browser_crashed'],
    [{ type: 'page-crashed' }, 'page_crashed'],
    [{ type: 'socket-state', socketState: 'OPENING' }, 'socket_lost'],
    [{ type: 'socket-state', socketState: 'CONFLICT' }, 'conflict'],
    [{ type: 'failed', reason: 'outdated', detail: 'DEPRECATED_VERSION' }, 'outdated'],
  ] as const)('%j of a connected one is: %s', (report, reason) => {
    expect(afterReport(report)).toBe(reason);
  });

  test.each([
    { type: 'stop', force: false },
    { type: 'stop', force: true },
    { type: 'logout' },
    { type: 'force-reconnect' },
  ] as const)('$type is none: somebody wanted it', (command) => {
    expect(afterCommand(command)).toBeNull();
  });

  test('a device that was unlinked is none: the phone said so', () => {
    expect(afterReport({ type: 'logged-out' })).toBeNull();
  });

  test('another fault of one that is being healed is none', () => {
    const told = stableStory().report({ type: 'socket-state', socketState: 'OPENING' });
    const before = told.state;
    expect(lossOf(before, told.report({ type: 'browser-exited' }).state)).toBeNull();
  });
});

describe('where a session stands', () => {
  test.each([
    ['connected, stable', 'back'],
    ['connecting, page loaded', 'out'],
    ['reconnecting, grace', 'out'],
    ['reconnecting, waiting', 'out'],
    ['suspended', 'out'],
    ['qr_pending', 'needs_person'],
    ['disconnected, logged out', 'needs_person'],
    ['error', 'needs_person'],
    ['disconnected, stopped', 'at_rest'],
    ['idle', 'at_rest'],
  ] as const)('%s: %s', (status, standing) => {
    expect(standingOf(EVERY_STATUS[status]?.().state)).toBe(standing);
  });

  test('one that was removed is at rest', () => {
    expect(standingOf(undefined)).toBe('at_rest');
  });
});

describe('how an incident ended', () => {
  const ended = (standings: Record<string, Standing>, lastedMs = 12_345) => {
    const sessionIds = Object.keys(standings);
    const incident = { openedAt: 1_000, sessionIds } as unknown as Incident;
    return describeEnd(incident, 1_000 + lastedMs, (id) => standings[id] ?? 'at_rest');
  };

  test('says that all are back', () => {
    expect(ended({ a: 'back', b: 'back' })).toBe('It lasted 12.3 s; all are back.');
  });

  test('names those who wait for a person', () => {
    const standings = { a: 'needs_person', d: 'back', b: 'needs_person', e: 'back', c: 'needs_person' } as const;
    expect(ended(standings)).toBe('It lasted 12.3 s; 2 of 5 are back; 3 wait for a person: a, b, c.');
  });

  test('names those who are on their way, and those who were stopped meanwhile', () => {
    const words = 'It lasted 2 min; 1 of 3 is back; 1 is on its way: b; 1 was stopped or removed: c.';
    expect(ended({ a: 'back', b: 'out', c: 'at_rest' }, 110_000)).toBe(words);
  });

  test('names ten at most', () => {
    const standings = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`s${i}`, 'needs_person' as const]));
    expect(ended(standings, 5 * 60 * 60_000)).toMatch(
      /^It lasted 5 h; 0 of 12 are back; 12 wait .* s8, s9 and 2 more\.$/,
    );
  });
});
