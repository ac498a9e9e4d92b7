import { afterEach, describe, expect, test } from '@jest/globals';
import { hashKey } from '../../../src/api/keys.js';
import { aKey } from '../../support/fake-keys.js';
import { aState, CONNECTED, IDLE, type Realtime, startRealtime } from '../support/realtime-harness.js';

describe('who may have events in real time', () => {
  let house: Realtime;
  afterEach(() => house.stop());

  test.each([['websocket'], ['polling']])(
    'nobody without a good key, told in the words of the API, over %s',
    async (transport) => {
      house = await startRealtime();
      for (const auth of [{}, { token: 'wrong' }]) {
        const { message, data } = await house.connect(auth, { transports: [transport] }).isRefused();
        expect(message).toBe('unauthorized');
        expect(data).toMatchObject({ code: 'unauthorized', status: 401, retryable: false });
      }
    },
  );

  test.each([
    ['Authorization', 'Bearer viewer'],
    ['X-Api-Key', 'viewer'],
  ])('who brings the key in the header %s', async (name, value) => {
    house = await startRealtime();
    await house.connect({}, { extraHeaders: { [name]: value } }).gets('sessions');
  });

  test.each([
    [{ token: 1 }, 'token'],
    [{ token: 'viewer', after: 'yesterday' }, 'after: expected the `seq`'],
    [{ token: 'viewer', sessionIds: 'a' }, 'sessionIds'],
  ])('who says %j is told what is wrong with it', async (auth, detail) => {
    house = await startRealtime();
    const { message, data } = await house.connect(auth).isRefused();
    expect(message).toBe('bad_request');
    expect(data?.detail).toContain(detail);
  });

  test('wrong keys count together with those of the API', async () => {
    house = await startRealtime({ failedSignInsPerMinute: 3 });
    const ask = (key: string) => fetch(`${house.url}/api/sessions`, { headers: { 'x-api-key': key } });
    expect((await ask('operator')).status).toBe(200);
    expect((await ask('guess-1')).status).toBe(401);
    for (const token of ['guess-2', 'guess-3']) {
      expect((await house.connect({ token }).isRefused()).message).toBe('unauthorized');
    }
    expect((await ask('guess-4')).status).toBe(429);
    expect((await house.connect({ token: 'admin' }).isRefused()).message).toBe('too_many_requests');
    await house.connect({ token: 'operator' }).gets('sessions');
  });

  test('a page of another origin may not, and is not helped by CORS', async () => {
    house = await startRealtime();
    for (const transport of ['websocket', 'polling']) {
      const from = (origin: string) =>
        house.connect({ token: 'viewer' }, { transports: [transport], extraHeaders: { origin } });
      await from('https://evil.example').isRefused();
      await from('null').isRefused();
      await from(house.url).gets('sessions');
    }
    const headers = { origin: 'https://evil.example' };
    const answer = await fetch(`${house.url}/socket.io/?EIO=4&transport=polling`, { headers });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([403, null]);
  });

  test('a key that is revoked loses its open connections within 2 s', async () => {
    house = await startRealtime();
    const [revoked, other] = [house.connect({ token: 'operator' }), house.connect({ token: 'viewer' })];
    await Promise.all([revoked.gets('sessions'), other.gets('sessions')]);
    const end = revoked.ends();
    house.keys.remove('operator');
    await house.clock.advance(2_000);
    expect(await end).toBe('io server disconnect');
    expect(house.logger.count('realtime.client_dropped')).toBe(1);
    house.receive('sales', 'm1');
    await other.gets('message');
    expect(revoked.named('message')).toEqual([]);
    revoked.socket.connect();
    expect((await revoked.isRefused()).message).toBe('unauthorized');
  });

  test('a key whose role was lowered gets no QR code any more', async () => {
    house = await startRealtime();
    const client = house.connect({ token: 'operator' });
    await client.gets('sessions');
    house.keys.remove('operator');
    house.keys.insert(aKey('viewer', { id: 'operator' }), hashKey('operator'));
    await house.clock.advance(2_000);
    house.move(
      'sales',
      IDLE,
      aState({ status: 'qr_pending', qr: { text: '2@secret', shownAt: 0, next: null }, hideAt: 0 }),
    );
    house.receive('sales', 'm1');
    await client.gets('message');
    expect(client.named('session-qr')).toEqual([]);
  });

  test('a key that is limited to some sessions is told of these alone', async () => {
    house = await startRealtime();
    for (const id of ['sales', 'shop']) house.fleet.add(id);
    house.keys.insert(aKey('operator', { id: 'limited', sessionIds: ['sales'] }), hashKey('limited'));
    const client = house.connect({ token: 'limited', sessionIds: ['sales', 'shop'] });
    expect((await client.gets('sessions')).items.map(({ id }) => id)).toEqual(['sales']);
    const { items } = await client.socket.emitWithAck('subscribe', ['shop']);
    expect(items).toEqual([]);
    await client.socket.emitWithAck('subscribe', null);
    house.receive('shop', 'm1');
    house.move('shop', IDLE, CONNECTED);
    house.receive('sales', 'm2');
    await client.gets('message');
    expect(client.received.filter(({ payload }) => JSON.stringify(payload).includes('shop'))).toEqual([]);
  });

  test('a key that expires loses its open connections within 2 s', async () => {
    house = await startRealtime();
    house.keys.insert(aKey('viewer', { id: 'guest', expiresAt: 1_000_000 + 60_000 }), hashKey('guest'));
    const client = house.connect({ token: 'guest' });
    await client.gets('sessions');
    const end = client.ends();
    house.passTime(60_000);
    await house.clock.advance(2_000);
    expect(await end).toBe('io server disconnect');
  });

  test('who asks too much is refused, as over HTTP', async () => {
    house = await startRealtime({ requestsPerSecond: 5 });
    const client = house.connect({ token: 'viewer' });
    const answers = await Promise.all(Array.from({ length: 8 }, () => client.socket.emitWithAck('subscribe', null)));
    expect(answers.map(({ error }) => error?.code)).toEqual([
      ...Array(4).fill(undefined),
      ...Array(4).fill('too_many_requests'),
    ]);
  });

  test('who sends a lot at once is thrown out', async () => {
    house = await startRealtime();
    const client = house.connect({ token: 'admin' }, { reconnection: false });
    await client.gets('sessions');
    const end = client.ends();
    client.socket.emit('subscribe', 'x'.repeat(100_000));
    expect(await end).toMatch(/^transport/);
  });
});
