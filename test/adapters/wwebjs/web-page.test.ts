import { expect, test } from '@jest/globals';
import { versionOf } from '../../../src/adapters/wwebjs/web-page.js';

test.each([
  ['<script>{"server_revision":1042401057,"client_revision":1042401057}</script>', '2.3000.1042401057'],
  ['\\"client_revision\\":1019000001,\\"x\\":1', '2.3000.1019000001'],
  ['<html>no word of it</html>', null],
])('the version stands in the HTML: %s', (html, version) => {
  expect(versionOf(html)).toBe(version);
});
