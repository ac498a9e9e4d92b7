import { EventEmitter } from 'node:events';
import { expect, test } from '@jest/globals';
import type { CDPSession, Page } from 'puppeteer';
import { versionOf, watchWebPage } from '../../../src/adapters/wwebjs/web-page.js';
import { FakeWebPages } from '../../support/fake-web-pages.js';

test.each([
  ['<script>{"server_revision":1042401057,"client_revision":1042401057}</script>', '2.3000.1042401057'],
  ['\\"client_revision\\":1019000001,\\"x\\":1', '2.3000.1019000001'],
  ['<html>no word of it</html>', null],
])('the version stands in the HTML: %s', (html, version) => {
  expect(versionOf(html)).toBe(version);
});

test('a page that cannot be chosen is loaded as WhatsApp serves it, not kept waiting', async () => {
  const pages = new FakeWebPages();
  pages.pageFor = () => {
    throw new Error('no such page');
  };
  const sent: string[] = [];
  const send = async (method: string) => {
    sent.push(method);
    return { frameTree: { frame: { id: 'main' } } };
  };
  const session = Object.assign(new EventEmitter(), { send });
  const ignored: unknown[] = [];
  await watchWebPage(
    {
      page: new EventEmitter() as unknown as Page,
      session: session as unknown as CDPSession,
      sessionId: 'shop',
      pages,
      blocked: [],
    },
    { ignored: (doing, error) => ignored.push([doing, (error as Error).message]) },
  );
  const request = { url: 'https://web.whatsapp.com/' };
  session.emit('Fetch.requestPaused', { requestId: '1', frameId: 'main', resourceType: 'Document', request });
  expect(sent.at(-1)).toBe('Fetch.continueRequest');
  expect(ignored).toEqual([['choosing the page', 'no such page']]);
});
