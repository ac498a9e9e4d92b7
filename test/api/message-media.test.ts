import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, type Ask, startApi } from './support/api-harness.js';

const PATH = '/api/sessions/sales/messages';

describe('more than text over HTTP', () => {
  let api: Api;
  const send = (body: unknown, options: Ask = {}) => api.ask('POST', PATH, { ...options, body });

  beforeEach(async () => {
    api = await startApi();
    api.fleet.add('sales', { phoneNumber: '491600000001', status: 'connected', isConnected: true });
  });
  afterEach(() => api.stop());

  test('passes on media with its bytes, a place, a reply and how long it is valid', async () => {
    const to = '4915112345678';
    const image = { mimeType: 'image/png', fileName: 'a.png' };
    await send({ to, media: { ...image, base64: Buffer.from([0, 1, 255]).toString('base64') }, caption: 'look' });
    expect([...(api.fleet.bytes ?? [])]).toEqual([0, 1, 255]);
    await send({ to, location: { latitude: 52.5, longitude: 13.4, name: 'Shop' }, quotedMessageId: 'false_1@c.us_A' });
    await send({ to, text: 'x', validForSeconds: 60 });
    expect(api.fleet.bytes).toBeNull();
    const [media, place, brief] = api.fleet.peek('sales').outbox;
    const content = { type: 'media', ...image, caption: 'look', url: null, urlIsTrusted: false };
    expect(media?.content).toEqual(content);
    expect(place).toMatchObject({
      content: { type: 'location', latitude: 52.5, longitude: 13.4, name: 'Shop', address: null },
      quotedMessageId: 'false_1@c.us_A',
      expiresAt: null,
    });
    expect(brief).toMatchObject({ quotedMessageId: null, expiresAt: (brief?.createdAt ?? 0) + 60_000 });
  });

  test('trusts a media URL only when an admin gives it', async () => {
    const media = { mimeType: 'image/png', url: 'https://files.example/a.png' };
    for (const key of ['admin', 'operator']) await send({ to: '4915112345678', media }, { key });
    expect(api.fleet.peek('sales').outbox.map(({ content }) => content)).toMatchObject([
      { url: media.url, urlIsTrusted: true },
      { url: media.url, urlIsTrusted: false },
    ]);
  });

  test('takes base64 without its padding, and in the alphabet of URLs', async () => {
    for (const base64 of ['AAH/', 'AAH_', 'AA', 'AA==']) {
      expect((await send({ to: '4915112345678', media: { mimeType: 'a/b', base64 } })).status).toBe(202);
    }
  });

  test('takes media up to the limit, and says clearly what is above it', async () => {
    // The harness allows 2 MB.
    const media = (bytes: number) => ({ mimeType: 'a/b', base64: Buffer.alloc(bytes).toString('base64') });
    expect((await send({ to: '4915112345678', media: media(2 * 2 ** 20) })).status).toBe(202);
    const above = await send({ to: '4915112345678', media: media(2 * 2 ** 20 + 1) });
    expect([above.status, above.json.code]).toEqual([413, 'payload_too_large']);
    expect(above.json.detail).toContain('messages.maxMediaMb');
    const farAbove = await send({ to: '4915112345678', media: media(4 * 2 ** 20) });
    expect([farAbove.status, farAbove.json.code]).toEqual([413, 'payload_too_large']);
  });

  test('takes many large bodies at once, one after the other, also when some callers hang up', async () => {
    const media = { mimeType: 'a/b', base64: Buffer.alloc(1.5 * 2 ** 20).toString('base64') };
    const text = JSON.stringify({ to: '4915112345678', media });
    const hangsUp = () =>
      new Promise<void>((resolve) => {
        const headers = {
          authorization: 'Bearer admin',
          'content-type': 'application/json',
          'content-length': text.length,
        };
        const asking = request({ port: api.port, method: 'POST', path: PATH, headers });
        asking.on('error', () => resolve());
        asking.write(text.slice(0, 1000), () => asking.destroy());
        asking.on('close', () => resolve());
      });
    const answers = await Promise.all([
      hangsUp(),
      hangsUp(),
      hangsUp(),
      ...[1, 2, 3, 4].map(() => send(undefined, { raw: text })),
    ]);
    expect(answers.flatMap((answer) => (answer ? [answer.status] : []))).toEqual([202, 202, 202, 202]);
  });

  test('takes large bodies on this address only, and of nobody who may not send', async () => {
    const body = { id: 'x', label: 'y'.repeat(2 * 2 ** 20) };
    expect((await api.ask('POST', '/api/sessions', { body })).json).toMatchObject({
      code: 'payload_too_large',
      detail: 'A body of at most 1 MB was expected.',
    });
    const media = { mimeType: 'a/b', base64: Buffer.alloc(2 ** 20).toString('base64') };
    expect((await send({ to: '4915112345678', media }, { key: 'viewer' })).status).toBe(403);
  });
});
