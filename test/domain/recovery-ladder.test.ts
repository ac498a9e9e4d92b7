import { describe, expect, test } from '@jest/globals';
import { userActionOf } from '../../src/domain/description.js';
import type { Reason } from '../../src/domain/reason.js';
import { comesUp, connectedStory, READY, RESTED_MS, type Story, stableStory } from './story.js';

const SOCKET_OPENING = { type: 'socket-state', socketState: 'OPENING' } as const;
const SOCKET_CONNECTED = { type: 'socket-state', socketState: 'CONNECTED' } as const;
const KILL = { type: 'close', mode: 'kill' } as const;

const probed = (told: Story, verdict: 'healthy' | 'unknown' | 'page_hung' | 'browser_hung' | 'socket_lost') =>
  told.report({ type: 'probed', verdict });

describe('B01 a socket that is lost', () => {
  test('gets time, is asked to reconnect, then the page is reloaded, then the browser is replaced', () => {
    const told = stableStory().report(SOCKET_OPENING);
    expect(told.state).toMatchObject({ status: 'reconnecting', rung: 'grace', reason: 'socket_lost', attempt: 0 });
    expect(told.effects).toEqual([]);

    expect(told.passUntilDue()).toBe(20_000);
    expect(told.state).toMatchObject({ rung: 'socket', reason: 'socket_lost' });
    expect(told.effects).toEqual([
      { type: 'reconnect-socket', epoch: 1 },
      { type: 'check-network', epoch: 1 },
    ]);

    expect(told.passUntilDue()).toBe(15_000);
    expect(told.state).toMatchObject({ rung: 'reload', reason: 'socket_lost' });
    expect(told.effects).toEqual([{ type: 'reload', epoch: 1 }]);

    expect(told.passUntilDue()).toBe(20_000);
    expect(told.state).toMatchObject({ step: 'waiting', reason: 'socket_lost', attempt: 0 });
    expect(told.effects).toEqual([{ type: 'close', mode: 'graceful' }]);

    expect(told.passUntilDue()).toBe(5000);
    expect(told.state).toMatchObject({ rung: 'relaunch', attempt: 1 });
    comesUp(told);
    expect(told.state).toMatchObject({ healed: { reason: 'socket_lost', rung: 'relaunch', tookMs: 60_000 } });
  });

  test.each([
    ['grace', 0],
    ['socket', 1],
  ])('that comes back during %s needs no new ready, no attempt and no new browser', (rung, deadlines) => {
    for (const back of [SOCKET_CONNECTED, { type: 'probed', verdict: 'healthy' } as const]) {
      const told = stableStory().report(SOCKET_OPENING);
      for (let passed = 0; passed < deadlines; passed += 1) told.passUntilDue();
      told.report(back);
      expect(told.state).toMatchObject({ status: 'connected', attempt: 0, stable: false, healed: { rung } });
      expect(told.launches).toEqual([1]);
    }
  });

  test('still needs a ready once the page was reloaded', () => {
    const told = stableStory().report(SOCKET_OPENING);
    told.passUntilDue();
    told.passUntilDue();
    told.report(SOCKET_CONNECTED, { type: 'probed', verdict: 'healthy' });
    expect(told.state).toMatchObject({ status: 'reconnecting', rung: 'reload' });
    expect(told.report(READY).state).toMatchObject({ status: 'connected', healed: { rung: 'reload' } });
  });

  test('is found by the probe as well, and a second verdict does not start the grace anew', () => {
    const told = probed(stableStory(), 'socket_lost');
    const { state } = told;
    expect(state).toMatchObject({ rung: 'grace', reason: 'socket_lost' });
    expect(probed(told.pass(15_000), 'socket_lost').state).toBe(state);
  });

  test('to somebody else (conflict) is taken back, not waited for', () => {
    const told = stableStory().report(SOCKET_OPENING, { type: 'socket-state', socketState: 'CONFLICT' });
    expect(told.state).toMatchObject({ rung: 'takeover', reason: 'conflict', lost: { reason: 'socket_lost' } });
  });

  test('is not counted as lost twice', () => {
    const told = stableStory().report(SOCKET_OPENING);
    const { lost } = told.state;
    expect(told.pass(5000).report({ type: 'browser-exited' }).state.lost).toEqual(lost);
  });
});

describe('a page in trouble', () => {
  test('that crashed is loaded again in the same browser', () => {
    const told = stableStory().report({ type: 'page-crashed' });
    expect(told.effects).toEqual([{ type: 'reload', epoch: 1 }]);
    expect(told.state).toMatchObject({ rung: 'reload', reason: 'page_crashed', attempt: 0 });
    expect(told.report({ type: 'injected' }, READY).state).toMatchObject({ status: 'connected', attempt: 0 });
  });

  test('that crashes again while it is loaded costs the browser', () => {
    const told = stableStory().report({ type: 'page-crashed' }, { type: 'page-crashed' });
    expect(told.effects).toEqual([KILL, { type: 'launch', epoch: 2 }]);
  });

  test('that hangs is loaded again, and costs the browser when that does not help in time', () => {
    const told = probed(stableStory(), 'page_hung');
    expect(told.effects).toEqual([{ type: 'reload', epoch: 1 }]);
    expect(probed(told, 'page_hung').effects).toEqual([]);
    expect(told.passUntilDue()).toBe(20_000);
    expect(told.effects).toEqual([KILL, { type: 'launch', epoch: 2 }]);
    expect(told.state).toMatchObject({ reason: 'page_hung', attempt: 1 });
  });

  test('that hangs while its socket gets time is loaded again at once', () => {
    const told = probed(stableStory().report(SOCKET_OPENING), 'page_hung');
    expect(told.state).toMatchObject({ rung: 'reload', reason: 'page_hung', lost: { reason: 'socket_lost' } });
  });

  test('that reloads itself gets time and comes back by its ready, no attempt counted', () => {
    const told = stableStory().report({ type: 'navigated' });
    expect(told.effects).toEqual([]);
    expect(told.state).toMatchObject({ rung: 'grace', reason: 'page_reloaded', attempt: 0 });
    told.pass(3000).report({ type: 'progress', percent: 10 }, SOCKET_CONNECTED);
    expect(told.state).toMatchObject({ rung: 'grace' });
    told.report(READY);
    expect(told.state).toMatchObject({ status: 'connected', attempt: 0, healed: { rung: 'grace', tookMs: 3000 } });
    expect(told.launches).toEqual([1]);
  });

  test('that reloads itself while its socket was lost needs a ready', () => {
    const told = stableStory().report(SOCKET_OPENING, { type: 'navigated' }, SOCKET_CONNECTED);
    expect(told.state).toMatchObject({ rung: 'grace', reason: 'page_reloaded' });
  });

  test('that reloads itself and does not come back is reloaded by us, then the browser is replaced', () => {
    const told = stableStory().report({ type: 'navigated' });
    expect(told.passUntilDue()).toBe(20_000);
    expect(told.effects).toEqual([{ type: 'reload', epoch: 1 }]);
    expect(told.report({ type: 'navigated' }).state).toMatchObject({ rung: 'reload' });
    told.passUntilDue();
    expect(told.effects).toEqual([KILL, { type: 'launch', epoch: 2 }]);
  });

  test('that lost the library is taken as one that reloaded itself', () => {
    const told = stableStory().report({ type: 'probed', verdict: 'not_injected' });
    expect(told.state).toMatchObject({ rung: 'grace', reason: 'page_reloaded' });
  });
});

describe('B03 a browser in trouble', () => {
  test('that hangs is killed and replaced at once', () => {
    const told = probed(stableStory(), 'browser_hung');
    expect(told.effects).toEqual([KILL, { type: 'launch', epoch: 2 }]);
    expect(told.state).toMatchObject({ reason: 'browser_hung', attempt: 1 });
  });

  test('that hangs during any rung is killed and replaced', () => {
    for (const deadlines of [0, 1, 2]) {
      const told = stableStory().report(SOCKET_OPENING);
      for (let passed = 0; passed < deadlines; passed += 1) told.passUntilDue();
      expect(probed(told, 'browser_hung').effects).toEqual([KILL, { type: 'launch', epoch: 2 }]);
    }
  });

  test('a new reason counts from its own time on', () => {
    const told = stableStory().report(SOCKET_OPENING).pass(7000).report({ type: 'browser-exited' });
    expect(told.state).toMatchObject({ reason: 'browser_crashed', since: told.now });
  });

  test('a relaunch has the deadlines of a launch', () => {
    const told = probed(stableStory(), 'browser_hung').report({ type: 'admitted' });
    expect(told.state).toMatchObject({ deadlineAt: told.now + 135_000 });
    expect(told.report({ type: 'injected' }).state).toMatchObject({ deadlineAt: told.now + 60_000 });
    told.passUntilDue();
    expect(told.state).toMatchObject({ step: 'waiting', reason: 'ready_timeout', attempt: 1 });
  });
});

describe('what moves no session', () => {
  test('neither a healthy probe nor one that proves nothing moves a session', () => {
    const told = stableStory();
    const { state } = told;
    expect(probed(told, 'unknown').state).toBe(state);
    expect(probed(told, 'healthy').state).toBe(state);
    expect(told.pass(RESTED_MS).state).toBe(state);
  });

  test('an operation that failed late does not move a session that is connected', () => {
    const told = connectedStory();
    const { state } = told;
    expect(told.report({ type: 'failed', reason: 'page_hung', detail: 'late' }).state).toBe(state);
  });
});

describe('final causes', () => {
  test.each<[Reason, string]>([
    ['banned', 'contact_whatsapp'],
    ['outdated', 'wait_for_update'],
    ['proxy_blocked', 'contact_whatsapp'],
    ['disk_full', 'free_disk'],
    ['browser_missing', 'install_browser'],
    ['profile_in_use', 'close_other_owner'],
  ])('%s is not retried by itself and asks for %s', (reason, action) => {
    const told = stableStory().report({ type: 'failed', reason, detail: 'simulated' });
    expect(told.state).toMatchObject({ status: 'error', reason, desired: 'running' });
    expect(told.effects).toEqual([{ type: 'close', mode: 'graceful' }]);
    expect(userActionOf(told.state)).toBe(action);
    expect(told.pass(RESTED_MS).launches).toEqual([1]);
  });
});
