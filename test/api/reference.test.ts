import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { html, words } from '../../src/api/reference/html.js';
import { type Api, startApi } from './support/api-harness.js';
import { ROUTE_TABLE } from './support/route-table.js';

describe('the API reference at /docs', () => {
  let folder: string;
  let api: Api;
  let page: Awaited<ReturnType<Api['ask']>>;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'wakeful-reference-'));
    mkdirSync(join(folder, 'assets'));
    writeFileSync(join(folder, 'assets', 'reference-AB12.css'), 'body {}');
    api = await startApi({}, folder);
    page = await api.ask('GET', '/docs', { key: null });
  });
  afterEach(async () => {
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  test('comes without a key, and loads only its own style sheet', async () => {
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect([...page.text.matchAll(/(?:src|href)="(?!#)([^"]*)"/g)].map(([, address]) => address)).toEqual([
      '/assets/reference-AB12.css',
      '/',
    ]);
    expect((await api.ask('GET', '/assets/reference-AB12.css', { key: null })).status).toBe(200);
    expect(page.text).not.toMatch(/<script|style=|\son\w+=|undefined|\[object/);
    const policy = page.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toContain('unsafe');
  });

  test('shows every route with what it takes and gives', () => {
    const shown = [...page.text.matchAll(/<span class="method \w+">(\w+)<\/span>\s*<code>([^<]+)<\/code>/g)];
    expect(shown.map(([, method, path]) => `${method} ${path}`).sort()).toEqual(Object.keys(ROUTE_TABLE).sort());
    const [, send = ''] = page.text.split('<article id="sendMessage">');
    const section = send.slice(0, send.indexOf('</article>'));
    const expected = [
      'Idempotency-Key',
      'validForSeconds',
      'media.mimeType',
      'Your order is ready',
      'not_linked',
      '202',
    ];
    for (const words of expected) expect(section).toContain(words);
  });

  test('links only to what stands on it', () => {
    const ids = new Set([...page.text.matchAll(/id="([^"]+)"/g)].map(([, id]) => id));
    const links = [...page.text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(40);
    expect(links.filter((id) => !ids.has(id))).toEqual([]);
  });

  test('escapes what is put into it', () => {
    expect(html`<p title="${'"><b>'}">${['&', '<i>'].map((text) => html`${text}`)}${3}</p>`.html).toBe(
      '<p title="&quot;&gt;&lt;b&gt;">&amp;&lt;i&gt;3</p>',
    );
    expect(words('see `<id>` & more').html).toBe('see <code>&lt;id&gt;</code> &amp; more');
  });
});
