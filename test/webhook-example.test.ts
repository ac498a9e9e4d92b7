import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createWebhookPost } from '../src/adapters/http/webhook-post.js';
import { newsOfMessage } from '../src/api/webhooks/news.js';
import { bodyOf } from '../src/api/webhooks/recorder.js';
import { headersFor } from '../src/api/webhooks/signature.js';
import { anIncoming } from './support/fake-whatsapp.js';
import { until } from './support/until.js';

describe('examples/webhook-receiver', () => {
  let child: ChildProcess;
  let lines: string[];
  let url: string;
  const caller = createWebhookPost({ allowPrivate: true });

  beforeEach(async () => {
    lines = [];
    const env = { ...process.env, WEBHOOK_HMAC_KEY: 'the-key' };
    child = spawn(process.execPath, ['examples/webhook-receiver/receiver.mjs', '0'], { env });
    if (child.stdout) createInterface(child.stdout).on('line', (line) => lines.push(line));
    url = await until('the receiver waits', 20_000, () => /http:\S+/.exec(lines[0] ?? '')?.[0]);
  });
  afterEach(async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill();
    await gone;
    await caller.close();
  });

  const tell = (requestId: string, hmacKey: string | null) => {
    const body = bodyOf(newsOfMessage('shop', anIncoming('m1', 1, { body: 'Grüße 👋' }), 1), 'evt_1', '4915100000042');
    const headers = headersFor({ token: null, hmacKey }, { requestId, body, now: 1, version: '1' });
    const signal = new AbortController().signal;
    return caller.post({ url, headers, body, timeoutMs: 5_000, trusted: true, signal });
  };

  test('takes what is signed, once, and nothing else', async () => {
    expect(await tell('dlv_1', 'the-key')).toMatchObject({ status: 200 });
    expect(await tell('dlv_1', 'the-key')).toMatchObject({ status: 200 });
    expect(await tell('dlv_2', 'another-key')).toMatchObject({ status: 401 });
    expect(await tell('dlv_3', null)).toMatchObject({ status: 401 });
    await until('it says so', 5_000, () => lines.length > 1);
    expect(lines.slice(1)).toEqual([expect.stringMatching(/^message \[shop 4915100000042\] \S+: Grüße 👋$/)]);
  });
});
