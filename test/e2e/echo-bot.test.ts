import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { browsersUnder, leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000091';
const FRIEND = '4915100000092';
const KILLS = 5;

const place = new Workplace();
let simulator: Simulator;
let bot: ChildProcess | null = null;

const environment = () => ({
  ...process.env,
  WAKEFUL_DATA_DIR: place.dataDir,
  WAKEFUL_AUTH_DIR: place.authDir,
  WAKEFUL_CONFIG: join(place.folder, 'bot.json'),
  CHROME_PATH: simulator.browserWrapper,
});

async function endBot(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
  if (bot === null || bot.exitCode !== null || bot.signalCode !== null) return;
  const over = once(bot, 'exit');
  bot.kill(signal);
  await over;
}

const answers = async () => (await simulator.client.sent(PHONE)).map(({ body }) => body);
const echoOf = (count: number, what: string) => Array.from({ length: count }, (_, i) => `You wrote: ${what} ${i}`);

beforeAll(async () => {
  simulator = await startSimulator();
  // Five crashes within seconds are what backoff is for; here the bot is asked, not the backoff.
  writeFileSync(join(place.folder, 'bot.json'), JSON.stringify({ health: { stableAfterMs: 200 } }));
  const service: TestService = await place.start(simulator.browserWrapper);
  await linkSession(service, simulator, 'echo', PHONE);
  await service.end('SIGTERM');
}, 90_000);
afterAll(async () => {
  await endBot('SIGTERM');
  await place.remove();
  await simulator.stop();
  expect(leftoversOf(place.folder)).toEqual([]);
}, 60_000);

test('B14 a bot answers each message once while its browser is killed again and again, and itself at last', async () => {
  const start = () => {
    bot = spawn(process.execPath, ['examples/echo-bot/bot.js'], { env: environment(), stdio: 'ignore' });
  };
  start();
  await until('the bot is connected', 30_000, async () => (await simulator.client.accounts())[0]?.synced === true);
  let count = 0;
  const writes = async (what: string) => {
    await simulator.client.deliver(PHONE, { from: FRIEND, body: `${what} ${count}` });
    count += 1;
  };
  for (let kill = 0; kill < KILLS; kill += 1) {
    await writes('message');
    const browser = await until('a browser runs', 20_000, () => browsersUnder(place.authDir)[0]);
    process.kill(browser.pid, 'SIGKILL');
    await writes('message');
    await writes('message');
    await until('the answers have come', 30_000, async () => (await answers()).length >= count);
    // Long enough to count as stable.
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  expect(await answers()).toEqual(echoOf(count, 'message'));

  await writes('message');
  await endBot('SIGKILL');
  await writes('message');
  start();
  await until('the bot went on where it was', 30_000, async () => (await answers()).length >= count);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect((await answers()).toSorted()).toEqual(echoOf(count, 'message').toSorted());
}, 240_000);

describe('handlers of a file that the environment names', () => {
  const HANDLERS = `
    const given = [];
    export function onClient(client) {
      given.push(client);
    }
    export async function onMessage({ body }, { client, reply }) {
      if (body === 'bug') throw new Error('a bug of the bot');
      if (body === 'stray') {
        setTimeout(() => { throw new Error('a stray timer'); });
        void Promise.reject(new Error('a floating promise'));
      }
      if (body === 'look') {
        const host = await client.pupPage.evaluate(() => window.WWebJS && location.host);
        const same = given.length === 1 && given[0] === client;
        return reply([await client.getState(), client.info.wid.user, host, same].join(' '));
      }
      return reply('heard ' + body);
    }`;
  let service: TestService;

  beforeAll(async () => {
    await endBot('SIGTERM');
    const file = join(place.folder, 'handlers.mjs');
    writeFileSync(file, HANDLERS);
    service = await place.start(simulator.browserWrapper, {}, { environment: { WAKEFUL_HANDLERS: file } });
    await service.reaches('echo', 'connected', 30_000);
  }, 60_000);

  const says = (body: string) => simulator.client.deliver(PHONE, { from: FRIEND, body });
  const answered = (answer: string) =>
    until(`it answers "${answer}"`, 20_000, async () => (await answers()).includes(answer));

  test('B14 run in the service, and one that throws is told of in the timeline', async () => {
    await says('bug');
    await says('hello');
    await answered('heard hello');
    const { body } = await service.call<{ items: { event: string; message: string }[] }>(
      'GET',
      '/api/sessions/echo/events?limit=500',
    );
    expect(body.items.filter(({ event }) => event === 'handler.failed').map(({ message }) => message)).toEqual([
      expect.stringContaining('a bug of the bot'),
    ]);
  }, 60_000);

  test('B14 are given the live Client of whatsapp-web.js, which reaches into the page of the real browser', async () => {
    await says('look');
    await answered(`CONNECTED ${PHONE} web.whatsapp.com true`);
  }, 60_000);

  test('B05 may leave exceptions and rejections uncaught: the service says so once each, and no number notices', async () => {
    const { since, browser } = await service.session('echo');
    await says('stray');
    await answered('heard stray');
    const unhandled = () => service.log.filter(({ event }) => event === 'service.unhandled');
    await until('both are in the log', 5000, () => unhandled().length >= 2);
    await says('still there?');
    await answered('heard still there?');
    expect(unhandled().map(({ level, message }) => [level, String(message).split('\n')[0]])).toEqual(
      expect.arrayContaining([
        ['error', 'Uncaught exception: Error: a stray timer'],
        ['error', 'Unhandled rejection: Error: a floating promise'],
      ]),
    );
    expect(unhandled()).toHaveLength(2);
    expect(service.exitCode).toBeNull();
    expect(await service.session('echo')).toMatchObject({ status: 'connected', since, browser: { pid: browser?.pid } });
  }, 60_000);
});

test('B14 a file without handlers stops the start with a sentence that names it', async () => {
  await place.remove();
  const other = new Workplace();
  const file = join(other.folder, 'empty.mjs');
  writeFileSync(file, 'export const nothing = 1;');
  const start = other.start(simulator.browserWrapper, { handlers: { file } });
  await expect(start).rejects.toThrow(`${file} are not valid`);
  await other.remove();
}, 60_000);
