import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, startApi } from '../support/api-harness.js';

describe('the files of the web page', () => {
  let folder: string;
  let api: Api;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-page-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Wakeful</title>');
    writeFileSync(join(folder, 'assets', 'app-ABC.js'), 'start();');
    writeFileSync(join(folder, 'secret.txt'), 'not an asset');
    api = await startApi({}, folder);
  });
  afterEach(async () => {
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  test('come without a key', async () => {
    const page = await api.ask('GET', '/', { key: null });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(page.text).toContain('<title>Wakeful</title>');
    const script = await api.ask('GET', '/assets/app-ABC.js', { key: null });
    expect([script.status, script.text]).toEqual([200, 'start();']);
    expect(script.headers.get('content-type')).toContain('text/javascript');
  });

  test('may load nothing but what this service serves, and run no script of their own text', async () => {
    const policy = (await api.ask('GET', '/', { key: null })).headers.get('content-security-policy') ?? '';
    const directives = Object.fromEntries(policy.split(';').map((part) => part.trim().split(/ (.*)/).slice(0, 2)));
    expect(directives).toMatchObject({
      'default-src': "'none'",
      'script-src': "'self'",
      'style-src': "'self'",
      'connect-src': "'self'",
      'frame-ancestors': "'none'",
    });
    expect(policy).not.toContain('unsafe');
  });

  test('are asked for again each time where they may change, and never where they cannot', async () => {
    const page = await api.ask('GET', '/', { key: null });
    expect(page.headers.get('cache-control')).toBe('no-cache');
    const tag = page.headers.get('etag') ?? '';
    // fetch would ask for a fresh one in any case; a browser that has the page does not.
    const headers = { 'if-none-match': tag, 'cache-control': 'max-age=0' };
    expect((await api.ask('GET', '/', { key: null, headers })).status).toBe(304);
    const script = await api.ask('GET', '/assets/app-ABC.js', { key: null });
    expect(script.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  test('are 404 where there is none, also for others in the folder or above it', async () => {
    const missing = await api.ask('GET', '/assets/app-OLD.js', { key: null });
    expect([missing.status, missing.json.code]).toEqual([404, 'not_found']);
    expect(missing.headers.get('cache-control')).toBe('no-store');
    for (const path of ['/assets/', '/assets/..%2fsecret.txt', '/assets/%2e%2e/secret.txt', '/secret.txt']) {
      expect((await api.ask('GET', path, { key: null })).text).not.toContain('not an asset');
    }
  });

  test('leave the API as closed as it was', async () => {
    for (const path of ['/api/sessions', '/api/me', '/openapi.json', '/index.html', '/nowhere']) {
      expect([path, (await api.ask('GET', path, { key: null })).status]).toEqual([path, 401]);
    }
    expect((await api.ask('POST', '/', { key: null })).status).toBe(401);
  });
});

describe('GET /api/me', () => {
  test.each(['viewer', 'operator', 'admin'])('tells who a %s is', async (role) => {
    const api = await startApi();
    const me = await api.ask('GET', '/api/me', { key: role });
    expect([me.status, me.json]).toEqual([200, { name: role, role, sessionIds: null }]);
    await api.stop();
  });
});
