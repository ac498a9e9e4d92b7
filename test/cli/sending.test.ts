import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, startApi } from '../api/support/api-harness.js';
import { Terminal } from './support/terminal.js';

const CUSTOMER = '4917600000099';
let api: Api;
let folder: string;
beforeEach(async () => {
  api = await startApi();
  folder = mkdtempSync(join(tmpdir(), 'wakeful-test-'));
  api.fleet.add('shop', { status: 'connected', isConnected: true });
});
afterEach(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

const env = () => ({ WAKEFUL_URL: `http://127.0.0.1:${api.port}`, WAKEFUL_API_KEY: 'admin' });
const run = (...args: string[]) => new Terminal({ env: env(), cwd: folder }).run(...args);
const outbox = () => api.fleet.peek('shop').outbox;

describe('send', () => {
  test('sends a file with a caption, named and typed by its name', async () => {
    writeFileSync(join(folder, 'Menu.PDF'), 'bytes of a menu');
    const { code, out } = await run('send', 'shop', CUSTOMER, '--file', 'Menu.PDF', '--caption', 'Our menu');
    expect([code, out]).toEqual([0, 'msg_1 is queued.\n']);
    expect(outbox()[0]?.content).toMatchObject({
      type: 'media',
      mimeType: 'application/pdf',
      fileName: 'Menu.PDF',
      caption: 'Our menu',
    });
    expect(Buffer.from(api.fleet.bytes ?? []).toString()).toBe('bytes of a menu');
  });

  test('sends what is behind an address, with the type that is said', async () => {
    await run('send', 'shop', CUSTOMER, '--media-url', 'https://cdn.example/a%20b?x=1', '--mime', 'image/png');
    expect(outbox()[0]?.content).toMatchObject({
      url: 'https://cdn.example/a%20b?x=1',
      mimeType: 'image/png',
      fileName: 'a b',
    });
  });

  test('calls a file that nobody knows a document', async () => {
    writeFileSync(join(folder, 'notes.xyz'), 'x');
    await run('send', 'shop', CUSTOMER, '--file', 'notes.xyz');
    expect(outbox()[0]?.content).toMatchObject({ mimeType: 'application/octet-stream' });
  });

  test('says what a message waits for', async () => {
    api.fleet.add('away', { message: 'Next attempt in 5 s.' });
    const { code, out } = await run('send', 'away', CUSTOMER, 'Hello');
    expect([code, out]).toEqual([0, expect.stringMatching(/^msg_1 is queued\. Next attempt in 5 s\./)]);
  });

  test('replies to a message', async () => {
    await run('send', 'shop', CUSTOMER, 'Yes', 'indeed', '--quote', 'false_x_1');
    expect(outbox()[0]).toMatchObject({ content: { type: 'text', text: 'Yes indeed' }, quotedMessageId: 'false_x_1' });
  });

  test('the same idempotency key sends once', async () => {
    const send = () => run('send', 'shop', CUSTOMER, 'Once', '--idempotency-key', 'order-1');
    expect([(await send()).out, (await send()).out]).toEqual(['msg_1 is queued.\n', 'msg_1 is queued.\n']);
    expect(outbox()).toHaveLength(1);
  });

  test('words come from standard input for "-", and may begin with a dash behind --', async () => {
    const readInput = async () => 'line one\nline two\n';
    await new Terminal({ env: env(), readInput }).run('send', 'shop', CUSTOMER, '-');
    await run('send', 'shop', CUSTOMER, '--', '--json', 'is a flag');
    expect(outbox().map(({ content }) => content)).toEqual([
      { type: 'text', text: 'line one\nline two' },
      { type: 'text', text: '--json is a flag' },
    ]);
  });

  test.each([
    [[], 'Say either what to write'],
    [['words', '--file', 'x.png'], 'Say either what to write'],
    [['--file', 'x.png', '--media-url', 'https://x/y.png'], 'Say either what to write'],
    [['words', '--caption', 'more'], '--caption and --mime need a file'],
    [['--file', 'nowhere.png'], 'nowhere.png could not be read'],
    [['--media-url', 'nowhere'], 'expected to be a URL'],
  ])('is written wrongly with %j', async (args, words) => {
    const { code, err } = await run('send', 'shop', CUSTOMER, ...args);
    expect([code, err]).toEqual([2, expect.stringContaining(words)]);
    expect(outbox()).toEqual([]);
  });
});

describe('cancel', () => {
  test('takes a queued message back, and is refused for one that is gone', async () => {
    await run('send', 'shop', CUSTOMER, 'Wait');
    expect(await run('cancel', 'shop', 'msg_1')).toMatchObject({ code: 0, out: 'msg_1 will not be sent.\n' });
    expect((await run('messages', 'shop')).out).toMatch(/\nmsg_1 .* failed \(cancelled\) +Wait\n$/);
    expect(await run('cancel', 'shop', 'msg_1')).toMatchObject({ code: 1, out: '' });
  });
});

describe('keys', () => {
  test('are made, listed without their secret, and revoked', async () => {
    const created = await run(
      'keys',
      'create',
      'the bot',
      '--role',
      'operator',
      '--sessions',
      'shop',
      '--expires',
      '2099-01-31',
    );
    expect([created.code, created.out]).toEqual([0, expect.stringMatching(/^wk_\S+\n$/)]);
    const secret = created.out.trim();
    const id = /revoke (\S+)/.exec(created.err)?.[1] ?? '';
    expect((await run('sessions', '--key', secret)).code).toBe(0);

    const listed = await run('keys', 'list');
    expect(listed.out).toMatch(new RegExp(`\\n${id} +the bot +operator +shop +2099-01-31 00:00:00Z`));
    expect(listed.out).not.toContain(secret);

    expect((await run('keys', 'revoke', id)).code).toBe(0);
    expect(await run('sessions', '--key', secret)).toMatchObject({
      code: 1,
      err: expect.stringContaining('unauthorized'),
    });
  });

  test('are for admins, and want a role and a time that is one', async () => {
    expect((await run('keys', '--key', 'viewer')).code).toBe(1);
    expect((await run('keys', 'create', 'x')).code).toBe(2);
    expect((await run('keys', 'create', 'x', '--role', 'king')).code).toBe(2);
    expect((await run('keys', 'create', 'x', '--role', 'viewer', '--expires', 'soon')).code).toBe(2);
  });
});
