import { describe, expect, test } from '@jest/globals';
import { DomainError, type ErrorCode } from '../../src/domain/error-catalogue.js';
import { settled } from '../support/fake-clock.js';
import { aFleet } from './fleet-driver.js';

const never = () => new AbortController().signal;

/** The code of the refusal. */
async function refusal(call: () => unknown): Promise<ErrorCode | 'no refusal'> {
  try {
    await call();
    return 'no refusal';
  } catch (error) {
    if (error instanceof DomainError) return error.code;
    throw error;
  }
}

async function runningFleet() {
  const made = aFleet();
  await made.supervisor.start();
  return made;
}

describe('the fleet', () => {
  test('creates a session, started or not', async () => {
    const { fleet, launched, house } = await runningFleet();
    expect(await fleet.create({ id: 'a', label: 'Sales' }, false)).toMatchObject({ status: 'idle', label: 'Sales' });
    expect(await fleet.create({ id: 'b' }, true)).toMatchObject({ status: 'connecting', desired: 'running' });
    await settled();
    expect(launched()).toEqual(['b']);
    expect(house.sessions.all().map(({ id }) => id)).toEqual(['a', 'b']);
  });

  test('tells the house what was created, changed and removed', async () => {
    const { fleet, house } = await runningFleet();
    await fleet.create({ id: 'a' }, false);
    fleet.change('a', { label: 'Sales' });
    await fleet.remove('a');
    const told = house.events.flatMap((event) =>
      event.type === 'session' ? [`${event.change} ${event.sessionId}`] : [],
    );
    expect(told).toEqual(['created a', 'changed a', 'removed a']);
  });

  test('refuses an id that is taken, also when both come at once', async () => {
    const { fleet, launched } = await runningFleet();
    const both = await Promise.all([
      refusal(() => fleet.create({ id: 'a' }, true)),
      refusal(() => fleet.create({ id: 'a' }, true)),
    ]);
    expect(both).toEqual(['no refusal', 'session_exists']);
    await settled();
    expect(launched()).toEqual(['a']);
  });

  test('refuses every question about a session that is not there', async () => {
    const { fleet } = await runningFleet();
    const calls = [
      () => fleet.get('x'),
      () => fleet.remove('x'),
      () => fleet.connect('x'),
      () => fleet.disconnect('x', { force: false }),
      () => fleet.forceReconnect('x'),
      () => fleet.logout('x'),
      () => fleet.qr('x'),
      () => fleet.send('x', { to: '1@c.us', text: 'hi', idempotencyKey: null }),
      () => fleet.events('x', { after: 0, limit: 1 }),
    ];
    for (const call of calls) expect(await refusal(call)).toBe('session_not_found');
  });

  test('removes a session with its browser and its login', async () => {
    const { fleet, house, connected } = await runningFleet();
    await connected('a');
    await fleet.remove('a');
    expect(house.browsers.live()).toBe(0);
    expect(house.profiles.quarantined).toEqual(['a']);
    expect(fleet.list()).toEqual([]);
    expect(house.sessions.all()).toEqual([]);
    expect(await refusal(() => fleet.create({ id: 'a' }, false))).toBe('no refusal');
  });

  test('resolves a disconnect when the browser is gone, and keeps the login', async () => {
    const { fleet, house, connected } = await runningFleet();
    await connected('a');
    expect(await fleet.disconnect('a', { force: false })).toMatchObject({ status: 'disconnected', browser: null });
    expect(house.browsers.live()).toBe(0);
    expect(house.profiles.quarantined).toEqual([]);
    await fleet.disconnect('a', { force: true });
    expect(house.profiles.quarantined).toEqual(['a']);
  });

  test('gives the QR code only while it is on show', async () => {
    const { fleet, client, house } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    expect(await refusal(() => fleet.qr('a'))).toBe('no_qr');
    await settled();
    client('a').tell({ type: 'qr', text: 'one' });
    expect(fleet.qr('a')).toEqual({
      qr: 'one',
      expiresAt: new Date(house.clock.now() + 120_000).toISOString(),
    });
    client('a').ready();
    expect(await refusal(() => fleet.qr('a'))).toBe('no_qr');
  });

  test('asks for a pairing code only while it waits to be linked', async () => {
    const { fleet, client } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    await settled();
    expect(await refusal(() => fleet.pairingCode('a', '491511234567'))).toBe('not_waiting_for_scan');
    client('a').tell({ type: 'qr', text: 'one' });
    expect(await fleet.pairingCode('a', '491511234567')).toBe('ABCD-1234');
    expect(await refusal(() => fleet.pairingCode('a', '0'))).toBe('client_failed');
    client('a').ready();
    expect(await refusal(() => fleet.pairingCode('a', '491511234567'))).toBe('not_waiting_for_scan');
  });

  test('asks nothing of a page that is not there', async () => {
    const { fleet } = await runningFleet();
    await fleet.create({ id: 'a' }, false);
    for (const call of [
      () => fleet.screenshot('a'),
      () => fleet.chats('a'),
      () => fleet.contact('a', '1'),
      () => fleet.logout('a'),
    ]) {
      expect(await refusal(call)).toBe('not_connected');
    }
  });

  test('changes only the settings that a change names', async () => {
    const { fleet, house } = await runningFleet();
    await fleet.create({ id: 'a', label: 'Sales', proxy: 'http://proxy:8080' }, false);
    expect(fleet.change('a', { label: 'Support' }).label).toBe('Support');
    expect(house.sessions.all()[0]).toMatchObject({ label: 'Support', proxy: 'http://proxy:8080' });
  });

  test('counts time to recover', async () => {
    const { fleet, connected, client, house } = await runningFleet();
    await connected('a');
    client('a').tell({ type: 'browser-exited' });
    await house.clock.advance(3000);
    client('a').ready();
    expect(fleet.stats()).toMatchObject({ sessions: 1, timeToRecoverMs: { p50: 3000, p95: 3000, count: 1 } });
    expect(fleet.stats().byStatus).toMatchObject({ connected: 1, idle: 0 });
  });
});

describe('a message to the fleet', () => {
  const hello = { to: '491511234567@c.us', text: 'hello', idempotencyKey: null };

  test('is accepted while the session is away and sent when it is back', async () => {
    const { fleet, client, house } = await runningFleet();
    await fleet.create({ id: 'a' }, true);
    const { message } = fleet.send('a', hello);
    expect(message.status).toBe('queued');
    await settled();
    client('a').nextSend = () => 'acked';
    client('a').ready();
    await settled();
    expect(house.browsers.whatsapp('a').texts).toEqual(['hello']);
    expect(fleet.message('a', message.id).status).toBe('sent');
  });

  test('is one message for one idempotency key, and a conflict with other words', async () => {
    const { fleet } = await runningFleet();
    await fleet.create({ id: 'a' }, false);
    const first = fleet.send('a', { ...hello, idempotencyKey: 'k' });
    const again = fleet.send('a', { ...hello, idempotencyKey: 'k' });
    expect([first.created, again.created]).toEqual([true, false]);
    expect(again.message.id).toBe(first.message.id);
    expect(await refusal(() => fleet.send('a', { ...hello, text: 'bye', idempotencyKey: 'k' }))).toBe(
      'idempotency_conflict',
    );
  });

  test('is settled when it is acknowledged', async () => {
    const { fleet, connected } = await runningFleet();
    const client = await connected('a');
    const { message } = fleet.send('a', hello);
    const settledMessage = fleet.settled('a', message.id, 30_000, never());
    await settled();
    client.ack('hello');
    expect((await settledMessage).status).toBe('sent');
    expect((await fleet.settled('a', message.id, 30_000, never())).status).toBe('sent');
  });

  test('is given as it stands when the wait is over', async () => {
    const { fleet, house } = await runningFleet();
    await fleet.create({ id: 'a' }, false);
    const { message } = fleet.send('a', hello);
    const waiting = fleet.settled('a', message.id, 5000, never());
    await house.clock.advance(5000);
    expect((await waiting).status).toBe('queued');
  });

  test('is given as it stands when whoever waits goes away, even before he came', async () => {
    const { fleet, house } = await runningFleet();
    await fleet.create({ id: 'a' }, false);
    const { message } = fleet.send('a', hello);
    const timers = house.clock.pending;
    const caller = new AbortController();
    const waiting = fleet.settled('a', message.id, 3_600_000, caller.signal);
    caller.abort();
    expect((await waiting).status).toBe('queued');
    expect((await fleet.settled('a', message.id, 3_600_000, AbortSignal.abort())).status).toBe('queued');
    expect(house.clock.pending).toBe(timers);
  });

  test('leaves no listener behind, however its wait ends', async () => {
    const { fleet, house } = await runningFleet();
    await fleet.create({ id: 'a' }, false);
    const { message } = fleet.send('a', hello);
    let listeners = 0;
    const { subscribe } = house.bus;
    house.bus.subscribe = (listener) => {
      listeners += 1;
      const unsubscribe = subscribe.call(house.bus, listener);
      return () => {
        listeners -= 1;
        unsubscribe();
      };
    };
    const caller = new AbortController();
    const waits = [1000, 2000].map((waitMs) => fleet.settled('a', message.id, waitMs, never()));
    waits.push(fleet.settled('a', message.id, 9000, caller.signal));
    expect(listeners).toBe(3);
    caller.abort();
    await house.clock.advance(2000);
    await Promise.all(waits);
    expect(listeners).toBe(0);
  });

  test('is not found in another session', async () => {
    const { fleet } = await runningFleet();
    await fleet.create({ id: 'a' }, false);
    await fleet.create({ id: 'b' }, false);
    const { message } = fleet.send('a', hello);
    expect(await refusal(() => fleet.message('b', message.id))).toBe('message_not_found');
  });

  test('is listed in pages', async () => {
    const { fleet } = await runningFleet();
    await fleet.create({ id: 'a' }, false);
    for (const text of ['1', '2', '3']) fleet.send('a', { ...hello, text });
    const first = fleet.messages('a', { after: 0, limit: 2 });
    expect(first.items.map(({ text }) => text)).toEqual(['1', '2']);
    const rest = fleet.messages('a', { after: Number(first.next), limit: 2 });
    expect(rest.items.map(({ text }) => text)).toEqual(['3']);
    expect(rest.next).toBeUndefined();
  });
});
