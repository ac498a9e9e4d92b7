import { describe, expect, test } from '@jest/globals';
import type { Reason } from '../../src/domain/reason.js';
import type { Status } from '../../src/domain/session-state.js';
import { recoveriesOf, timeToRecover, type UptimeEntry, upShare, uptimeOf } from '../../src/domain/uptime.js';

const at = (minute: number) => minute * 60_000;
const item = (minute: number, event: string, data = {}): UptimeEntry => ({ at: at(minute), event, data });
/** From minute 0 to minute 100, told in minutes. */
const strip = (items: UptimeEntry[], status: Status, since: number, reason: Reason = 'ready') =>
  uptimeOf(items, { status, reason, since: at(since) }, { fromMs: 0, nowMs: 100 * 60_000 });
const told = (segments: ReturnType<typeof strip>) =>
  segments.map(({ kind, fromMs, toMs }) => `${kind} ${fromMs / 60_000}-${toMs / 60_000}`);

describe('B10 the uptime of a session', () => {
  test('is unknown before its first entry, and off until it is linked', () => {
    const items = [item(10, 'session.starting'), item(11, 'session.qr_shown')];
    const segments = strip([...items, item(20, 'session.connected')], 'connected', 20);
    expect(told(segments)).toEqual(['unknown 0-11', 'off 11-20', 'up 20-100']);
    expect(upShare(segments)).toBe(1);
  });

  test('is down while the service does not run, from what it saw last', () => {
    const items = [
      item(-5, 'session.connected'),
      item(80, 'session.starting', { lastSeenAt: at(30) }),
      item(81, 'session.connected'),
    ];
    expect(told(strip(items, 'connected', 81))).toEqual(['up 0-30', 'down 30-81', 'up 81-100']);
    const stopped = [item(-5, 'session.connected'), item(10, 'session.stopped')];
    expect(told(strip([...stopped, item(80, 'session.starting', { lastSeenAt: at(9) })], 'connecting', 80))).toEqual([
      'up 0-10',
      'off 10-100',
    ]);
  });

  test('is down from a loss to the return, whatever is tried in between', () => {
    const items = [
      item(-5, 'session.connected'),
      item(40, 'session.lost'),
      item(41, 'session.healing'),
      item(45, 'session.suspended'),
      item(60, 'session.connected'),
      item(61, 'session.stable'),
    ];
    const segments = strip(items, 'connected', 60);
    expect(told(segments)).toEqual(['up 0-40', 'down 40-60', 'up 60-100']);
    expect(upShare(segments)).toBeCloseTo(0.8);
  });

  test('is not down when somebody wanted it so, also while it starts again', () => {
    const items = [item(-5, 'session.connected'), item(40, 'session.stopped'), item(70, 'session.starting')];
    expect(told(strip(items, 'connecting', 70))).toEqual(['up 0-40', 'off 40-100']);
  });

  test('is down when the service starts anew under it', () => {
    const items = [item(-5, 'session.connected'), item(40, 'session.starting'), item(42, 'session.connected')];
    expect(told(strip(items, 'connected', 42))).toEqual(['up 0-40', 'down 40-42', 'up 42-100']);
  });

  test('is off between two QR codes', () => {
    expect(told(strip([item(10, 'session.qr_shown')], 'reconnecting', 90, 'qr_timeout'))).toEqual([
      'unknown 0-10',
      'off 10-100',
    ]);
  });

  test('ends with what the session is now, also when its timeline does not say so', () => {
    expect(told(strip([item(-5, 'session.connected')], 'error', 90))).toEqual(['up 0-90', 'down 90-100']);
    expect(told(strip([], 'disconnected', -50))).toEqual(['off 0-100']);
    expect(upShare(strip([], 'disconnected', -50))).toBeNull();
  });
});

describe('B10 the time to recover', () => {
  test('is what each return took since the loss, not the first connection', () => {
    const items = [
      item(0, 'session.connected'),
      item(5, 'session.lost', { tookMs: 1 }),
      item(6, 'session.connected', { tookMs: 60_000 }),
    ];
    expect(recoveriesOf(items)).toEqual([{ atMs: at(6), tookMs: 60_000 }]);
  });

  test('is told as what half and what 95 of 100 took', () => {
    const tookMs = Array.from({ length: 100 }, (_, index) => (index + 1) * 10).toReversed();
    expect(timeToRecover(tookMs)).toEqual({ p50: 510, p95: 960, count: 100 });
    expect(timeToRecover([])).toEqual({ p50: null, p95: null, count: 0 });
  });
});
