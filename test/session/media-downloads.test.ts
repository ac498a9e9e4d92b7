import { describe, expect, test } from '@jest/globals';
import { MediaDownloads } from '../../src/session/media-downloads.js';
import { FakeClient } from '../support/fake-client.js';
import { settled } from '../support/fake-clock.js';
import { buildHouse } from '../support/fake-house.js';
import { aFile, aLaunch, anIncoming, FakeWhatsApp } from '../support/fake-whatsapp.js';

const BYTES = Buffer.from('png');

async function downloads(sessionId = 'sales', house = buildHouse(), settings = { maxMediaMb: 1, mediaMaxTotalMb: 1 }) {
  const { clock, logger, publish, events, mediaRoom } = house;
  const whatsapp = new FakeWhatsApp();
  const page = async () => {
    const client = new FakeClient(aLaunch(sessionId), { pid: 1, whatsapp, clock, breach: () => {} });
    await client.start(new AbortController().signal);
    return client;
  };
  let live: FakeClient | null = await page();
  const client = live;
  const own = new MediaDownloads({ ...mediaRoom, sessionId, clock, logger, publish, settings, client: () => live });
  return {
    house,
    downloads: own,
    client,
    clock,
    whatsapp,
    kept: mediaRoom.files.kept,
    /** A message with a file comes. */
    receive(id: string, file: Buffer | null = BYTES, sizeBytes = file?.length ?? 3) {
      const link = { id: `med_${id}`, url: '', expiresAt: clock.now() + 1_000_000_000 };
      mediaRoom.store.expect(sessionId, anIncoming(id, 0, { media: aFile({ sizeBytes, link }) }), clock.now());
      if (file) whatsapp.files.set(id, file);
      own.kick();
    },
    row: (id: string) => mediaRoom.store.get(`med_${id}`),
    told: () => events.flatMap((event) => (event.type === 'media' ? [`${event.media.id} ${event.media.state}`] : [])),
    fetched: () => client.calls.filter((call) => call.startsWith('download')),
    lose() {
      live = null;
    },
    async connect() {
      live = await page();
      own.kick();
      await settled();
      return live;
    },
  };
}

describe('files that came with messages', () => {
  test('are downloaded one after the other, kept and told of', async () => {
    const { receive, kept, row, told, fetched } = await downloads();
    receive('a');
    receive('b', Buffer.from('longer than said'), 3);
    await settled();
    expect(kept.get('med_a')).toEqual(BYTES);
    expect(row('b')).toMatchObject({ state: 'kept', sizeBytes: 16 });
    expect(told()).toEqual(['med_a kept', 'med_b kept']);
    expect(fetched()).toEqual(['download a', 'download b']);
  });

  test('wait until the session is connected', async () => {
    const { receive, lose, connect, kept } = await downloads();
    lose();
    receive('a');
    await settled();
    expect(kept.size).toBe(0);
    await connect();
    expect([...kept.keys()]).toEqual(['med_a']);
  });

  test('are tried a few times, and then given up', async () => {
    const { receive, clock, row, told, fetched } = await downloads();
    receive('a', null);
    await settled();
    expect(row('a')).toMatchObject({ state: 'waiting', attempts: 1 });
    await clock.advance(2 * 3_600_000);
    expect(row('a')).toMatchObject({ state: 'failed', failure: 'media_unavailable' });
    expect(told()).toEqual(['med_a failed']);
    expect(fetched()).toHaveLength(6);
    expect(clock.pending).toBe(0);
  });

  test('come when a later try goes well, and hold up no other file', async () => {
    const { receive, clock, whatsapp, kept } = await downloads();
    receive('a', null);
    receive('b');
    await settled();
    expect([...kept.keys()]).toEqual(['med_b']);
    whatsapp.files.set('a', BYTES);
    await clock.advance(5_000);
    expect([...kept.keys()]).toEqual(['med_b', 'med_a']);
  });

  test('are not blamed for a page that goes away under them', async () => {
    const { receive, client, lose, connect, row, kept } = await downloads();
    client.downloadPlan = 'hangs';
    receive('a');
    await settled();
    lose();
    client.downloadPlan = new Error('the page is gone');
    client.letGo();
    await settled();
    expect(row('a')).toMatchObject({ attempts: 0 });
    await connect();
    expect([...kept.keys()]).toEqual(['med_a']);
  });

  test('count a failure of a page that is still there', async () => {
    const { receive, client, row, house } = await downloads();
    client.downloadPlan = new Error('the page is busy');
    receive('a');
    await settled();
    expect(row('a')).toMatchObject({ state: 'waiting', attempts: 1 });
    expect(house.logger.lines.map(({ event }) => event)).toContain('message.media_failed');
  });

  test('are given up when they turn out to be too large', async () => {
    const { receive, row, kept } = await downloads();
    receive('a', Buffer.alloc(2 ** 20 + 1), 5);
    await settled();
    expect(row('a')).toMatchObject({ state: 'failed', failure: 'media_too_large' });
    expect(kept.size).toBe(0);
  });

  test('make room for one another, the oldest first', async () => {
    const { receive, clock, row, kept } = await downloads();
    for (const id of ['a', 'b', 'c']) {
      receive(id, Buffer.alloc(400_000));
      await clock.advance(1);
    }
    expect([...kept.keys()]).toEqual(['med_b', 'med_c']);
    expect(row('a')).toMatchObject({ state: 'failed', failure: 'media_evicted' });
  });

  test('leave nothing when the message is deleted while they come', async () => {
    const { receive, client, house, kept } = await downloads();
    client.downloadPlan = 'hangs';
    receive('a');
    await settled();
    house.mediaRoom.store.rows.clear();
    client.letGo();
    await settled();
    expect(kept.size).toBe(0);
  });

  test('of all sessions together come two at a time', async () => {
    const house = buildHouse();
    const all = await Promise.all(['a', 'b', 'c'].map((id) => downloads(id, house)));
    for (const one of all) one.client.downloadPlan = 'hangs';
    for (const one of all) one.receive(`of ${one.client.spec.sessionId}`);
    await settled();
    expect(all.map((one) => one.fetched().length)).toEqual([1, 1, 0]);
    all[0]?.client.letGo();
    await settled();
    expect(all.map((one) => one.fetched().length)).toEqual([1, 1, 1]);
    for (const one of all) one.client.letGo();
    await settled();
    expect(house.mediaRoom.files.kept.size).toBe(3);
  });

  test('begin no download after the stop', async () => {
    const { downloads: own, receive, clock, fetched } = await downloads();
    receive('a', null);
    await settled();
    own.stop();
    await clock.advance(3_600_000);
    receive('b');
    await settled();
    expect(fetched()).toEqual(['download a']);
    expect(clock.pending).toBe(0);
  });

  test('go on after the store could not be read', async () => {
    const { receive, house, clock, kept } = await downloads();
    house.mediaRoom.store.broken = true;
    receive('a');
    await settled();
    house.mediaRoom.store.broken = false;
    await clock.advance(10_000);
    expect([...kept.keys()]).toEqual(['med_a']);
  });
});
