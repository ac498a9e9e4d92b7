import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import { ClientBench, FRIEND, livingIn, PHONE, renderersOf, within } from '../adapters/wwebjs/support/client-bench.js';
import { aText } from '../support/outbox-message.js';
import { stateOf } from '../support/processes.js';
import { until } from '../support/until.js';

jest.setTimeout(60_000);

const bench = new ClientBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.prepare());
// Also fails the test before it when any rejection went unhandled.
afterEach(() => bench.clear());

test('a renderer that dies is told once, and a reload brings the session back', async () => {
  const made = await bench.linked();
  for (const pid of renderersOf(made.pid)) process.kill(pid, 'SIGKILL');
  await made.saw('page-crashed', 1, 3000);
  expect(await made.client.probe()).toMatchObject({ pageAnswered: false, browserAnswered: true, voided: false });

  await made.client.reload(within());
  await made.saw('ready', 2);
  expect(made.count('page-crashed')).toBe(1);
  expect(await made.client.probe()).toMatchObject({ pageAnswered: true, injected: true, socketState: 'CONNECTED' });
  const receipt = await made.client.send(aText(`${FRIEND}@c.us`, 'after the crash'), within());
  expect(receipt).toMatchObject({ waMessageId: expect.stringContaining(FRIEND) });
});

test('a page in an endless loop is silent while the browser answers, and a reload frees it', async () => {
  const made = await bench.linked();
  await bench.simulator.client.fault(PHONE, { kind: 'hang-page' });
  await pause(300);
  expect(await made.client.probe()).toMatchObject({ pageAnswered: false, browserAnswered: true });
  await expect(made.client.chats(within(500))).rejects.toMatchObject({ name: 'ClientError' });
  await made.client.reload(within());
  await made.saw('ready', 2);
  expect(made.count('page-crashed')).toBe(0);
});

test('a browser that dies is told once', async () => {
  const made = await bench.linked();
  process.kill(made.pid, 'SIGKILL');
  await made.saw('browser-exited', 1, 3000);
  await pause(300);
  expect(made.count('browser-exited')).toBe(1);
  expect(made.client.browser()).toBeNull();
  expect(await made.client.probe()).toMatchObject({ pageAnswered: false, browserAnswered: false });
  await expect(made.client.chats(within())).rejects.toMatchObject({ reason: 'browser_crashed' });
});

test('a browser that is stopped is found without waiting for its answer, and a close ends it all the same', async () => {
  const made = await bench.linked();
  process.kill(-made.pid, 'SIGSTOP');
  // A signal is on its way for a moment, on a busy machine for longer.
  await until('it is stopped', 5000, () => stateOf(made.pid) === 'T');
  const [first, second] = [made.client.probe(), made.client.probe()];
  expect(second).toBe(first);
  expect(await first).toMatchObject({ pageAnswered: false, browserAnswered: false, voided: false, latencyMs: 0 });
  await made.client.close('kill');
  expect(livingIn(made.pid)).toEqual([]);
});

test('a renderer that is stopped is found sooner than one that hangs, and well again when it goes on', async () => {
  const made = await bench.linked();
  const renderers = renderersOf(made.pid);
  for (const pid of renderers) process.kill(pid, 'SIGSTOP');
  await until('they are stopped', 5000, () => renderers.every((pid) => stateOf(pid) === 'T'));
  const seen = await made.client.probe();
  expect(seen).toMatchObject({ pageAnswered: false, browserAnswered: true, voided: false });
  expect(seen.latencyMs).toBeLessThan(1000);
  for (const pid of renderers) process.kill(pid, 'SIGCONT');
  await until('an answer', 5000, async () => (await made.client.probe()).pageAnswered);
});

test.each([0, 100, 200, 300, 400, 600, 800])(
  'a browser that is killed %i ms after its launch fails the start',
  async (ms) => {
    const made = bench.launch();
    const started = made.client.start(within()).catch((error: unknown) => error);
    await made.saw('launched');
    await pause(ms);
    process.kill(-made.pid, 'SIGKILL');
    const outcome = await started;
    if (outcome !== undefined) expect(outcome).toMatchObject({ name: 'ClientError', reason: 'launch_failed' });
    else await made.saw('browser-exited');
  },
);

test('a page that reloads itself while it is being injected ends up injected once', async () => {
  const made = await bench.linked();
  for (let times = 0; times < 4; times += 1) {
    await bench.simulator.client.fault(PHONE, { kind: 'self-reload' });
    await pause(150 * times);
  }
  await made.saw('ready', 2);
  expect(made.count('navigated')).toBeGreaterThan(0);
  await pause(1000);
  expect(await made.client.probe()).toMatchObject({ injected: true, socketState: 'CONNECTED' });
  await bench.simulator.client.deliver(PHONE, { from: FRIEND, body: 'still there?' });
  await until('the message', 5000, () => made.messages.length > 0);
  await pause(200);
  expect(made.messages).toHaveLength(1);
});

test('a start while WhatsApp cannot be reached says so, and leaves no browser', async () => {
  await bench.simulator.client.fault('*', { kind: 'network-down' });
  const made = bench.launch();
  await expect(made.client.start(within())).rejects.toMatchObject({ reason: 'network_down' });
  expect(livingIn(made.pid)).toEqual([]);
});

test('a start into a network that swallows everything says so when its time is over', async () => {
  await bench.simulator.client.fault('*', { kind: 'black-hole' });
  const made = bench.launch(undefined, {}, { launchMs: 15_000 });
  await expect(made.client.start(within())).rejects.toMatchObject({ reason: 'network_down' });
  expect(livingIn(made.pid)).toEqual([]);

  await bench.simulator.client.clearFaults();
  await bench.simulator.client.settings({ loadDelayMs: 60_000 });
  const loaded = bench.launch(undefined, {}, { launchMs: 8000 });
  const started = loaded.client.start(within());
  await until('the page has come', 8000, () => loaded.pages.loads.length > 0);
  await bench.simulator.client.fault('*', { kind: 'black-hole' });
  await expect(started).rejects.toMatchObject({ reason: 'network_down' });
});

test('a reload while WhatsApp cannot be reached fails, and the next one brings the session back', async () => {
  const made = await bench.linked();
  await bench.simulator.client.fault('*', { kind: 'network-down' });
  await expect(made.client.reload(within())).rejects.toMatchObject({ reason: 'network_down' });
  await bench.simulator.client.clearFaults();
  await made.client.reload(within());
  await made.saw('ready', 2);
});

test('a start whose time is over ends its browser before it says so', async () => {
  await bench.simulator.client.settings({ loadDelayMs: 30_000 });
  const made = bench.launch();
  await expect(made.client.start(within(5000))).rejects.toMatchObject({ reason: 'init_timeout' });
  expect(livingIn(made.pid)).toEqual([]);
});

test('a socket that stays in OPENING ends a start when its time is over', async () => {
  await bench.simulator.client.fault('*', { kind: 'stalled-socket' });
  const made = bench.launch();
  await expect(made.client.start(within(2500))).rejects.toMatchObject({ reason: 'init_timeout' });
  expect(made.client.browser()).toBeNull();
});

test('a page that reaches WhatsApp only after it was injected shows its QR code all the same', async () => {
  await bench.simulator.client.fault('*', { kind: 'drop', forMs: 60_000 });
  const made = bench.launch();
  await made.client.start(within());
  expect(made.count('qr')).toBe(0);
  await bench.simulator.client.clearFaults();
  await bench.simulator.client.scanQr(await made.qr(), PHONE);
  await made.saw('ready');
  await pause(300);
  expect(made.count('ready')).toBe(1);
});

test('a connection that breaks is told by the states of the socket, and heals without a new ready', async () => {
  const made = await bench.linked();
  const states = () => made.events.flatMap((event) => (event.type === 'socket-state' ? [event.socketState] : []));
  await bench.simulator.client.fault(PHONE, { kind: 'drop', forMs: 1000 });
  await until('the loss', 5000, () => states().at(-1) !== 'CONNECTED');
  await until('the return', 10_000, () => states().at(-1) === 'CONNECTED');
  expect(made.count('ready')).toBe(1);
});

test('a login that another page takes over is told as a conflict, and nothing is closed', async () => {
  const made = await bench.linked();
  await bench.simulator.client.fault(PHONE, { kind: 'conflict' });
  const conflict = () => made.events.some((event) => event.type === 'socket-state' && event.socketState === 'CONFLICT');
  await until('the conflict', 5000, conflict);
  await pause(300);
  expect(await made.client.probe()).toMatchObject({ pageAnswered: true, socketState: 'CONFLICT' });
  expect(made.count('logged-out') + made.count('failed') + made.count('browser-exited')).toBe(0);
});

test.each([
  ['TOS_BLOCK', 'banned'],
  ['DEPRECATED_VERSION', 'outdated'],
  ['PROXYBLOCK', 'proxy_blocked'],
] as const)('the state %s at the start is told as %s', async (state, reason) => {
  const made = await bench.linked();
  await made.client.close('graceful');
  await bench.simulator.client.fault(PHONE, { kind: 'terminal', state });
  const again = bench.launch();
  await again.client.start(within());
  await again.saw('failed');
  expect(again.events).toContainEqual(expect.objectContaining({ type: 'failed', reason }));
});

test('a device that the phone unlinks is told once, and shows no QR code in the old browser', async () => {
  const made = await bench.linked();
  const shown = made.count('qr');
  await bench.simulator.client.unlink(PHONE);
  await made.saw('logged-out');
  await pause(1000);
  expect(made.count('logged-out')).toBe(1);
  expect(made.count('qr')).toBe(shown);
  expect(made.count('navigated')).toBe(0);
});

test('a device that was unlinked while it was off is told once at the next start', async () => {
  const made = await bench.linked();
  await made.client.close('graceful');
  await bench.simulator.client.unlink(PHONE);
  const again = bench.launch();
  await again.client.start(within());
  await again.saw('logged-out');
  await pause(500);
  expect(again.count('logged-out')).toBe(1);
  expect(again.count('qr') + again.count('ready')).toBe(0);
});

test('a logout by us unlinks the device and is told once', async () => {
  const made = await bench.linked();
  await made.client.logout(within());
  expect(made.count('logged-out')).toBe(1);
  expect((await bench.simulator.client.accounts())[0]).toMatchObject({ linked: false });
});
