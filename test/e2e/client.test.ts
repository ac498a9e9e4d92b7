import { mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { BUILD_AFTER, BUILD_BEFORE } from '../../simulator/client.js';
import { findBrowser } from '../../src/adapters/chromium/browser-finder.js';
import { ClientBench, FRIEND, livingIn, PHONE, within } from '../adapters/wwebjs/support/client-bench.js';
import { aText } from '../support/outbox-message.js';
import { until } from '../support/until.js';

jest.setTimeout(60_000);

const bench = new ClientBench();
beforeAll(() => bench.open());
afterAll(() => bench.close());
beforeEach(() => bench.prepare());
afterEach(() => bench.clear());

describe.each([
  ['before July 2026', BUILD_BEFORE],
  ['after July 2026', BUILD_AFTER],
])('on a build from %s', (_name, build) => {
  test('a scanned QR code makes ready, and texts leave with an id and are acknowledged', async () => {
    await bench.simulator.client.settings({ build });
    const made = await bench.linked();
    const ready = made.events.find(({ type }) => type === 'ready');
    expect(ready).toEqual({ type: 'ready', phoneNumber: PHONE, webVersion: build });

    const since = Date.now() - 60_000;
    const receipt = await made.client.send(aText(`${FRIEND}@c.us`, 'good morning'), within());
    if ('refused' in receipt) throw new Error(receipt.refused);
    const { waMessageId } = receipt;
    expect(waMessageId).toMatch(new RegExp(`^true_${FRIEND}@c.us_`));
    await until('an ack', 5000, () => Math.max(receipt.ack, made.acks.get(waMessageId) ?? 0) >= 1);
    expect(await bench.simulator.client.sent(PHONE)).toHaveLength(1);
    const [own] = await made.client.ownMessagesSince(`${FRIEND}@c.us`, since, within());
    expect(own).toMatchObject({ waMessageId, words: 'good morning' });
  });

  test('texts arrive with the real number of their sender, and are found again afterwards', async () => {
    await bench.simulator.client.settings({ build });
    const made = await bench.linked();
    const since = Date.now() - 60_000;
    await bench.simulator.client.deliver(PHONE, { from: FRIEND, body: 'plain' });
    await bench.simulator.client.deliver(PHONE, { from: FRIEND, body: 'by lid', lid: true });
    await until('both messages', 5000, () => made.messages.length === 2);

    const [plain, byLid] = made.messages;
    expect(plain).toMatchObject({ from: `${FRIEND}@c.us`, body: 'plain', fromMe: false, to: `${PHONE}@c.us` });
    expect(byLid).toMatchObject({ from: `${FRIEND}@c.us`, body: 'by lid' });
    expect(byLid?.fromLid).toMatch(/@lid$/);
    expect(plain?.id).toMatch(/^false_/);
    expect(byLid?.id).not.toBe(plain?.id);

    const { messages: found } = await made.client.incomingSince(since, within());
    expect(found.map(({ id }) => id).sort()).toEqual(made.messages.map(({ id }) => id).sort());
    const [chat] = await made.client.chats(within());
    expect(chat).toMatchObject({ isGroup: false, unreadCount: expect.any(Number) });
  });

  test('a text that nobody heard of, since the session was off, is found at the next start', async () => {
    await bench.simulator.client.settings({ build });
    const made = await bench.linked();
    await made.client.close('graceful');
    const since = Date.now() - 60_000;
    await bench.simulator.client.deliver(PHONE, { from: FRIEND, body: 'are you there?' });
    const again = bench.launch();
    await again.client.start(within());
    await again.saw('ready');
    const { messages: found } = await again.client.incomingSince(since, within());
    expect(found).toMatchObject([{ body: 'are you there?', from: `${FRIEND}@c.us` }]);
  });
});

test('a text in a group names its author and the group, and the group can be answered', async () => {
  const made = await bench.linked();
  const group = { id: '4915-1600', name: 'Friends' };
  await bench.simulator.client.deliver(PHONE, { from: FRIEND, body: 'to all', group });
  await until('the message', 5000, () => made.messages.length === 1);
  expect(made.messages[0]).toMatchObject({ from: `${FRIEND}@c.us`, chatId: `${group.id}@g.us`, body: 'to all' });
  const receipt = await made.client.send(aText(`${group.id}@g.us`, 'heard'), within());
  expect(receipt).toMatchObject({ waMessageId: expect.stringContaining(`true_${group.id}@g.us_`) });
});

test('a text to a number that is not on WhatsApp is refused, and nothing leaves', async () => {
  const { client } = await bench.linked();
  await bench.simulator.client.settings({ unregisteredNumbers: ['499999999999'] });
  expect(await client.send(aText('499999999999@c.us', 'hello'), within())).toEqual({ refused: 'unknown_number' });
  expect(await client.send(aText('nobody', 'hello'), within())).toEqual({ refused: 'invalid_recipient' });
  expect(await client.contact('499999999999', within())).toMatchObject({ registered: false, id: null });
  expect(await client.contact(FRIEND, within())).toMatchObject({ registered: true, id: `${FRIEND}@c.us` });
  expect(await bench.simulator.client.sent(PHONE)).toEqual([]);
  expect((await client.screenshot(within())).subarray(1, 4).toString()).toBe('PNG');
});

test('a sync that is over before anybody listens still makes ready, once', async () => {
  const made = await bench.linked();
  await made.client.close('graceful');
  await bench.simulator.client.settings({ syncDelayMs: 0 });
  const again = bench.launch();
  await again.client.start(within());
  await again.saw('ready');
  await bench.simulator.client.fault(PHONE, { kind: 'push-state', times: 5 });
  await pause(500);
  expect(again.count('ready')).toBe(1);
  expect(again.count('qr')).toBe(0);
  expect(again.count('navigated')).toBe(0);
});

test('a QR code that nobody scans is shown anew after the page went idle', async () => {
  await bench.simulator.client.settings({ qrRefs: 1, qrRotateMs: 300 });
  const made = bench.launch();
  await made.client.start(within());
  await made.saw('qr', 3);
});

test('a pairing code links the device as a QR code does', async () => {
  const made = bench.launch();
  await made.client.start(within());
  await made.saw('qr');
  const code = await made.client.requestPairingCode(PHONE, within());
  await bench.simulator.client.enterPairingCode(code, PHONE);
  await made.saw('ready');
});

test('a close leaves no process, keeps the login, and nothing is told afterwards', async () => {
  const made = await bench.linked();
  const told = made.events.length;
  await Promise.all([made.client.close('graceful'), made.client.close('graceful')]);
  expect(livingIn(made.pid)).toEqual([]);
  const again = bench.launch();
  await again.client.start(within());
  await again.saw('ready');
  expect(again.count('qr')).toBe(0);
  expect(made.events).toHaveLength(told);
});

test.each([0, 30, 100, 300, 600, 1000])(
  'a close %i ms into the start calls it off, and no process stays',
  async (ms) => {
    const made = bench.launch();
    const started = made.client.start(within()).catch((error: unknown) => error);
    await pause(ms);
    await made.client.close('graceful');
    expect(made.pid === 0 ? [] : livingIn(made.pid)).toEqual([]);
    const outcome = await started;
    if (outcome !== undefined) expect(outcome).toMatchObject({ name: 'ClientError', reason: 'stopped_by_operator' });
  },
);

test('a program that is no browser fails the start', async () => {
  await expect(bench.launch('/bin/false').client.start(within())).rejects.toMatchObject({ reason: 'launch_failed' });
  const missing = bench.launch(join(bench.folder, 'nothing'));
  await expect(missing.client.start(within())).rejects.toMatchObject({ reason: 'browser_missing' });
});

test('a profile that is locked by another host is in use', async () => {
  // The headless shell takes no lock, so that only the full browser can refuse a profile.
  const full = findBrowser({ executablePath: null, engine: 'chromium', env: {} });
  if (full === null) return;
  await mkdir(join(bench.folder, 'session-shop'));
  await symlink('another-host-4711', join(bench.folder, 'session-shop', 'SingletonLock'));
  await expect(bench.launch(full.path).client.start(within())).rejects.toMatchObject({ reason: 'profile_in_use' });
});
