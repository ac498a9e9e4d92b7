import { afterEach, describe, expect, test } from '@jest/globals';
import {
  aState,
  CONNECTED,
  IDLE,
  LOST,
  type Payload,
  type Realtime,
  startRealtime,
} from '../support/realtime-harness.js';

describe('events in real time', () => {
  let house: Realtime;
  afterEach(() => house.stop());

  test.each([['websocket'], ['polling']])('come over %s, the sessions first', async (transport) => {
    house = await startRealtime();
    house.fleet.add('sales', { label: 'Sales' });
    const client = house.connect({ token: 'viewer' }, { transports: [transport], upgrade: false });
    const { items } = await client.gets('sessions');
    expect(items).toEqual([house.fleet.get('sales')]);
    house.receive('sales', 'm1');
    expect(await client.gets('message')).toMatchObject({ sessionId: 'sales', id: 'm1', body: 'Hello' });
    expect(client.received.map(({ name }) => name)).toEqual(['sessions', 'message']);
  });

  test('go on when a client changes from polling to WebSocket', async () => {
    house = await startRealtime();
    const client = house.connect({ token: 'admin' }, { transports: ['polling', 'websocket'] });
    await client.gets('sessions');
    const transport = () => client.socket.io.engine.transport.name;
    let sent = 0;
    // While the connection changes, and somewhat longer.
    for (let upgradedFor = 0; upgradedFor < 5; upgradedFor += transport() === 'websocket' ? 1 : 0) {
      sent += 1;
      house.receive('sales', `m${sent}`);
      await client.gets('message', ({ id }) => id === `m${sent}`);
    }
    expect(client.named('message').map(({ id }) => id)).toEqual(Array.from({ length: sent }, (_, n) => `m${n + 1}`));
  });

  test('R13 tell that a session is lost and back, and how it is', async () => {
    house = await startRealtime();
    const client = house.connect({ token: 'viewer' });
    await client.gets('sessions');
    house.fleet.add('sales', { status: 'reconnecting', phoneNumber: '491511' });
    house.move('sales', CONNECTED, LOST);
    house.fleet.add('sales', { status: 'connected', phoneNumber: '491511' });
    house.move('sales', LOST, CONNECTED);
    await house.clock.advance(100);
    await client.gets('session-status', ({ status }) => status === 'connected');
    const [, ...told] = client.received.map(({ name, payload: { seq: _, ...payload } }) => ({ name, payload }));
    expect(told).toEqual([
      { name: 'whatsapp-disconnected', payload: { sessionId: 'sales', reason: 'browser_crashed' } },
      { name: 'session-status', payload: expect.objectContaining({ id: 'sales', status: 'reconnecting' }) },
      { name: 'whatsapp-connected', payload: { sessionId: 'sales', phoneNumber: '491511' } },
      { name: 'session-status', payload: house.fleet.get('sales') },
    ]);
  });

  test('give every event a number, each larger than the one before', async () => {
    house = await startRealtime();
    const client = house.connect({ token: 'viewer' });
    await client.gets('sessions');
    for (let n = 1; n <= 5; n += 1) house.receive('sales', `m${n}`);
    await client.gets('message', ({ id }) => id === 'm5');
    const numbers = client.received.map(({ payload }) => payload.seq);
    expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? 0) + index));
  });

  test('keep QR codes from viewers', async () => {
    house = await startRealtime();
    const [viewer, operator] = [house.connect({ token: 'viewer' }), house.connect({ token: 'operator' })];
    await Promise.all([viewer.gets('sessions'), operator.gets('sessions')]);
    const qr = { text: '2@secret', shownAt: 0, next: null };
    house.move('sales', IDLE, aState({ status: 'qr_pending', qr, hideAt: 60_000 }));
    house.receive('sales', 'm1');
    expect(await operator.gets('session-qr')).toEqual({
      seq: expect.any(Number),
      sessionId: 'sales',
      qr: '2@secret',
      expiresAt: '1970-01-01T00:01:00.000Z',
    });
    await viewer.gets('message');
    expect(JSON.stringify(viewer.received)).not.toContain('2@secret');
  });

  test('are of all sessions, or of those that a client subscribes to', async () => {
    house = await startRealtime();
    for (const id of ['a', 'b']) house.fleet.add(id);
    const all = house.connect({ token: 'viewer' });
    const onlyA = house.connect({ token: 'viewer', sessionIds: ['a'] });
    expect((await all.gets('sessions')).items.map(({ id }) => id)).toEqual(['a', 'b']);
    expect((await onlyA.gets('sessions')).items.map(({ id }) => id)).toEqual(['a']);
    const told = async (round: number) => {
      for (const id of ['a', 'b']) house.receive(id, `${id}${round}`);
      await all.gets('message', ({ id }) => id === `b${round}`);
    };
    await told(1);
    await onlyA.gets('message');
    const answer: Payload = await onlyA.socket.emitWithAck('subscribe', ['b', 'unknown']);
    expect(answer).toEqual({ seq: expect.any(Number), items: [house.fleet.get('b')] });
    await told(2);
    await onlyA.socket.emitWithAck('subscribe', null);
    await told(3);
    await onlyA.gets('message', ({ id }) => id === 'b3');
    expect(all.named('message').map(({ id }) => id)).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3']);
    expect(onlyA.named('message').map(({ id }) => id)).toEqual(['a1', 'b2', 'a3', 'b3']);
  });

  test('say what is wrong with a subscription and leave the old one', async () => {
    house = await startRealtime();
    house.fleet.add('a');
    const client = house.connect({ token: 'viewer' });
    for (const wrong of ['a', ['../etc'], [1], {}]) {
      const { error } = await client.socket.emitWithAck('subscribe', wrong);
      expect(error).toMatchObject({ code: 'bad_request', status: 400 });
    }
    house.receive('a', 'm1');
    await client.gets('message');
  });

  test('tell what a person changed and removed', async () => {
    house = await startRealtime();
    const client = house.connect({ token: 'viewer' });
    await client.gets('sessions');
    house.fleet.add('sales', { label: 'New name' });
    house.publish({ type: 'session', sessionId: 'sales', change: 'changed' });
    expect(await client.gets('session-status')).toMatchObject({ id: 'sales', label: 'New name' });
    house.publish({ type: 'session', sessionId: 'sales', change: 'removed' });
    expect(await client.gets('session-removed')).toMatchObject({ sessionId: 'sales' });
  });

  test('have the client of the library beside them, for pages', async () => {
    house = await startRealtime();
    const answer = await fetch(`${house.url}/socket.io/socket.io.min.js`);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringContaining('javascript')]);
    expect((await fetch(`${house.url}/socket.io`)).status).toBe(401);
  });

  test('end with the service, in a way that lets clients come back', async () => {
    house = await startRealtime();
    const clients = ['websocket', 'polling'].map((transport) =>
      house.connect({ token: 'viewer' }, { transports: [transport], upgrade: false }),
    );
    await Promise.all(clients.map((client) => client.gets('sessions')));
    const ends = clients.map((client) => client.ends());
    await house.gateway.stop();
    const late = house.connect({ token: 'viewer' }, { reconnection: false });
    await late.isRefused();
    await house.server.stop();
    // A client does not come back by itself after "io server disconnect".
    for (const reason of await Promise.all(ends)) expect(reason).toMatch(/^transport (close|error)$/);
    expect(clients.every(({ socket }) => socket.active)).toBe(true);
  });
});
