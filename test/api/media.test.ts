import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DomainError } from '../../src/domain/error-catalogue.js';
import { type Api, startApi } from './support/api-harness.js';

const LINK = '/media/med_1?expires=1790000000000&signature=abc';

describe('files over HTTP', () => {
  let api: Api;
  let folder: string;
  let path: string;

  beforeEach(async () => {
    api = await startApi();
    folder = mkdtempSync(join(tmpdir(), 'wakeful-api-media-'));
    path = join(folder, 'med_1');
    writeFileSync(path, 'hello file');
  });
  afterEach(async () => {
    await api.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const serve = (mimeType: string, fileName: string | null) => {
    api.media.answer = () => ({ path, mimeType, fileName });
  };

  test('come by their link alone, to be saved and never shown', async () => {
    serve('image/png', 'Ansicht "1" – süß.png');
    const { status, headers, text } = await api.ask('GET', LINK, { key: null });
    expect([status, text]).toEqual([200, 'hello file']);
    expect(api.media.asked).toEqual([{ id: 'med_1', expiresAt: 1_790_000_000_000, signature: 'abc' }]);
    expect(headers.get('content-type')).toBe('image/png');
    expect(headers.get('content-length')).toBe('10');
    expect(headers.get('content-disposition')).toMatch(/^attachment; filename=".*"; filename\*=UTF-8''Ansicht/);
    expect(headers.get('content-security-policy')).toBe("sandbox; default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
  });

  test.each([
    ['text/html', 'page.html', 'text/html; charset=utf-8'],
    ['text/html; charset=utf-8', 'page.html', 'text/html; charset=utf-8'],
    ['image/svg+xml', null, 'image/svg+xml'],
    ['text/html\r\nX-Evil: 1', 'page.html', 'application/octet-stream'],
  ])('of type %j can do nothing in a browser', async (mimeType, fileName, shown) => {
    serve(mimeType, fileName);
    const { headers } = await api.ask('GET', LINK, { key: null });
    expect(headers.get('content-type')).toBe(shown);
    expect(headers.get('content-disposition')).toMatch(/^attachment/);
    expect(headers.get('content-security-policy')).toContain('sandbox');
    expect(headers.get('x-evil')).toBeNull();
  });

  test('are given in part, or only described, when that is asked for', async () => {
    serve('image/png', null);
    const part = await api.ask('GET', LINK, { key: null, headers: { range: 'bytes=6-9' } });
    expect([part.status, part.text]).toEqual([206, 'file']);
    const head = await api.ask('HEAD', LINK, { key: null });
    expect([head.status, head.text]).toEqual([200, '']);
  });

  test.each([
    ['link_invalid', 403],
    ['link_expired', 410],
    ['media_not_found', 404],
    ['media_not_ready', 503],
  ] as const)('are refused as %s with %d', async (code, status) => {
    api.media.answer = () => {
      throw new DomainError(code, 'No.');
    };
    const answer = await api.ask('GET', LINK, { key: null });
    expect([answer.status, answer.json.code]).toEqual([status, code]);
  });

  test.each(['/media/med_1', '/media/med_1?expires=soon&signature=x', '/media/..%2Fsecret?expires=1&signature=x'])(
    'are not looked for at %s',
    async (address) => {
      expect((await api.ask('GET', address, { key: null })).status).toBe(400);
      expect(api.media.asked).toEqual([]);
    },
  );

  test('that went away between the look and the reading are not found', async () => {
    serve('image/png', 'view.png');
    rmSync(path);
    const { status, headers } = await api.ask('GET', LINK, { key: null });
    expect([status, headers.get('content-disposition')]).toEqual([404, null]);
  });
});
