import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createMediaFetch } from '../../../src/adapters/http/media-fetch.js';

const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47]);
const never = () => new AbortController().signal;

describe('a media URL', () => {
  let answer: RequestListener;
  let asked: string[];
  const server = createServer((req, res) => {
    asked.push(req.url ?? '');
    answer(req, res);
  });
  const urlOf = (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`;
  const { fetchMedia, close } = createMediaFetch({ allowPrivate: true, maxBytes: 1000, timeoutMs: 400 });
  const ask = (path: string, trusted = true) => fetchMedia({ url: urlOf(path), trusted }, never());

  afterAll(close);
  beforeEach(async () => {
    asked = [];
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  test('gives its bytes and what the server says that they are', async () => {
    answer = (_req, res) => res.setHeader('content-type', 'image/png').end(PNG);
    const got = await ask('/a.png');
    expect(got).toMatchObject({ mimeType: 'image/png' });
    expect('bytes' in got && Buffer.from(got.bytes).equals(PNG)).toBe(true);
  });

  test('is followed where it sends on to, but not for ever', async () => {
    answer = (req, res) =>
      req.url === '/c' ? res.end(PNG) : res.writeHead(302, { location: req.url === '/a' ? '/b' : '/c' }).end();
    expect(await ask('/a')).toHaveProperty('bytes');
    expect(asked).toEqual(['/a', '/b', '/c']);
    answer = (_req, res) => res.writeHead(302, { location: '/again' }).end();
    expect(await ask('/a')).toMatchObject({ failed: 'media_unreachable' });
    answer = (_req, res) => res.writeHead(302, { location: 'file:///etc/passwd' }).end();
    expect(await ask('/a')).toMatchObject({ failed: 'media_unreachable', detail: expect.stringContaining('file:') });
  });

  test.each([
    [404, false],
    [403, false],
    [503, true],
    [429, true],
  ])('that answers with status %i is unreachable, and worth another try: %s', async (status, retry) => {
    answer = (_req, res) => res.writeHead(status).end('sorry');
    expect(await ask('/secret-path')).toEqual({ failed: 'media_unreachable', retry, detail: expect.any(String) });
  });

  test('that is empty is no media', async () => {
    answer = (_req, res) => res.end();
    expect(await ask('/a')).toMatchObject({ failed: 'media_unreachable', retry: false });
  });

  test('above the limit is refused, also when the server does not say how much comes', async () => {
    answer = (_req, res) => res.end(Buffer.alloc(1001));
    expect(await ask('/a')).toMatchObject({ failed: 'media_too_large', retry: false });
    answer = (_req, res) => {
      res.write(Buffer.alloc(600));
      res.end(Buffer.alloc(600));
    };
    expect(await ask('/a')).toMatchObject({ failed: 'media_too_large', retry: false });
    answer = (_req, res) => res.end(Buffer.alloc(1000));
    expect(await ask('/a')).toHaveProperty('bytes');
  });

  test.each<[string, RequestListener]>([
    ['never answers', () => undefined],
    ['never ends', (_req, res) => void res.write('x')],
    ['breaks off', (_req, res) => res.writeHead(200, { 'content-length': 10 }).write('x', () => res.destroy())],
  ])('of a server that %s is given up in time, to be tried again', async (_what, behaviour) => {
    answer = behaviour;
    const startedAt = Date.now();
    expect(await ask('/a')).toMatchObject({ failed: 'media_unreachable', retry: true });
    expect(Date.now() - startedAt).toBeLessThan(3000);
  });

  test('that is a private address is not called unless an admin gave it, also behind a redirect', async () => {
    answer = (_req, res) => res.end(PNG);
    expect(await ask('/a', false)).toMatchObject({ failed: 'media_unreachable', retry: false });
    expect(asked).toEqual([]);
    answer = (_req, res) => res.writeHead(302, { location: 'http://169.254.169.254/latest/meta-data' }).end();
    expect(await ask('/a')).toMatchObject({ failed: 'media_unreachable', retry: false });
  });

  test('names in a failure the host only', async () => {
    answer = (_req, res) => res.writeHead(404).end();
    const failed = await ask('/files/token-123?key=456');
    expect(JSON.stringify(failed)).not.toMatch(/token|456/);
    expect(JSON.stringify(failed)).toContain('127.0.0.1');
  });

  test('is let go of when nobody wants it any more', async () => {
    answer = () => undefined;
    const stopper = new AbortController();
    const asking = fetchMedia({ url: urlOf('/a'), trusted: true }, stopper.signal);
    stopper.abort();
    await expect(asking).rejects.toThrow();
  });
});
