import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { BUILD_AFTER, BUILD_BEFORE, type Simulator, startSimulator } from '../../simulator/client.js';
import { findBrowser } from '../../src/adapters/chromium/browser-finder.js';
import { createWhatsAppClient } from '../../src/adapters/wwebjs/create-client.js';
import { loadConfig } from '../../src/config.js';
import type { IncomingMessage } from '../../src/domain/message.js';
import type { Clock, CreateClient, Logger, WhatsAppClient } from '../../src/domain/ports.js';
import type { ClientEvent } from '../../src/domain/session-event.js';

const TEST_MS = 60_000;
const PHONE = '491511111111';
const FRIEND = '491522222222';

const clock: Clock = {
  now: () => Date.now(),
  schedule(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

const logged: string[] = [];
const logger: Logger = {
  debug: (event, message) => void logged.push(`${event} ${message}`),
  info: (event, message) => void logged.push(`${event} ${message}`),
  warn: (event, message) => void logged.push(`${event} ${message}`),
  error: (event, message) => void logged.push(`${event} ${message}`),
};

/** One launch with everything that it told. */
interface Launch {
  client: WhatsAppClient;
  events: ClientEvent[];
  messages: IncomingMessage[];
  acks: Map<string, number>;
}

let simulator: Simulator;
let folder: string;
let createClient: CreateClient;
let launches: Launch[] = [];
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown) => unhandled.push(reason);

const soon = (ms = 30_000) => AbortSignal.timeout(ms);

async function until<T>(what: string, look: () => T | undefined | null | false, timeoutMs = 20_000): Promise<T> {
  const giveUpAt = Date.now() + timeoutMs;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > giveUpAt) throw new Error(`${what} did not come.\n${logged.slice(-15).join('\n')}`);
    await pause(25);
  }
}

function launch(): Launch {
  const events: ClientEvent[] = [];
  const messages: IncomingMessage[] = [];
  const acks = new Map<string, number>();
  const client = createClient({
    sessionId: 'shop',
    profileDir: join(folder, 'session-shop'),
    proxy: null,
    onEvent: (event) => void events.push(event),
    onMessage: (message) => void messages.push(message),
    onAck: (id, ack) => void acks.set(id, ack),
  });
  const made = { client, events, messages, acks };
  launches.push(made);
  return made;
}

const count = ({ events }: Launch, type: ClientEvent['type']) => events.filter((event) => event.type === type).length;

const ready = (made: Launch, times = 1) => until(`ready number ${times}`, () => count(made, 'ready') >= times);

/** A session that is linked and ready. */
async function linked(): Promise<Launch> {
  const made = launch();
  await made.client.start(soon());
  const qr = await until('a QR code', () => made.events.find((event) => event.type === 'qr'));
  await simulator.client.scanQr(qr.text, PHONE);
  await ready(made);
  return made;
}

/** Processes of a group that live, zombies left out. */
function living(groupId: number): string[] {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      const fields = readFileSync(`/proc/${name}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
      return fields[0] !== 'Z' && fields[2] === String(groupId);
    } catch {
      return false;
    }
  });
}

function rendererOf(groupId: number): number {
  const pid = living(groupId).find((name) => readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('--type=renderer'));
  if (pid === undefined) throw new Error('there is no renderer');
  return Number(pid);
}

const pidOf = (made: Launch): number => {
  const browser = made.client.browser();
  if (browser === null) throw new Error('there is no browser');
  return browser.pid;
};

beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  simulator = await startSimulator();
});

afterAll(async () => {
  await simulator.stop();
  process.off('unhandledRejection', onUnhandled);
});

beforeEach(async () => {
  logged.length = 0;
  unhandled.length = 0;
  folder = await mkdtemp(join(tmpdir(), 'wakeful-client-'));
  await simulator.client.reset();
  await simulator.client.settings({ syncDelayMs: 200, reconnectDelayMs: 100 });
  const config = loadConfig({ CHROME_PATH: simulator.browserWrapper, WAKEFUL_AUTH_DIR: folder }, folder);
  createClient = createWhatsAppClient({
    config: { ...config, health: { ...config.health, probeTimeoutMs: 1500 } },
    logger,
    clock,
  });
});

afterEach(async () => {
  await Promise.all(launches.map(({ client }) => client.close('kill')));
  launches = [];
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  // What nobody caught shows itself in a later turn.
  await pause(50);
  expect(unhandled).toEqual([]);
});

describe.each([
  ['before July 2026', BUILD_BEFORE],
  ['after July 2026', BUILD_AFTER],
])('on a build from %s', (_name, build) => {
  test(
    'a scanned QR code makes ready, texts leave with an id and are acknowledged, and texts arrive',
    async () => {
      await simulator.client.settings({ build });
      const made = await linked();
      expect(made.events.find((event) => event.type === 'ready')).toEqual({
        type: 'ready',
        phoneNumber: PHONE,
        webVersion: build,
      });

      const receipt = await made.client.sendText(`${FRIEND}@c.us`, 'good morning', soon());
      if ('refused' in receipt) throw new Error(receipt.refused);
      const { waMessageId } = receipt;
      expect(waMessageId).toMatch(new RegExp(`^true_${FRIEND}@c.us_`));
      await until('an ack', () => Math.max(receipt.ack, made.acks.get(waMessageId) ?? 0) >= 1);
      expect(await simulator.client.sent(PHONE)).toHaveLength(1);
      const [own] = await made.client.ownMessagesSince(`${FRIEND}@c.us`, Date.now() - 60_000, soon());
      expect(own).toMatchObject({ waMessageId, body: 'good morning' });

      await simulator.client.deliver(PHONE, { from: FRIEND, body: 'plain' });
      await simulator.client.deliver(PHONE, { from: FRIEND, body: 'by lid', lid: true });
      await until('two messages', () => made.messages.length === 2);
      const [plain, byLid] = made.messages;
      expect(plain).toMatchObject({ from: `${FRIEND}@c.us`, body: 'plain', fromMe: false, to: `${PHONE}@c.us` });
      expect(byLid).toMatchObject({ from: `${FRIEND}@c.us`, body: 'by lid' });
      expect(byLid?.fromLid).toMatch(/@lid$/);
      expect(plain?.id).toMatch(/^false_/);
      expect(byLid?.id).not.toBe(plain?.id);

      const missed = await made.client.incomingSince(Date.now() - 60_000, soon());
      expect(missed.map(({ id }) => id).sort()).toEqual(made.messages.map(({ id }) => id).sort());
      expect((await made.client.chats(soon())).length).toBeGreaterThan(0);
      expect(count(made, 'ready')).toBe(1);
    },
    TEST_MS,
  );
});

test(
  'a text to a number that is not on WhatsApp is refused, and nothing leaves',
  async () => {
    const made = await linked();
    await simulator.client.settings({ unregisteredNumbers: ['499999999999'] });
    expect(await made.client.sendText('499999999999@c.us', 'hello', soon())).toEqual({ refused: 'unknown_number' });
    expect(await made.client.sendText('nobody', 'hello', soon())).toEqual({ refused: 'invalid_recipient' });
    expect(await made.client.contact('499999999999', soon())).toMatchObject({ registered: false });
    expect(await made.client.contact(FRIEND, soon())).toMatchObject({ registered: true });
    expect((await made.client.screenshot(soon())).subarray(1, 4).toString()).toBe('PNG');
    expect(await simulator.client.sent(PHONE)).toEqual([]);
  },
  TEST_MS,
);

test(
  'a sync that is over before anybody listens still makes ready, once',
  async () => {
    const made = await linked();
    await made.client.close('graceful');
    await simulator.client.settings({ syncDelayMs: 0 });
    const again = launch();
    await again.client.start(soon());
    await ready(again);
    await simulator.client.fault(PHONE, { kind: 'push-state', times: 5 });
    await pause(500);
    expect(count(again, 'ready')).toBe(1);
    expect(count(again, 'qr')).toBe(0);
    expect(count(again, 'navigated')).toBe(0);
  },
  TEST_MS,
);

test(
  'a renderer that dies is told once, and a reload brings the session back',
  async () => {
    const made = await linked();
    process.kill(rendererOf(pidOf(made)), 'SIGKILL');
    await until('the crash', () => count(made, 'page-crashed') > 0, 3000);
    const silent = await made.client.probe();
    expect(silent).toMatchObject({ pageAnswered: false, browserAnswered: true, voided: false });

    await made.client.reload(soon());
    await ready(made, 2);
    expect(count(made, 'page-crashed')).toBe(1);
    expect(await made.client.probe()).toMatchObject({ pageAnswered: true, injected: true, socketState: 'CONNECTED' });
    const receipt = await made.client.sendText(`${FRIEND}@c.us`, 'after the crash', soon());
    expect(receipt).toMatchObject({ waMessageId: expect.stringContaining(FRIEND) });
  },
  TEST_MS,
);

test(
  'a page in an endless loop is silent while the browser answers, and a reload frees it',
  async () => {
    const made = await linked();
    await simulator.client.fault(PHONE, { kind: 'hang-page' });
    await pause(300);
    expect(await made.client.probe()).toMatchObject({ pageAnswered: false, browserAnswered: true });
    await expect(made.client.chats(soon(500))).rejects.toMatchObject({ name: 'ClientError' });
    await made.client.reload(soon());
    await ready(made, 2);
    expect(count(made, 'page-crashed')).toBe(0);
  },
  TEST_MS,
);

test(
  'a browser that dies is told once',
  async () => {
    const made = await linked();
    process.kill(pidOf(made), 'SIGKILL');
    await until('the exit', () => count(made, 'browser-exited') > 0, 3000);
    await pause(300);
    expect(count(made, 'browser-exited')).toBe(1);
    expect(made.client.browser()).toBeNull();
    expect(await made.client.probe()).toMatchObject({ pageAnswered: false, browserAnswered: false });
    await expect(made.client.chats(soon())).rejects.toMatchObject({ reason: 'browser_crashed' });
  },
  TEST_MS,
);

test(
  'a page that reloads itself while it is being injected ends up injected once',
  async () => {
    const made = await linked();
    for (let times = 0; times < 4; times += 1) {
      await simulator.client.fault(PHONE, { kind: 'self-reload' });
      await pause(150 * times);
    }
    await until('the last document to be ready', () => count(made, 'ready') >= 2);
    await pause(1000);
    expect(await made.client.probe()).toMatchObject({ injected: true, socketState: 'CONNECTED' });
    await simulator.client.deliver(PHONE, { from: FRIEND, body: 'still there?' });
    await until('the message', () => made.messages.length > 0);
    await pause(200);
    expect(made.messages).toHaveLength(1);
  },
  TEST_MS,
);

test(
  'a start while WhatsApp cannot be reached says so, and leaves no browser',
  async () => {
    await simulator.client.fault('*', { kind: 'network-down' });
    const made = launch();
    await expect(made.client.start(soon())).rejects.toMatchObject({ reason: 'network_down' });
    const launched = made.events.find((event) => event.type === 'launched');
    expect(living(launched?.pid ?? 0)).toEqual([]);
  },
  TEST_MS,
);

test(
  'a reload while WhatsApp cannot be reached fails, and the next one brings the session back',
  async () => {
    const made = await linked();
    await simulator.client.fault('*', { kind: 'network-down' });
    await expect(made.client.reload(soon())).rejects.toMatchObject({ reason: 'network_down' });
    await simulator.client.clearFaults();
    await made.client.reload(soon());
    await ready(made, 2);
  },
  TEST_MS,
);

test.each([0, 30, 100, 300, 600, 1000])(
  'a close %i ms into the start calls it off and leaves no process',
  async (delayMs) => {
    const made = launch();
    const started = made.client.start(soon()).catch((error: unknown) => error);
    await pause(delayMs);
    await made.client.close('graceful');
    const launched = made.events.find((event) => event.type === 'launched');
    if (launched !== undefined) expect(living(launched.pid)).toEqual([]);
    const outcome = await started;
    if (outcome !== undefined) expect(outcome).toMatchObject({ name: 'ClientError', reason: 'stopped_by_operator' });
  },
  TEST_MS,
);

test(
  'a start whose time is over ends its browser before it says so',
  async () => {
    await simulator.client.settings({ loadDelayMs: 30_000 });
    const made = launch();
    await expect(made.client.start(soon(2500))).rejects.toMatchObject({ reason: 'init_timeout' });
    const launched = made.events.find((event) => event.type === 'launched');
    expect(living(launched?.pid ?? 0)).toEqual([]);
  },
  TEST_MS,
);

test(
  'a socket that stays in OPENING ends a start when its time is over',
  async () => {
    await simulator.client.fault('*', { kind: 'stalled-socket' });
    const made = launch();
    await expect(made.client.start(soon(2500))).rejects.toMatchObject({ reason: 'init_timeout' });
    expect(made.client.browser()).toBeNull();
  },
  TEST_MS,
);

test(
  'a page that reaches WhatsApp only after it was injected shows its QR code all the same',
  async () => {
    await simulator.client.fault('*', { kind: 'drop', forMs: 3000 });
    const made = launch();
    await made.client.start(soon());
    expect(count(made, 'qr')).toBe(0);
    const qr = await until('a QR code', () => made.events.find((event) => event.type === 'qr'));
    await simulator.client.scanQr(qr.text, PHONE);
    await ready(made);
    await pause(300);
    expect(count(made, 'ready')).toBe(1);
  },
  TEST_MS,
);

test(
  'a login that another page takes over is told as a conflict, and nothing is closed',
  async () => {
    const made = await linked();
    await simulator.client.fault(PHONE, { kind: 'conflict' });
    await until('the conflict', () =>
      made.events.find((event) => event.type === 'socket-state' && event.socketState === 'CONFLICT'),
    );
    await pause(300);
    expect(await made.client.probe()).toMatchObject({ pageAnswered: true, socketState: 'CONFLICT' });
    expect(count(made, 'logged-out') + count(made, 'failed') + count(made, 'browser-exited')).toBe(0);
  },
  TEST_MS,
);

const fullChromium = findBrowser({ executablePath: null, engine: 'chromium', env: {} });

// The headless shell takes no lock, so that only the full browser can refuse a profile.
(fullChromium === null ? test.skip : test)(
  'a profile that is locked by another host is in use',
  async () => {
    const config = loadConfig({ CHROME_PATH: fullChromium?.path, WAKEFUL_AUTH_DIR: folder }, folder);
    createClient = createWhatsAppClient({ config, logger, clock });
    await mkdir(join(folder, 'session-shop'));
    await symlink('another-host-4711', join(folder, 'session-shop', 'SingletonLock'));
    await expect(launch().client.start(soon())).rejects.toMatchObject({ reason: 'profile_in_use' });
  },
  TEST_MS,
);

test(
  'a program that is no browser fails the start with its own words',
  async () => {
    const config = loadConfig({ CHROME_PATH: '/bin/false' }, folder);
    createClient = createWhatsAppClient({ config, logger, clock });
    await expect(launch().client.start(soon())).rejects.toMatchObject({ reason: 'launch_failed' });
    const missing = loadConfig({ CHROME_PATH: join(folder, 'nothing') }, folder);
    createClient = createWhatsAppClient({ config: missing, logger, clock });
    await expect(launch().client.start(soon())).rejects.toMatchObject({ reason: 'browser_missing' });
  },
  TEST_MS,
);

test(
  'a device that the phone unlinks is told once, and shows no QR code in the old browser',
  async () => {
    const made = await linked();
    const shown = count(made, 'qr');
    await simulator.client.unlink(PHONE);
    await until('the logout', () => count(made, 'logged-out') > 0);
    await pause(1000);
    expect(count(made, 'logged-out')).toBe(1);
    expect(count(made, 'qr')).toBe(shown);
    expect(count(made, 'navigated')).toBe(0);
  },
  TEST_MS,
);

test(
  'a device that was unlinked while it was off is told once at the next start',
  async () => {
    const made = await linked();
    await made.client.close('graceful');
    await simulator.client.unlink(PHONE);
    const again = launch();
    await again.client.start(soon());
    await until('the logout', () => count(again, 'logged-out') > 0);
    await pause(500);
    expect(count(again, 'logged-out')).toBe(1);
    expect(count(again, 'qr')).toBe(0);
    expect(count(again, 'ready')).toBe(0);
  },
  TEST_MS,
);

test(
  'a logout by us unlinks the device and is told once',
  async () => {
    const made = await linked();
    await made.client.logout(soon());
    expect(count(made, 'logged-out')).toBe(1);
    expect((await simulator.client.accounts())[0]).toMatchObject({ linked: false });
  },
  TEST_MS,
);

test(
  'a close leaves no process, keeps the login, and nothing is told afterwards',
  async () => {
    const made = await linked();
    const pid = pidOf(made);
    await Promise.all([made.client.close('graceful'), made.client.close('graceful')]);
    expect(living(pid)).toEqual([]);
    const told = made.events.length;
    const again = launch();
    await again.client.start(soon());
    await ready(again);
    expect(count(again, 'qr')).toBe(0);
    expect(made.events).toHaveLength(told);
  },
  TEST_MS,
);

test(
  'a browser that is stopped dead is silent to the probe, and a close ends it all the same',
  async () => {
    const made = await linked();
    const pid = pidOf(made);
    process.kill(-pid, 'SIGSTOP');
    const [first, second] = [made.client.probe(), made.client.probe()];
    expect(second).toBe(first);
    expect(await first).toMatchObject({ pageAnswered: false, browserAnswered: false, voided: false });
    await made.client.close('kill');
    expect(living(pid)).toEqual([]);
  },
  TEST_MS,
);

test.each([
  ['TOS_BLOCK', 'banned'],
  ['DEPRECATED_VERSION', 'outdated'],
  ['PROXYBLOCK', 'proxy_blocked'],
] as const)(
  'the state %s at the start is told as %s',
  async (state, reason) => {
    const made = await linked();
    await made.client.close('graceful');
    await simulator.client.fault(PHONE, { kind: 'terminal', state });
    const again = launch();
    await again.client.start(soon());
    await until('the reason', () => again.events.find((event) => event.type === 'failed' && event.reason === reason));
  },
  TEST_MS,
);

test(
  'a QR code that nobody scans is shown anew after the page went idle',
  async () => {
    await simulator.client.settings({ qrRefs: 1, qrRotateMs: 300 });
    const made = launch();
    await made.client.start(soon());
    await until('the third QR code', () => count(made, 'qr') >= 3);
  },
  TEST_MS,
);

test(
  'a pairing code links the device as a QR code does',
  async () => {
    const made = launch();
    await made.client.start(soon());
    await until('a QR code', () => count(made, 'qr') > 0);
    const code = await made.client.requestPairingCode(PHONE, soon());
    await simulator.client.enterPairingCode(code, PHONE);
    await ready(made);
  },
  TEST_MS,
);
