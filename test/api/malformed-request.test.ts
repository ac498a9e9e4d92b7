import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, startApi } from './support/api-harness.js';
import { PATIENCE_MS } from './support/fuzz/fuzz-settings.js';
import { judgeRefusal } from './support/fuzz/judge.js';
import { createPlainHttp } from './support/fuzz/plain-http.js';

const AS_ADMIN = 'Host: x\r\nAuthorization: Bearer admin\r\n';

describe('what cannot be read as a request', () => {
  let api: Api;
  let http: ReturnType<typeof createPlainHttp>;

  beforeEach(async () => {
    api = await startApi();
    http = createPlainHttp(api.port, PATIENCE_MS);
  });

  afterEach(async () => {
    expect((await api.ask('GET', '/health', { key: null })).status).toBe(200);
    http.close();
    await api.stop();
  });

  test.each([
    ['no HTTP', 'hello\r\n\r\n', 400],
    ['the first bytes of TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03]), 400],
    ['HTTP of another time', 'GET /health HTTP/9.9\r\nHost: x\r\n\r\n', 400],
    ['no host', 'GET /health HTTP/1.1\r\nConnection: close\r\n\r\n', 400],
    ['a header without a name', 'GET /health HTTP/1.1\r\nHost: x\r\n: 1\r\n\r\n', 400],
    ['a NUL in a header', 'GET /health HTTP/1.1\r\nHost: x\r\nX: a\u0000b\r\n\r\n', 400],
    ['two lengths', `POST /api/sessions HTTP/1.1\r\n${AS_ADMIN}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400],
    ['a length below zero', `POST /api/sessions HTTP/1.1\r\n${AS_ADMIN}Content-Length: -1\r\n\r\n{}`, 400],
    [
      'a length and chunks',
      `POST /api/sessions HTTP/1.1\r\n${AS_ADMIN}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
      400,
    ],
    [
      'chunks that are none',
      `POST /api/sessions HTTP/1.1\r\n${AS_ADMIN}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
      400,
    ],
    ['a header of 20 KB', `GET /health HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
    ['a thousand headers of 30 bytes', `GET /health HTTP/1.1\r\n${`X: ${'x'.repeat(27)}\r\n`.repeat(1_000)}\r\n`, 431],
  ])('refuses %s with a problem, too', async (_what, bytes, status) => {
    const [head = '', body = ''] = (await http.write(bytes)).split('\r\n\r\n');
    const [statusLine, ...lines] = head.split('\r\n');
    expect(statusLine).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const headers = Object.fromEntries(
      lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
    );
    judgeRefusal({ status, headers, text: body }, 'GET');
  });

  test('has no body in the answer to HEAD', async () => {
    const answer = await http.write(`HEAD /health?${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 431 [^{]*\r\n\r\n$/);
  });

  test('may be an expectation that nobody knows, which counts for none', async () => {
    const headers = { expect: 'the unexpected' };
    expect((await http.send({ method: 'GET', path: '/health', headers, body: null })).status).toBe(200);
  });

  test('does not hold up the end of the service', async () => {
    const answer = http.write('hello\r\n\r\n');
    await api.stop();
    expect(await answer).not.toContain('200');
    api = await startApi();
  });
});
