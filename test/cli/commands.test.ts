import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, startApi } from '../api/support/api-harness.js';
import { anIncoming } from '../support/fake-whatsapp.js';
import { type Ran, Terminal } from './support/terminal.js';

let api: Api;
let folder: string;
beforeEach(async () => {
  api = await startApi();
  folder = mkdtempSync(join(tmpdir(), 'wakeful-test-'));
  api.fleet.add('shop', { label: 'The shop', phoneNumber: '4915100000042', status: 'connected', isConnected: true });
  api.fleet.add('spare');
});
afterEach(async () => {
  await api.stop();
  rmSync(folder, { recursive: true });
});

const env = () => ({ WAKEFUL_URL: `http://127.0.0.1:${api.port}`, WAKEFUL_API_KEY: 'admin' });
const run = (...args: string[]): Promise<Ran> => new Terminal({ env: env(), cwd: folder }).run(...args);
const received = (n: number) => {
  const from = '4917600000099@c.us';
  return anIncoming(`in_${n}`, 1_767_225_600_000 + n * 1000, { from, chatId: from, body: `question ${n}` });
};
const happened = (seq: number) => ({
  seq,
  sessionId: 'shop',
  at: 1_767_225_600_000,
  event: 'session.connected',
  message: `thing ${seq}`,
  data: {},
});

describe('a command against a running service', () => {
  test.each<[string, RegExp]>([
    ['sessions', /ID +LABEL +PHONE +STATUS.*\nshop +The shop +4915100000042 +connected .*\nspare +- +- +idle /],
    ['sessions list', /^ID .*\nshop /],
    ['sessions show shop', /^shop is connected\. .*\nlabel +The shop\nphone +4915100000042\n/],
    ['sessions add new --label New', /^new was created\.\n$/],
    ['sessions set shop --label Other', /label +Other\n/],
    ['sessions connect spare', /^spare is connecting\./],
    ['sessions disconnect shop', /^shop is disconnected\./],
    ['sessions force-reconnect shop', /^shop is connecting\./],
    ['sessions logout shop', /^shop is disconnected\./],
    ['sessions remove shop', /^shop was removed\.\n$/],
    ['qr shop', /^shop is connected as 4915100000042\.\n$/],
    ['pair spare 4915100000043', /^ABCD-1234\n$/],
    ['send shop 4917600000099 Good morning', /^msg_1 is queued\.\n$/],
    ['send shop 4917600000099 Good morning --wait 5', /^msg_1 is sent\.\n$/],
    ['keys', /^ID +NAME +ROLE +SESSIONS .*\nadmin +admin +admin +all /],
    ['messages shop', /^$/],
    ['inbox shop', /^TIME +FROM +ID +WORDS\n2026-01-01 00:00:01Z +4917600000099@c\.us +in_1 +question 1\n/],
    ['events shop', /^2026-01-01 00:00:00Z {2}session\.connected {2}thing 1\n/],
    ['incidents', /^OPENED .*\n2026-01-01 00:00:00Z +- +outage +2 +It broke\.\n$/],
    ['incidents --open', /outage/],
    ['deliveries', /^$/],
    ['deliveries list --status dead', /^$/],
    ['stats', /^sessions +2\n +idle +2\nup +1s\n/],
    ['chats shop', /^CHAT +NAME +UNREAD +LAST MESSAGE\n49151000001@c\.us +- +1 +-\n/],
    ['contact shop 4917600000099', /^number +4917600000099\non WhatsApp +yes\n/],
    ['screenshot shop page.png', /^The picture is in page\.png\.\n$/],
  ])('%s', async (line, expected) => {
    api.fleet.peek('shop').inbox.push(received(1), received(2));
    api.fleet.peek('shop').events.push(happened(1));
    api.fleet.incidentLog.push({
      id: 'inc_1',
      kind: 'outage',
      reason: 'browser_crashed',
      openedAt: '2026-01-01T00:00:00.000Z',
      closedAt: null,
      sessionIds: ['shop', 'spare'],
      message: 'It broke.',
    });
    const { code, out, err } = await run(...line.split(' '));
    expect(out).toMatch(expected);
    expect(err).not.toContain('wakeful:');
    expect(code).toBe(0);
  });

  test('prints the JSON of the service for scripts, and nothing else', async () => {
    const { out, err } = await run('sessions', 'show', 'shop', '--json');
    expect(JSON.parse(out)).toEqual((await api.ask('GET', '/api/sessions/shop')).json);
    expect(out.trimEnd()).not.toContain('\n');
    expect(err).toBe('');
  });

  test('sends what stands behind the session to the service: force, start, and secrets out of a file', async () => {
    writeFileSync(join(folder, 'token.txt'), 'hush-1\n');
    await run('sessions', 'disconnect', 'shop', '--force');
    const webhook = ['--webhook', 'http://127.0.0.1:9/hook', '--webhook-token', '@token.txt'];
    const added = await run(
      'sessions',
      'add',
      'new',
      '--no-start',
      ...webhook,
      '--webhook-events',
      'message,message.ack',
    );
    expect(api.fleet.calls).toEqual(['disconnect! shop', 'create new']);
    expect(api.fleet.peek('new').webhook).toMatchObject({ token: 'hush-1', events: ['message', 'message.ack'] });
    expect(api.fleet.get('new').desired).toBe('stopped');
    expect(added.out + added.err).not.toContain('hush-1');
  });

  test('set removes what --no-… names and leaves the rest', async () => {
    await run('sessions', 'set', 'shop', '--no-label', '--proxy', 'http://127.0.0.1:8080');
    expect(api.fleet.get('shop').label).toBeNull();
    expect(api.fleet.peek('shop').proxy).toBe('http://127.0.0.1:8080');
    await run('sessions', 'set', 'shop', '--no-proxy');
    expect(api.fleet.peek('shop').proxy).toBeNull();
  });

  test('a list that grows shows its newest entries, over many pages of the service', async () => {
    const all = Array.from({ length: 1203 }, (_, n) => received(n + 1));
    api.fleet.peek('shop').inbox.push(...all);
    const bodies = ({ out }: Ran) => [...out.matchAll(/question (\d+)/g)].map(([, n]) => Number(n));
    const newest = bodies(await run('inbox', 'shop'));
    expect(newest).toHaveLength(20);
    expect([newest[0], newest.at(-1)]).toEqual([1184, 1203]);
    expect(bodies(await run('inbox', 'shop', '--last', '2'))).toEqual([1202, 1203]);
    expect(bodies(await run('inbox', 'shop', '--after', '10', '--limit', '2'))).toEqual([11, 12]);
    const page = JSON.parse((await run('inbox', 'shop', '--json', '--limit', '3')).out);
    expect(page).toEqual((await api.ask('GET', '/api/sessions/shop/messages?direction=received&limit=3')).json);
  });

  test('a screenshot is for its owner alone', async () => {
    await run('screenshot', 'shop', 'page.png');
    expect(readFileSync(join(folder, 'page.png')).subarray(1, 4).toString()).toBe('PNG');
    expect(statSync(join(folder, 'page.png')).mode & 0o777).toBe(0o600);
  });

  test('deliveries are listed, sent again and tried', async () => {
    await run('sessions', 'set', 'shop', '--webhook', 'http://receiver.example/hook');
    const tried = await run('deliveries', 'test', 'shop');
    expect(tried).toMatchObject({ code: 0, out: expect.stringMatching(/^The webhook answered 200 in \d+ ms\.\n$/) });

    const lane = { sessionId: 'shop', endpoint: 'session:shop' };
    const body = JSON.stringify({ payload: { id: 'a' } });
    api.deliveries.enqueue({ ...lane, id: 'dlv_1', eventId: 'evt_1', event: 'message', body, createdAt: 1_000 });
    expect((await run('deliveries')).out).toMatch(/\ndlv_1 +/);
    expect(await run('deliveries', 'redeliver', 'dlv_1')).toMatchObject({ code: 0, out: 'message is queued again.\n' });
    const failed = await run('deliveries', 'redeliver', 'dlv_unknown');
    expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('(delivery_not_found)') });
  });

  test('webhooks are listed, paused and let go on', async () => {
    expect((await run('webhooks')).out).not.toContain('session:shop');
    await run('sessions', 'set', 'shop', '--webhook', 'http://receiver.example/hook?key=1');
    expect((await run('webhooks')).out).toMatch(/\nsession:shop +http:\/\/receiver\.example +all +-\n/);
    const paused = await run('webhooks', 'pause', 'session:shop');
    expect(paused).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^http:\/\/receiver\.example is told nothing/),
    });
    expect((await run('webhooks', 'list')).out).toMatch(/\nsession:shop .* all +[-\d]+.*\n/);
    expect(await run('webhooks', 'resume', 'session:shop')).toMatchObject({ code: 0 });
    expect(api.deliveries.pausedSince('session:shop')).toBeNull();
    const failed = await run('webhooks', 'pause', 'global:0');
    expect(failed).toMatchObject({ code: 1, err: expect.stringContaining('(no_webhook)') });
  });

  test('start, demo and browser run what they name, and the demo looks for a browser first', async () => {
    const terminal = new Terminal();
    expect((await terminal.run('start')).code).toBe(0);
    expect((await terminal.run('demo', '--for', '20')).code).toBe(0);
    expect((await terminal.run('browser', '--check')).code).toBe(0);
    expect(terminal.started).toEqual(['service', 'browser', 'demo --for 20', 'browser --check']);
  });

  test('the demo does not start without a browser', async () => {
    const started: string[] = [];
    const terminal = new Terminal({ runProgram: async (name) => started.push(name) });
    expect(await terminal.run('demo')).toMatchObject({ code: 1, err: 'wakeful: wakeful browser ended with 1.\n' });
    expect(started).toEqual(['browser']);
  });
});

describe('what a person sees', () => {
  const terminal = (more: Record<string, string> = {}, columns: number | null = 60) =>
    new Terminal({ env: { ...env(), ...more }, columns });

  test('is coloured and fits the terminal', async () => {
    const { out } = await terminal().run('sessions');
    expect(out).toContain('\u001b[32mshop');
    const lines = stripVTControlCharacters(out).trimEnd().split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBe(60);
  });

  test.each([
    ['with NO_COLOR', { NO_COLOR: '1' }, 60],
    ['on a dumb terminal', { TERM: 'dumb' }, 60],
    ['in a file', {}, null],
  ])('has no escape sequence %s', async (_, more, columns) => {
    expect((await terminal(more, columns).run('sessions')).out).not.toContain('\u001b');
  });

  test('cannot be commanded by what strangers write', async () => {
    const evil = 'hi\u001b[2J\u009b31m\nthere\u202e';
    api.fleet.peek('shop').inbox.push({ ...received(1), body: evil });
    const { out } = await run('inbox', 'shop');
    expect(out).toContain('hi�[2J�31m there�\n');
    const json = await run('inbox', 'shop', '--json');
    expect(json.out).not.toMatch(/[^\n\P{Cc}]/u);
    expect(JSON.parse(json.out).items[0].body).toBe(evil);
  });
});
