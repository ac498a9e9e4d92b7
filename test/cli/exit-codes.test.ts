import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, startApi } from '../api/support/api-harness.js';
import { Terminal } from './support/terminal.js';

describe('the exit code', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
    api.fleet.add('shop');
  });
  afterEach(() => api.stop());
  const url = () => `http://127.0.0.1:${api.port}`;
  const run = (...args: string[]) =>
    new Terminal({ env: { WAKEFUL_URL: url(), WAKEFUL_API_KEY: 'admin' } }).run(...args);

  test.each([
    [
      'sessions show nobody',
      'wakeful: Connection not found. There is no session "nobody". Create it first. (session_not_found)\n',
    ],
    ['sessions add shop', '(session_exists)'],
    ['messages shop --status wrong', '(bad_request)'],
    ['send shop 12 hello', '(bad_request)'],
    ['qr shop', 'shop shows no QR code: it is idle.'],
    ['qr shop --key wrong-key-0123', 'does not know it. Look at WAKEFUL_API_KEY or --key. (unauthorized)'],
    ['sessions remove shop --key viewer', '(forbidden)'],
  ])('is 1 when the service refuses: %s', async (line, words) => {
    const { code, out, err } = await run(...line.split(' '));
    expect(err).toContain(words);
    expect(out).toBe('');
    expect(code).toBe(1);
  });

  test('is 1 with the problem document for scripts', async () => {
    const { code, out, err } = await run('sessions', 'show', 'nobody', '--json');
    expect([code, out]).toEqual([1, '']);
    expect(JSON.parse(err)).toMatchObject({ code: 'session_not_found', status: 404, sessionId: 'nobody' });
  });

  test('is 1 when a message was waited for and failed', async () => {
    api.fleet.settled = async (id, messageId) =>
      Object.assign(api.fleet.message(id, messageId), { status: 'failed', failureCode: 'not_on_whatsapp' });
    const { code, err } = await run('send', 'shop', '4917600000099', 'hello', '--wait', '5');
    expect([code, err]).toEqual([1, 'wakeful: The message was not sent (not_on_whatsapp).\n']);
  });

  test('is 1 when a webhook that is tried does not answer well', async () => {
    api.receivers.behave = () => 500;
    await run('sessions', 'set', 'shop', '--webhook', 'http://receiver.example/hook');
    const { code, err } = await run('deliveries', 'test', 'shop');
    expect([code, err]).toEqual([1, expect.stringContaining('not reached, or refused')]);
  });

  test.each([
    ['', 'Usage:'],
    ['dance', "unknown command 'dance'"],
    ['sessions dance', 'too many arguments'],
    ['sessions show', "missing required argument 'id'"],
    ['sessions show ../etc', 'Expected 1 to 64 letters'],
    ['sessions set shop', 'Say what to change'],
    ['sessions set shop --webhook-token x', 'Name the webhook itself'],
    ['sessions add new --webhook http://x --webhook-token @/nowhere/token', 'could not be read'],
    ['deliveries redeliver ..', 'Expected something like'],
    ['send shop', "missing required argument 'to'"],
    ['send shop 4917600000099 hello --wait soon', 'Expected a whole number from 1 to 60'],
    ['inbox shop --limit 501', 'Expected a whole number from 1 to 500'],
    ['sessions --url localhost:3000', 'expected to begin with http://'],
    ['sessions --url http://me:pass@localhost:3000', 'to hold no login'],
    ['completion powershell', 'Allowed choices are bash, zsh, fish'],
  ])('is 2 when the command is written wrongly: "%s"', async (line, words) => {
    const before = api.fleet.calls.length;
    const { code, out, err } = await run(...line.split(' ').filter(Boolean));
    expect(err).toContain(words);
    expect([code, out]).toEqual([2, '']);
    expect(api.fleet.calls).toHaveLength(before);
  });

  test('is 3 when nothing answers, and says how to start it', async () => {
    const gone = url();
    await api.stop();
    const { code, err } = await new Terminal().run('sessions', '--url', gone);
    expect(code).toBe(3);
    expect(err).toBe(
      `wakeful: Nothing answers at ${gone} (ECONNREFUSED). Start the service with "npx wakeful start", or name another address with --url or WAKEFUL_URL.\n`,
    );
  });

  test.each(['--help', 'sessions --help', 'sessions add --help', '--version'])('is 0 for %s', async (line) => {
    const { code, out } = await new Terminal().run(...line.split(' '));
    expect(code).toBe(0);
    expect(out).toMatch(line === '--version' ? /^1\.2\.3\n$/ : /^Usage: wakeful/);
  });
});

describe('something else than Wakeful at the address', () => {
  let server: Server;
  let seen: string[];
  const answer = { status: 200, headers: {}, body: '<html>' };
  beforeEach(async () => {
    seen = [];
    server = createServer((req, res) => {
      seen.push(String(req.headers.authorization));
      res.writeHead(answer.status, answer.headers).end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  test.each([
    [200, {}, '<html>', 'does not speak like Wakeful'],
    [502, {}, '<html>', 'does not speak like Wakeful'],
    [302, { location: 'http://127.0.0.1:1/' }, '', 'does not speak like Wakeful'],
    [200, {}, '{"items":[{"id":7}]}', 'is it of another version?'],
  ])('is told apart: %i %j %s', async (status, headers, body, words) => {
    Object.assign(answer, { status, headers, body });
    const { code, err } = await new Terminal({ env: { WAKEFUL_API_KEY: 'secret-key-1' } }).run(
      'sessions',
      '--url',
      url(),
    );
    expect(err).toContain(words);
    expect(err).not.toContain('secret-key-1');
    expect(code).toBe(3);
    expect(seen).toEqual(['Bearer secret-key-1']);
  });

  test('a key that can be none is refused without being shown or sent', async () => {
    const { code, out, err } = await new Terminal().run('sessions', '--url', url(), '--key', 'secret key\n2');
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('The API key was expected');
    expect(err).not.toContain('secret');
    expect(seen).toEqual([]);
  });
});
