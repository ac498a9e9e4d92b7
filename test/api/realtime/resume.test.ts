import { afterEach, describe, expect, test } from '@jest/globals';
import { type Realtime, startRealtime, type TestClient } from '../support/realtime-harness.js';

describe('a client that comes back', () => {
  let house: Realtime;
  afterEach(() => house.stop());

  /** Remembers the last event, as docs/realtime.md tells to do. */
  function aLastingClient(transports: string[]): TestClient {
    const auth = (tell: (auth: object) => void) =>
      tell({ token: 'viewer', after: client.received.at(-1)?.payload.seq });
    const client: TestClient = house.connect(auth, { transports });
    return client;
  }

  test.each([[['websocket']], [['polling']], [['polling', 'websocket']]])(
    'has lost nothing and gets nothing twice, however often its connection is cut, over %j',
    async (transports) => {
      house = await startRealtime();
      const client = aLastingClient(transports);
      await client.gets('sessions');
      const told: string[] = [];
      const tell = (count: number) => {
        for (let n = 0; n < count; n += 1) {
          told.push(`m${told.length}`);
          house.receive('sales', `m${told.length - 1}`);
        }
      };
      for (let round = 0; round < 20; round += 1) {
        const back = new Promise((resolve) => client.socket.once('connect', () => resolve(null)));
        tell(10);
        client.socket.io.engine.close();
        tell(10);
        await back;
        tell(10);
        // Some rounds are cut before anything came, some in the middle.
        if (round % 3 > 0) await client.gets('message', ({ id }) => id === `m${told.length - 10 * (round % 3)}`);
      }
      await client.gets('message', ({ id }) => id === told.at(-1));
      expect(client.named('message').map(({ id }) => id)).toEqual(told);
      expect(client.received).toHaveLength(1 + told.length);
    },
  );

  test('gets what it missed and nothing else', async () => {
    house = await startRealtime();
    const first = house.connect({ token: 'viewer' });
    await first.gets('sessions');
    house.receive('sales', 'm1');
    const { seq } = await first.gets('message');
    first.socket.disconnect();
    for (const id of ['m2', 'm3']) house.receive('sales', id);
    const second = house.connect({ token: 'viewer', after: seq });
    await second.gets('message', ({ id }) => id === 'm3');
    expect(second.received.map(({ payload }) => payload.id)).toEqual(['m2', 'm3']);
  });

  test('misses nothing when nothing was told yet', async () => {
    house = await startRealtime();
    const first = house.connect({ token: 'viewer' });
    const { seq } = await first.gets('sessions');
    const second = house.connect({ token: 'viewer', after: seq });
    await new Promise((resolve) => second.socket.once('connect', () => resolve(null)));
    house.receive('sales', 'm1');
    await second.gets('message');
    expect(second.received).toHaveLength(1);
  });

  test.each([
    ['was away too long', (seq: number) => seq],
    ['knows events of an earlier run of the service', (seq: number) => seq - 60_000_000],
    ['knows events of a run whose clock was ahead', (seq: number) => seq + 60_000_000],
    ['makes up a number', () => 1],
  ])('is told of the gap when it %s, and how all sessions are', async (_, afterOf) => {
    house = await startRealtime({ keepEvents: 10 });
    house.fleet.add('sales', { status: 'connected' });
    const first = house.connect({ token: 'viewer' });
    const after = afterOf((await first.gets('sessions')).seq);
    for (let n = 1; n <= 11; n += 1) house.receive('sales', `m${n}`);
    const client = house.connect({ token: 'viewer', after });
    const { items, seq } = await client.gets('sessions');
    expect(client.named('gap')).toEqual([{ after, oldest: seq - 9, hint: expect.stringContaining('events?after=') }]);
    expect(items).toEqual([house.fleet.get('sales')]);
    house.receive('sales', 'm12');
    await client.gets('message');
    expect(client.received.map(({ name }) => name)).toEqual(['gap', 'sessions', 'message']);
  });

  test.each([['websocket'], ['polling']])(
    'finds the service after its restart by itself, and is told that it cannot have everything, over %s',
    async (transport) => {
      house = await startRealtime();
      const client = aLastingClient([transport]);
      await client.gets('sessions');
      house.receive('sales', 'm1');
      await client.gets('message');
      await house.restart();
      await client.gets('gap');
      house.receive('sales', 'm2');
      await client.gets('message', ({ id }) => id === 'm2');
      const names = client.received.map(({ name }) => name);
      expect(names).toEqual(['sessions', 'message', 'gap', 'sessions', 'message']);
      const numbers = client.received.flatMap(({ payload: { seq } }) => seq ?? []);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    },
  );

  test('may be away for as many events as are kept', async () => {
    house = await startRealtime({ keepEvents: 10 });
    const first = house.connect({ token: 'viewer' });
    const { seq: after } = await first.gets('sessions');
    for (let n = 1; n <= 10; n += 1) house.receive('sales', `m${n}`);
    const client = house.connect({ token: 'viewer', after });
    await client.gets('message', ({ id }) => id === 'm10');
    expect(client.received.map(({ name }) => name)).toEqual(Array(10).fill('message'));
  });
});
