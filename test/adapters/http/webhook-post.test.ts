import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createWebhookPost } from '../../../src/adapters/http/webhook-post.js';
import type { PostWebhook } from '../../../src/domain/ports.js';
import { Receiver } from '../../support/receiver.js';
import { until } from '../../support/until.js';

describe('a call to a webhook', () => {
  let receiver: Receiver;
  let caller: ReturnType<typeof createWebhookPost>;

  beforeEach(async () => {
    receiver = await new Receiver().start();
    caller = createWebhookPost({ allowPrivate: true });
  });
  afterEach(async () => {
    await caller.close();
    await receiver.stop();
  });

  const post = (change: Partial<Parameters<PostWebhook>[0]> = {}) =>
    caller.post({
      url: receiver.url,
      headers: { 'Content-Type': 'application/json', 'X-Webhook-Request-Id': 'dlv_1' },
      body: '{"text":"Grüße 👋"}',
      timeoutMs: 2_000,
      trusted: true,
      signal: new AbortController().signal,
      ...change,
    });

  test('brings the body byte by byte, with its headers', async () => {
    expect(await post()).toEqual({ kind: 'answered', status: 200, latencyMs: expect.any(Number) });
    expect(receiver.calls).toMatchObject([
      {
        method: 'POST',
        path: '/hook',
        body: '{"text":"Grüße 👋"}',
        headers: { 'content-type': 'application/json', 'x-webhook-request-id': 'dlv_1' },
      },
    ]);
  });

  test.each([201, 204, 400, 404, 500, 503])('gives an answer of %i back as it is', async (status) => {
    receiver.behave = (_call, res) => void res.writeHead(status).end();
    expect(await post()).toMatchObject({ kind: 'answered', status });
  });

  test('tells what the receiver says of when to call again', async () => {
    receiver.behave = (_call, res) => void res.writeHead(429, { 'retry-after': '120' }).end();
    expect(await post()).toEqual({ kind: 'answered', status: 429, latencyMs: expect.any(Number), retryAfter: '120' });
  });

  test('follows no redirect', async () => {
    receiver.behave = (_call, res) => void res.writeHead(302, { location: '/elsewhere' }).end();
    expect(await post()).toMatchObject({ kind: 'answered', status: 302 });
    expect(receiver.calls.map(({ path }) => path)).toEqual(['/hook']);
  });

  test('waits no longer than its time for a receiver that is slow', async () => {
    receiver.behave = () => {};
    const answer = await post({ timeoutMs: 200 });
    expect(answer).toMatchObject({ kind: 'unanswered', error: 'No answer within 200 ms' });
    expect(answer.latencyMs).toBeLessThan(1_500);
  });

  test('takes the status of an answer that goes on for ever, and hangs up', async () => {
    let closed = false;
    receiver.behave = (_call, res) => {
      res.writeHead(200).write('{');
      const drip = setInterval(() => res.write(' '), 20);
      res.once('close', () => {
        clearInterval(drip);
        closed = true;
      });
    };
    expect(await post({ timeoutMs: 300 })).toMatchObject({ kind: 'answered', status: 200 });
    await until('the receiver is hung up on', 2_000, () => closed);
  });

  test('reads no huge answer', async () => {
    let written = 0;
    receiver.behave = (_call, res) => {
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const pump = () => {
        while (written < 500 * chunk.length && !res.destroyed) {
          written += chunk.length;
          if (!res.write(chunk)) return void res.once('drain', pump);
        }
        res.end();
      };
      pump();
    };
    expect(await post()).toMatchObject({ kind: 'answered', status: 200 });
    expect(written).toBeLessThan(20_000_000);
  });

  test('says what happened when the receiver hangs up or is not there', async () => {
    receiver.behave = (_call, res) => void res.destroy();
    expect(await post()).toMatchObject({ kind: 'unanswered', error: 'other side closed' });
    const gone = await new Receiver().start();
    const { url } = gone;
    await gone.stop();
    expect(await post({ url })).toMatchObject({ kind: 'unanswered', error: expect.stringContaining('ECONNREFUSED') });
    expect(await post({ url: 'http://name.invalid/?key=secret' })).toMatchObject({
      kind: 'unanswered',
      error: expect.stringMatching(/^getaddrinfo (ENOTFOUND|EAI_AGAIN) name\.invalid$/),
    });
  });

  test('ends at once when it is called off', async () => {
    receiver.behave = () => {};
    const controller = new AbortController();
    const answer = post({ signal: controller.signal });
    await until('the call is there', 2_000, () => receiver.calls.length === 1);
    controller.abort();
    expect(await answer).toMatchObject({ kind: 'unanswered' });
  });

  test.each(['127.0.0.1', '0x7f.1', '2130706433', '0177.0.0.1', '[::ffff:127.0.0.1]', 'localhost'])(
    'does not reach %s unless an admin set it',
    async (host) => {
      const url = `http://${host}:${receiver.port}/hook`;
      const refused = { kind: 'unanswered', error: expect.stringMatching(/^The address \S+ is private/) };
      expect(await post({ url, trusted: false })).toMatchObject(refused);
      const strict = createWebhookPost({ allowPrivate: false });
      expect(
        await strict.post({ url, headers: {}, body: '', timeoutMs: 2_000, trusted: true, signal: AbortSignal.any([]) }),
      ).toMatchObject(refused);
      await strict.close();
      expect(receiver.calls).toEqual([]);
      expect(await post({ url })).toMatchObject({ kind: 'answered' });
    },
  );

  test.each([
    'http://169.254.169.254/latest/meta-data/',
    'http://2852039166/',
    'http://[::ffff:169.254.169.254]/',
    'http://[fe80::1]/',
    'https://[fd00:ec2::254]/',
  ])('never reaches %s', async (url) => {
    const answer = await post({ url });
    expect(answer).toMatchObject({ kind: 'unanswered', error: expect.stringContaining('may never be called') });
    expect(answer.latencyMs).toBeLessThan(1_000);
  });
});
