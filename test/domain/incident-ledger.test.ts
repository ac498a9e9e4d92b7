import { describe, expect, test } from '@jest/globals';
import type { Incident } from '../../src/domain/incident.js';
import { anObserver, incidentPolicy } from './incident-observer.js';

const { windowMs } = incidentPolicy;

describe('B11 an outage', () => {
  test('is opened by the second session that is lost for the same reason, and names both', () => {
    const fleet = anObserver();
    fleet.loses('browser_crashed', 'a');
    expect(fleet.story).toEqual([]);
    fleet.loses('browser_crashed', 'b');
    expect(fleet.story).toEqual(['opened outage inc_1: a b']);
    expect(fleet.last).toMatchObject({ key: 'browser_crashed', reason: 'browser_crashed', closedAt: null });
    expect(fleet.last.message).toBe('Several sessions were lost. The browser ended unexpectedly.');
  });

  test('takes in everybody who is lost for that reason while it is open, however late', () => {
    const fleet = anObserver();
    fleet.loses('browser_crashed', 'a', 'b', 'c');
    fleet.pass(10 * windowMs);
    fleet.loses('browser_crashed', 'd');
    expect(fleet.story.slice(1)).toEqual(['joined outage inc_1: a b c', 'joined outage inc_1: a b c d']);
  });

  test('is not made of different reasons', () => {
    const fleet = anObserver();
    fleet.loses('browser_crashed', 'a');
    fleet.loses('page_crashed', 'b');
    expect(fleet.story).toEqual([]);
  });

  test('is not made of losses that are further apart than the window', () => {
    const fleet = anObserver();
    fleet.loses('browser_crashed', 'a');
    fleet.pass(windowMs);
    fleet.loses('browser_crashed', 'b');
    expect(fleet.story).toEqual([]);
  });

  test('is not made of one session that is lost again and again', () => {
    const fleet = anObserver();
    fleet.loses('browser_crashed', 'a');
    fleet.back('a');
    fleet.loses('browser_crashed', 'a');
    expect(fleet.story).toEqual([]);
  });

  test('is not made of what one session has survived before the next is lost', () => {
    const fleet = anObserver();
    fleet.loses('socket_lost', 'a');
    fleet.back('a');
    fleet.loses('socket_lost', 'b');
    expect(fleet.story).toEqual([]);
  });

  test('is closed when the last of them is back, and says how long it took', () => {
    const fleet = anObserver();
    fleet.loses('browser_crashed', 'a', 'b');
    fleet.pass(3_000);
    fleet.back('a');
    expect(fleet.story).toHaveLength(1);
    fleet.back('b');
    expect(fleet.story.at(-1)).toBe('closed outage inc_1: a b');
    expect(fleet.last.message).toMatch(/unexpectedly\. It lasted 3 s; all are back\.$/);
  });

  test('is closed when the others were stopped', () => {
    const fleet = anObserver();
    fleet.loses('browser_crashed', 'a', 'b');
    fleet.back('a');
    fleet.rests('at_rest', 'b');
    expect(fleet.last.message).toMatch(/1 of 2 is back; 1 was stopped or removed: b\.$/);
  });

  test('of sessions that give up one after the other is one, closed when no more follow', () => {
    const fleet = anObserver();
    for (const id of ['a', 'b', 'c', 'd', 'e']) {
      fleet.loses('outdated', id);
      fleet.rests('needs_person', id);
      fleet.pass(windowMs - 1);
    }
    expect(fleet.story.map((line) => line.split(' ')[0])).toEqual(['opened', 'joined', 'joined', 'joined']);
    fleet.pass(1);
    expect(fleet.last.message).toMatch(/0 of 5 are back; 5 wait for a person: a, b, c, d, e\.$/);
    expect(fleet.last.closedAt).not.toBeNull();
  });

  test('is opened again by a loss soon after its end, and by none later', () => {
    const fleet = anObserver();
    fleet.loses('browser_crashed', 'a', 'b');
    fleet.back('a', 'b');
    fleet.pass(windowMs - 1);
    fleet.loses('browser_crashed', 'c');
    fleet.back('c');
    fleet.pass(windowMs);
    fleet.loses('browser_crashed', 'd');
    expect(fleet.story).toEqual([
      'opened outage inc_1: a b',
      'closed outage inc_1: a b',
      'opened outage inc_1: a b c',
      'closed outage inc_1: a b c',
    ]);
    expect(fleet.last.message.match(/It lasted/g)).toHaveLength(1);
  });
});

describe('a cause that is reported', () => {
  test('takes in what is lost because of it: no outage stands beside it', () => {
    const fleet = anObserver();
    fleet.reports('network_down', 'direct', 'a', 'b', 'c');
    fleet.back('b', 'c');
    fleet.loses('browser_crashed', 'b', 'c');
    expect(fleet.story).toEqual(['opened network_down inc_1: a b c']);
  });

  test('leaves alone what it has nothing to do with', () => {
    const fleet = anObserver();
    fleet.reports('network_down', 'proxy-1', 'a');
    fleet.loses('browser_crashed', 'b', 'c');
    expect(fleet.story.at(-1)).toBe('opened outage inc_2: b c');
  });

  test('explains the outage that was there first: it keeps its id and its beginning', () => {
    const fleet = anObserver();
    fleet.loses('socket_lost', 'a', 'b');
    const { openedAt } = fleet.last;
    fleet.pass(20_000);
    fleet.reports('network_down', 'direct', 'a', 'b', 'c');
    expect(fleet.story).toEqual(['opened outage inc_1: a b', 'joined network_down inc_1: a b c']);
    expect(fleet.last).toMatchObject({ reason: 'network_down', message: 'network_down direct.', openedAt });
    fleet.ends('network_down', 'direct');
    expect(fleet.story.at(-1)).toBe('closed network_down inc_1: a b c');
  });

  test('ends the other outages that it explains', () => {
    const fleet = anObserver();
    fleet.loses('socket_lost', 'a', 'b');
    fleet.loses('browser_crashed', 'c', 'd');
    fleet.reports('network_down', 'direct', 'a', 'b', 'c', 'd');
    expect(fleet.story.slice(2)).toEqual(['joined network_down inc_1: a b c d', 'closed outage inc_2: c d']);
    expect(fleet.last.message).toContain('It has the same cause: network_down direct.');
  });

  test('does not explain an outage in which others are out as well', () => {
    const fleet = anObserver();
    fleet.loses('socket_lost', 'a', 'b', 'elsewhere');
    fleet.reports('network_down', 'direct', 'a', 'b');
    expect(fleet.story.at(-1)).toBe('opened network_down inc_2: a b');
  });

  test('explains an outage though one of its sessions was stopped meanwhile', () => {
    const fleet = anObserver();
    fleet.loses('socket_lost', 'a', 'b', 'c');
    fleet.rests('at_rest', 'c');
    fleet.reports('network_down', 'direct', 'a', 'b');
    expect(fleet.story.at(-1)).toBe('joined network_down inc_1: a b c');
  });

  test('is not opened a second time while it is open, whoever joins', () => {
    const fleet = anObserver();
    fleet.reports('network_down', 'direct', 'a');
    fleet.reports('network_down', 'direct', 'a');
    fleet.reports('network_down', 'direct', 'a', 'b');
    fleet.joins('network_down', 'direct', 'b', 'c');
    fleet.joins('network_down', 'proxy-1', 'd');
    expect(fleet.story).toEqual([
      'opened network_down inc_1: a',
      'joined network_down inc_1: a b',
      'joined network_down inc_1: a b c',
    ]);
  });

  test('is told of for each way out by itself', () => {
    const fleet = anObserver();
    fleet.reports('network_down', 'direct', 'a');
    fleet.reports('network_down', 'proxy-1', 'b');
    fleet.ends('network_down', 'direct');
    expect(fleet.story.at(-1)).toBe('closed network_down inc_1: a');
    expect(fleet.last.message).toMatch(/^network_down direct\. It is gone\. It lasted 0 s; 0 of 1 are back; 1 is on/);
  });

  test('is closed by who reported it, not by a session that comes back another way', () => {
    const fleet = anObserver();
    fleet.reports('network_down', 'direct', 'a', 'b');
    fleet.back('a');
    expect(fleet.story).toHaveLength(1);
  });

  test('is closed when nobody waits for its end any more', () => {
    const fleet = anObserver();
    fleet.reports('network_down', 'direct', 'a', 'b');
    fleet.rests('at_rest', 'a', 'b');
    expect(fleet.story.at(-1)).toBe('closed network_down inc_1: a b');
  });

  test('that flaps is one incident', () => {
    const fleet = anObserver();
    fleet.reports('network_down', 'direct', 'a');
    fleet.ends('network_down', 'direct');
    fleet.pass(5_000);
    fleet.reports('network_down', 'direct', 'a');
    fleet.ends('network_down', 'direct');
    expect(fleet.story.map((line) => line.split(':')[0])).toEqual([
      'opened network_down inc_1',
      'closed network_down inc_1',
      'opened network_down inc_1',
      'closed network_down inc_1',
    ]);
  });

  test('a version of WhatsApp Web takes in pages that reload, and no crash', () => {
    const fleet = anObserver();
    fleet.loses('page_reloaded', 'a', 'b', 'c');
    fleet.reports('web_version', '2.3000.1', 'a');
    fleet.back('a', 'b', 'c');
    fleet.loses('page_reloaded', 'd');
    fleet.loses('browser_crashed', 'a', 'b');
    expect(fleet.story).toEqual([
      'opened outage inc_1: a b',
      'joined outage inc_1: a b c',
      'joined web_version inc_1: a b c',
      'joined web_version inc_1: a b c d',
      'opened outage inc_2: a b',
    ]);
  });

  test('what it explains is not counted a second time when it is over', () => {
    const fleet = anObserver();
    fleet.loses('socket_lost', 'a');
    fleet.reports('network_down', 'direct', 'a');
    fleet.ends('network_down', 'direct');
    fleet.loses('socket_lost', 'b');
    expect(fleet.story.filter((line) => line.includes('outage'))).toEqual([]);
  });
});

describe('after a restart of the service', () => {
  const left = (kind: Incident['kind'], key: string): Incident => ({
    ...{ id: 'inc_old', kind, key, reason: 'network_down', openedAt: 900_000, closedAt: null },
    ...{ sessionIds: ['a', 'b'], message: 'From before.' },
  });

  test('an outage is closed when its sessions are back', () => {
    const fleet = anObserver([left('outage', 'browser_crashed')]);
    fleet.rests('out', 'a', 'b');
    fleet.back('a');
    expect(fleet.story).toEqual([]);
    fleet.back('b');
    expect(fleet.last.message).toBe('From before. It lasted 2 min; all are back.');
  });

  test.each(['network_down', 'web_version'] as const)('%s is closed when one of its sessions is back', (kind) => {
    const fleet = anObserver([left(kind, 'x')]);
    fleet.rests('out', 'a', 'b');
    expect(fleet.story).toEqual([]);
    fleet.back('b');
    expect(fleet.story).toEqual([`closed ${kind} inc_old: a b`]);
  });

  test('what is taken over without a new session goes on, too', () => {
    const fleet = anObserver([left('web_version', '2.3000.1')]);
    fleet.joins('web_version', '2.3000.1');
    fleet.back('a', 'b');
    expect(fleet.story).toEqual([]);
    fleet.ends('web_version', '2.3000.1');
    expect(fleet.story).toEqual(['closed web_version inc_old: a b']);
  });

  test('what is reported again goes on, and its end is reported again', () => {
    const fleet = anObserver([left('network_down', 'direct')]);
    fleet.rests('out', 'a', 'b');
    fleet.reports('network_down', 'direct', 'a', 'c');
    fleet.back('b');
    expect(fleet.story).toEqual(['joined network_down inc_old: a b c']);
    fleet.ends('network_down', 'direct');
    expect(fleet.story.at(-1)).toBe('closed network_down inc_old: a b c');
  });
});
