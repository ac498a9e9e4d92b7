import { describe, expect, test } from '@jest/globals';
import { MediaLibrary } from '../../src/fleet/media-library.js';
import { settled } from '../support/fake-clock.js';
import { buildHouse } from '../support/fake-house.js';
import { aFile, anIncoming } from '../support/fake-whatsapp.js';

const WEEK_MS = 7 * 86_400_000;

function aLibrary() {
  const house = buildHouse();
  const { clock, mediaRoom, links, bus, logger } = house;
  const { store, files } = mediaRoom;
  const library = new MediaLibrary({ store, files, links, bus, clock, logger });
  const expiresAt = clock.now() + WEEK_MS;
  /** A message with a file came. */
  const receive = (id: string) => {
    const media = aFile({ link: { id, url: '', expiresAt } });
    store.expect('sales', anIncoming(id, 0, { media }), clock.now());
  };
  const come = async (id: string) => {
    await files.keep(id, async (take) => {
      await take(Buffer.from('png'));
      return true;
    });
    store.update(id, { state: 'kept' });
    const media = store.get(id);
    if (media) bus.publish({ type: 'media', media });
  };
  return {
    ...{ house, clock, store, files, library, expiresAt, receive, come },
    open: (id: string, change = {}, signal = new AbortController().signal) =>
      library.open({ id, expiresAt, signature: 'genuine', ...change }, signal).catch((error: unknown) => error),
  };
}

describe('a link to a file', () => {
  test('gives the file', async () => {
    const { open, receive, come } = aLibrary();
    receive('med_1');
    await come('med_1');
    expect(await open('med_1')).toEqual({ path: '/files/med_1', mimeType: 'image/png', fileName: 'view.png' });
  });

  test('gives nothing when it was not made here', async () => {
    const { open, receive, come } = aLibrary();
    receive('med_1');
    await come('med_1');
    expect(await open('med_1', { signature: 'forged' })).toMatchObject({ code: 'link_invalid' });
  });

  test('expires', async () => {
    const { open, receive, come, clock } = aLibrary();
    receive('med_1');
    await come('med_1');
    await clock.advance(WEEK_MS);
    expect(await open('med_1')).toMatchObject({ code: 'link_expired' });
  });

  test('waits for a file that is still coming', async () => {
    const { open, receive, come, clock } = aLibrary();
    receive('med_1');
    receive('med_2');
    const opened = open('med_1');
    await come('med_2');
    await clock.advance(3_000);
    await come('med_1');
    expect(await opened).toMatchObject({ path: '/files/med_1' });
    expect(clock.pending).toBe(0);
  });

  test('does not wait for ever, nor for somebody who hung up', async () => {
    const { open, receive, clock } = aLibrary();
    receive('med_1');
    const opened = open('med_1');
    await clock.advance(20_000);
    expect(await opened).toMatchObject({ code: 'media_not_ready' });
    const caller = new AbortController();
    const again = open('med_1', {}, caller.signal);
    caller.abort();
    expect(await again).toMatchObject({ code: 'media_not_ready' });
    expect(await open('med_1', {}, AbortSignal.abort())).toMatchObject({ code: 'media_not_ready' });
    expect(clock.pending).toBe(0);
  });

  test.each([
    ['media_unavailable', 'no longer'],
    ['media_too_large', 'messages.maxMediaMb'],
    ['media_evicted', 'messages.mediaMaxTotalMb'],
  ] as const)('says why there is nothing behind it: %s', async (failure, words) => {
    const { open, receive, store } = aLibrary();
    receive('med_1');
    store.update('med_1', { state: 'failed', failure });
    expect(await open('med_1')).toMatchObject({ code: 'media_not_found', message: expect.stringContaining(words) });
  });

  test('gives nothing when the message was deleted, or the file by hand', async () => {
    const { open, receive, come, files, store } = aLibrary();
    expect(await open('med_1')).toMatchObject({ code: 'media_not_found' });
    receive('med_2');
    await come('med_2');
    await files.remove('med_2');
    expect(store.get('med_2')?.state).toBe('kept');
    expect(await open('med_2')).toMatchObject({ code: 'media_not_found' });
  });
});

describe('the library', () => {
  test('deletes at the start what nobody knows, and every hour what is too old', async () => {
    const { library, receive, come, files, store, clock } = aLibrary();
    receive('med_1');
    await come('med_1');
    files.kept.set('med_left_over', Buffer.from('x'));
    library.start();
    await settled();
    expect([...files.kept.keys()]).toEqual(['med_1']);
    await clock.advance(WEEK_MS);
    expect(files.kept.size).toBe(0);
    expect(store.rows.size).toBe(0);
    library.stop();
    expect(clock.pending).toBe(0);
  });

  test('deletes the files of a session together with it', async () => {
    const { library, receive, come, files, store, house, clock } = aLibrary();
    library.start();
    receive('med_1');
    await come('med_1');
    store.rows.clear();
    house.bus.publish({ type: 'session', sessionId: 'sales', change: 'removed' });
    await settled();
    expect(files.kept.size).toBe(0);
    library.stop();
    expect(clock.pending).toBe(0);
  });

  test('goes on after its store could not be read', async () => {
    const { library, house, files, store, clock } = aLibrary();
    files.kept.set('med_left_over', Buffer.from('x'));
    store.broken = true;
    library.start();
    await settled();
    expect(house.logger.lines.map(({ event }) => event)).toContain('service.unhandled');
    store.broken = false;
    await clock.advance(3_600_000);
    expect(files.kept.size).toBe(0);
    library.stop();
  });
});
