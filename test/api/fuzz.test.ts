import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Api, startApi } from './support/api-harness.js';
import { type Operation, operationsOf } from './support/fuzz/api-document.js';
import { requestOf } from './support/fuzz/fuzz-request.js';
import { KNOWN, MAX_CPU_MS, PATIENCE_MS, RUNS, SEED, TEST_MS } from './support/fuzz/fuzz-settings.js';
import { judge, judgeRefusal } from './support/fuzz/judge.js';
import { createPlainHttp } from './support/fuzz/plain-http.js';

const BODY_LIMIT = 1024 * 1024;
const AS_ADMIN = 'Host: x\r\nAuthorization: Bearer admin\r\n';

describe('an API that is called in every odd way', () => {
  let api: Api;
  let http: ReturnType<typeof createPlainHttp>;
  let operations: Operation[];

  beforeEach(async () => {
    api = await startApi();
    http = createPlainHttp(api.port, PATIENCE_MS);
    operations = operationsOf(JSON.parse((await api.ask('GET', '/openapi.json')).text));
  });

  afterEach(async () => {
    expect((await api.ask('GET', '/health', { key: null })).status).toBe(200);
    expect(api.logged).toEqual([]);
    http.close();
    await api.stop();
  });

  function furnish(): void {
    const ids = new Set(api.fleet.list().map(({ id }) => id));
    for (const id of ['one', 'two']) if (!ids.has(id)) api.fleet.add(id);
  }

  test(
    'answers every operation as its document says, or refuses with a problem of the catalogue',
    async () => {
      expect(operations.length).toBeGreaterThan(20);
      for (const operation of operations) {
        await fc.assert(
          fc.asyncProperty(requestOf(operation, KNOWN), async (request) => {
            furnish();
            const answer = await http.send(request);
            judge(operation, request, answer);
            expect(answer.cpuMs).toBeLessThan(MAX_CPU_MS);
          }),
          { ...SEED, numRuns: RUNS, interruptAfterTimeLimit: TEST_MS / 2 / operations.length },
        );
      }
    },
    TEST_MS,
  );

  test('takes bodies up to the limit, and refuses what is larger or looks small only when it is packed', async () => {
    furnish();
    const post = (path: string, method: string, body: string | Buffer, headers = {}) =>
      http.send({
        method,
        path: path.replace(/\{\w+\}/g, 'one'),
        headers: { authorization: 'Bearer admin', 'content-type': 'application/json', ...headers },
        body: Buffer.from(body),
      });
    const takers = operations.filter(({ body }) => body !== null);
    expect(takers.length).toBeGreaterThan(5);
    for (const { method, path, id } of takers) {
      const atLimit = await post(path, method, `{${' '.repeat(BODY_LIMIT - 2)}}`);
      expect([id, atLimit.status]).not.toEqual([id, 413]);
      const above = await post(path, method, `{${' '.repeat(BODY_LIMIT - 1)}}`);
      if (above.status >= 400) judgeRefusal(above, method);
    }
    const create = (body: string | Buffer, headers = {}) => post('/api/sessions', 'POST', body, headers);
    const packed = gzipSync(Buffer.alloc(64 * BODY_LIMIT, ' '));
    expect((await create(`{"id":"large"${' '.repeat(BODY_LIMIT)}}`)).status).toBe(413);
    expect((await create(packed, { 'content-encoding': 'gzip' })).status).toBe(413);
  });

  test.each([
    ['one long text', `{"label":"${'x'.repeat(BODY_LIMIT - 12)}"}`],
    ['a member ten thousand times', `{${'"k":1,'.repeat(BODY_LIMIT / 8)}"k":1}`],
    ['a hundred thousand members', `{${Array.from({ length: 90_000 }, (_, n) => `"k${n}":1`)}}`],
    ['lists in lists', `{"label":${'['.repeat(BODY_LIMIT / 2 - 6)}${']'.repeat(BODY_LIMIT / 2 - 6)}}`],
    ['objects in objects', `{"label":${'{"a":'.repeat(BODY_LIMIT / 7)}1${'}'.repeat(BODY_LIMIT / 7)}}`],
    [
      'a long list',
      `{"id":"a","webhook":{"url":"http://a/","events":[${'"message",'.repeat(BODY_LIMIT / 11)}"message"]}}`,
    ],
  ])('refuses a body that is full of %s', async (_what, body) => {
    const headers = { authorization: 'Bearer admin', 'content-type': 'application/json' };
    const answer = await http.send({ method: 'POST', path: '/api/sessions', headers, body: Buffer.from(body) });
    expect(answer.status).toBe(400);
    judgeRefusal(answer, 'POST');
    expect(answer.text.length).toBeLessThan(20_000);
    expect(answer.cpuMs).toBeLessThan(MAX_CPU_MS);
  });

  test.each([
    ...['/assets/..%2f..%2fpackage.json', '/assets/../package.json', '/assets/%2e%2e/index.html', '/assets/%00'],
    ...[
      '//api/sessions',
      '/api//sessions',
      '/api/./sessions',
      '/api/x/../sessions',
      '/api\\sessions',
      '/%61pi/nothing',
    ],
    ...[
      '/api/sessions%2fone',
      '/api/sessions/one%2fmessages',
      '/api/sessions/one;/messages',
      '/.git/config',
      '/%',
      '*',
    ],
    ...['http://other.example/api/nothing', '/api/sessions/one/messages/msg_1/x', '/health/x', '/openapi.json/'],
  ])('gives away nothing at %s', async (path) => {
    furnish();
    const headers = { authorization: 'Bearer admin' };
    const answer = await http.send({ method: 'GET', path, headers, body: null });
    if (answer.status >= 400) judgeRefusal(answer, 'GET');
    else expect(path).toBe('/openapi.json/');
  });

  test('is not held up by callers who hang up in the middle of a body', async () => {
    const head = `POST /api/sessions HTTP/1.1\r\n${AS_ADMIN}Content-Type: application/json\r\nContent-Length: 900000\r\n\r\n`;
    const hangUp = () =>
      new Promise<void>((resolve) => {
        const socket = connect(api.port, '127.0.0.1', () => {
          socket.write(`${head}{"id":"cut`, () => socket.destroy());
        });
        socket.on('error', () => undefined);
        socket.on('close', () => resolve());
      });
    await Promise.all(Array.from({ length: 30 }, hangUp));
    expect(api.fleet.list()).toEqual([]);
  });
});
