import { describe, expect, test } from '@jest/globals';
import { settled } from '../support/fake-clock.js';
import { steadyConfig } from '../support/fake-house.js';
import { aSession } from './session-driver.js';

const MINUTE_MS = 60_000;
const standard = steadyConfig();
const asks = (calls: readonly string[]) => calls.filter((call) => call === 'ask').length;

describe('a connected session', () => {
  test('R23 asks WhatsApp something once a minute while it is quiet, and only then', async () => {
    const { connect, house, tell } = aSession();
    const client = await connect();
    await house.clock.advance(5 * MINUTE_MS);
    const quiet = asks(client.calls);
    expect(quiet).toBeGreaterThanOrEqual(4);
    expect(quiet).toBeLessThanOrEqual(5);
    for (let i = 0; i < 10; i += 1) {
      client.spec.onAck('some message', 2);
      await house.clock.advance(MINUTE_MS / 2);
    }
    await tell();
    expect(asks(client.calls)).toBeLessThanOrEqual(quiet + 1);
  });

  test('whose line is dead though its page believes in it opens a new socket, then loads anew', async () => {
    const { connect, house, status } = aSession();
    const client = await connect();
    client.answer = 'silent';
    await house.clock.advance(MINUTE_MS + 4000);
    expect(client.calls).toContain('reconnectSocket');
    // The page says that all is well, and is believed until nobody answers again.
    for (let s = 0; s < 180 && !client.calls.includes('reload'); s += 1) await house.clock.advance(1000);
    expect(client.calls).toContain('reload');
    client.answer = 'answered';
    client.ready();
    await house.clock.advance(5 * MINUTE_MS);
    expect(status()).toBe('connected');
  });

  test('R22 that is quiet for hours and gets its answers is left alone: quiet is not dead', async () => {
    const { connect, house, status, launches } = aSession();
    const client = await connect();
    await house.clock.advance(180 * MINUTE_MS);
    expect(asks(client.calls)).toBeGreaterThan(100);
    expect([status(), launches()]).toEqual(['connected', 1]);
    expect(client.calls.filter((call) => /reconnectSocket|reload|close/.test(call))).toEqual([]);
  });

  test('is not disturbed by a page that will not ask', async () => {
    const { connect, house, status, launches } = aSession();
    const client = await connect();
    client.answer = 'unknown';
    await house.clock.advance(30 * MINUTE_MS);
    expect([status(), launches(), client.calls.includes('reconnectSocket')]).toEqual(['connected', 1, false]);
  });

  test('R22 without keep-alive is asked after 5 minutes of silence, and healed only when nobody answers', async () => {
    const { connect, house, status, launches } = aSession({ config: { ...standard, keepAlive: { intervalMs: null } } });
    const client = await connect();
    await house.clock.advance(5 * MINUTE_MS - 1);
    expect(asks(client.calls)).toBe(0);
    await house.clock.advance(1);
    expect(asks(client.calls)).toBe(1);
    await house.clock.advance(5 * MINUTE_MS);
    expect([asks(client.calls), status(), launches()]).toEqual([2, 'connected', 1]);
    expect(client.calls).not.toContain('reconnectSocket');
    client.answer = 'silent';
    await house.clock.advance(5 * MINUTE_MS + 4000);
    expect(client.calls).toContain('reconnectSocket');
  });

  test('R22 is started anew on silence alone when that is wanted', async () => {
    const staleness = { afterMs: 5 * MINUTE_MS, action: 'restart' } as const;
    const { connect, house, launches, actor } = aSession({ config: { ...standard, staleness } });
    await connect();
    await house.clock.advance(4 * MINUTE_MS);
    expect(launches()).toBe(1);
    await house.clock.advance(1.5 * MINUTE_MS);
    expect([launches(), actor.state.reason]).toEqual([2, 'stale']);
  });

  test('that is stopped asks no more', async () => {
    const { connect, house, actor } = aSession();
    const client = await connect();
    actor.dispatch({ type: 'stop', force: false });
    await settled();
    await house.clock.advance(10 * MINUTE_MS);
    expect(asks(client.calls)).toBe(0);
  });
});
