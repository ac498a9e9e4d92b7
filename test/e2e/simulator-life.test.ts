import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { BUILD_AFTER, BUILD_BEFORE, type Simulator, startSimulator } from '../../simulator/client.js';
import { Library } from '../simulator/library.js';

jest.setTimeout(60_000);

const NUMBER = '491511111111';
const ANN = '491522222222';
const ANN_CHAT = `${ANN}@c.us`;

/** A browser that is still closing may write into its profile for a moment. */
const REMOVE = { recursive: true, force: true, maxRetries: 20, retryDelay: 100 } as const;

/** One simulator, one profile and one library process, for a group of tests that tell one story in order. */
function story(build: string): {
  readonly simulator: Simulator;
  readonly library: Library;
  /** A folder that goes with the story. */
  readonly folder: string;
  start(extra?: object): Promise<void>;
} {
  const parts = {} as { simulator: Simulator; library: Library; folder: string };
  beforeAll(async () => {
    parts.folder = await mkdtemp(join(tmpdir(), 'wakeful-sim-story-'));
    parts.simulator = await startSimulator({ settings: { build, reconnectDelayMs: 200, keepAliveMs: 1_000 } });
    parts.library = await Library.spawn();
  });
  afterAll(async () => {
    await parts.library.call('stop').catch(() => undefined);
    await parts.library.kill();
    await parts.simulator.stop();
    await rm(parts.folder, REMOVE);
  });
  return {
    get simulator() {
      return parts.simulator;
    },
    get library() {
      return parts.library;
    },
    get folder() {
      return parts.folder;
    },
    async start(extra = {}) {
      const { simulator, folder, library } = parts;
      const userDataDir = join(folder, 'profile');
      await library.call('start', { executablePath: simulator.browserWrapper, userDataDir, ...extra });
    },
  };
}

describe('unmodified whatsapp-web.js on a build from before July 2026', () => {
  const wa = story(BUILD_BEFORE);

  it('links by QR code and becomes ready', async () => {
    const started = wa.start();
    await wa.simulator.client.scanQr(String(await wa.library.next('qr')), NUMBER);
    await wa.library.next('authenticated');
    await wa.library.next('ready');
    await started;
    expect(await wa.library.call('state')).toBe('CONNECTED');
    expect(await wa.library.call('version')).toBe(BUILD_BEFORE);
  });

  it('sends, and sees the acks 1 to 3', async () => {
    const sent = (await wa.library.call('send', { to: ANN_CHAT, body: 'hello' })) as { id: string };
    expect(sent).toMatchObject({ ack: 0, to: ANN_CHAT });
    for (const ack of [1, 2, 3]) expect(await wa.library.next('message_ack', sent.id)).toMatchObject({ ack });
    expect(await wa.simulator.client.sent(NUMBER)).toMatchObject([{ to: ANN, body: 'hello', receivedCount: 1 }]);
  });

  it('receives, and lists chats, messages and contacts', async () => {
    await wa.simulator.client.deliver(NUMBER, { from: ANN, body: 'hi there', fromName: 'Ann' });
    expect(await wa.library.next('message')).toMatchObject({ from: ANN_CHAT, body: 'hi there' });
    expect(await wa.library.call('chats')).toMatchObject([{ unread: 1, last: 'hi there' }]);
    expect(await wa.library.call('history', { chat: ANN_CHAT })).toEqual(['hello', 'hi there']);
    expect(await wa.library.call('contactName', { id: ANN_CHAT })).toBe('Ann');
    expect(await wa.library.call('registered', { id: ANN_CHAT })).toBe(true);
  });

  it('sends and downloads media', async () => {
    const media = { mimetype: 'image/png', data: Buffer.from('a picture').toString('base64'), filename: 'a.png' };
    const sent = (await wa.library.call('send', { to: ANN_CHAT, media })) as { id: string };
    expect(sent).toMatchObject({ hasMedia: true });
    expect(await wa.library.call('download', { id: sent.id })).toMatchObject({
      data: media.data,
      mimetype: 'image/png',
    });
    await wa.simulator.client.deliver(NUMBER, { from: ANN, body: 'look', media });
    const received = (await wa.library.next('message')) as { id: string };
    expect(await wa.library.call('download', { id: received.id })).toMatchObject({ data: media.data });
  });

  it('knows the number behind a lid, and hears reactions, edits and revocations', async () => {
    const { client } = wa.simulator;
    const { id } = await client.deliver(NUMBER, { from: '491533333333', body: 'by lid', lid: true });
    const { from } = (await wa.library.next('message')) as { from: string };
    expect(from).toMatch(/@lid$/);
    expect(await wa.library.call('lidAndPhone', { id: from })).toEqual([{ lid: from, pn: '491533333333@c.us' }]);
    await client.react(NUMBER, { from: '491533333333', messageId: id, emoji: '👍' });
    expect(await wa.library.next('message_reaction')).toMatchObject({ reaction: '👍' });
    await client.editMessage(NUMBER, { messageId: id, body: 'better' });
    expect(await wa.library.next('message_edit')).toEqual({ body: 'better' });
    await client.revokeMessage(NUMBER, id);
    expect(await wa.library.next('message_revoke_everyone')).toEqual({ type: 'revoked' });
  });

  it('hears and answers a group', async () => {
    await wa.simulator.client.deliver(NUMBER, { from: ANN, body: 'all', group: { id: '120363000', name: 'Friends' } });
    const heard = (await wa.library.next('message')) as { id: string };
    expect(heard).toMatchObject({
      from: '120363000@g.us',
      author: ANN_CHAT,
      id: expect.stringMatching(/_491522222222@c.us$/),
    });
    const options = { quotedMessageId: heard.id };
    const sent = (await wa.library.call('send', { to: '120363000@g.us', body: 'me too', options })) as { id: string };
    expect(sent.id).toMatch(/^true_120363000@g.us_\w+_491511111111@c.us$/);
    expect(await wa.library.call('chats')).toContainEqual({
      name: 'Friends',
      isGroup: true,
      unread: 0,
      last: 'me too',
    });
  });

  it('sends what was written offline when the socket comes back, once', async () => {
    const { client } = wa.simulator;
    wa.library.forget();
    await client.fault(NUMBER, { kind: 'drop', forMs: 300 });
    expect(await wa.library.next('change_state')).toBe('OPENING');
    const { id } = (await wa.library.call('send', { to: ANN_CHAT, body: 'from offline' })) as { id: string };
    for (const ack of [1, 2, 3]) expect(await wa.library.next('message_ack', id)).toMatchObject({ ack });
    const arrived = (await client.sent(NUMBER)).filter(({ body }) => body === 'from offline');
    expect(arrived).toMatchObject([{ receivedCount: 1, ack: 3 }]);
  });

  it('goes through OPENING and TIMEOUT to CONNECTED when the network is away for a while', async () => {
    wa.library.forget();
    await wa.simulator.client.fault('*', { kind: 'network-down', forMs: 1_500 });
    for (const state of ['OPENING', 'TIMEOUT', 'CONNECTED']) expect(await wa.library.next('change_state')).toBe(state);
  });

  it('notices by itself that nothing passes any more', async () => {
    wa.library.forget();
    await wa.simulator.client.fault(NUMBER, { kind: 'black-hole' });
    expect(await wa.library.next('change_state')).toBe('OPENING');
    await wa.simulator.client.clearFaults();
    while ((await wa.library.call('state')) !== 'CONNECTED') await wa.library.next('change_state');
  });

  it('comes back from the same profile without a QR code, and missed messages are in the chat only', async () => {
    await wa.library.call('stop');
    await wa.simulator.client.deliver(NUMBER, { from: ANN, body: 'while you were away' });
    wa.library.forget();
    await wa.start();
    await wa.library.next('ready');
    expect(await wa.library.call('history', { chat: ANN_CHAT })).toContain('while you were away');
    expect(wa.library.has('qr')).toBe(false);
    expect(wa.library.has('message')).toBe(false);
  });

  it('says LOGOUT when the phone unlinks it, and shows a QR code again', async () => {
    await wa.simulator.client.unlink(NUMBER);
    expect(await wa.library.next('disconnected')).toBe('LOGOUT');
    await wa.library.next('qr');
  });

  it('links by pairing code', async () => {
    await wa.library.call('stop');
    const started = wa.start({ pairWithPhoneNumber: NUMBER });
    await wa.simulator.client.enterPairingCode(String(await wa.library.next('code')), NUMBER);
    await wa.library.next('ready');
    await started;
    expect(await wa.simulator.client.accounts()).toMatchObject([{ linked: true, connections: 1 }]);
  });

  it('loses its renderer when told to crash', async () => {
    await wa.simulator.client.fault(NUMBER, { kind: 'crash-page' });
    const connections = async (): Promise<number | undefined> => (await wa.simulator.client.accounts())[0]?.connections;
    while ((await connections()) !== 0) await new Promise((resolve) => setTimeout(resolve, 50));
  });
});

describe('unmodified whatsapp-web.js on a build from after July 2026', () => {
  const wa = story(BUILD_AFTER);

  it('still becomes ready', async () => {
    const started = wa.start();
    await wa.simulator.client.scanQr(String(await wa.library.next('qr')), NUMBER);
    await wa.library.next('ready');
    await started;
  });

  it('gets nothing back from a send, although the message leaves', async () => {
    expect(await wa.library.call('send', { to: ANN_CHAT, body: 'hello' })).toBeNull();
    expect(await wa.library.next('message_ack')).toMatchObject({ ack: 1 });
    expect(await wa.simulator.client.sent(NUMBER)).toMatchObject([{ to: ANN, body: 'hello' }]);
  });

  it('cannot list its chats', async () => {
    await expect(wa.library.call('chats')).rejects.toThrow('MsgKey');
  });

  it('receives messages, whose keys have no _serialized', async () => {
    await wa.simulator.client.deliver(NUMBER, { from: ANN, body: 'hi' });
    expect(await wa.library.next('message')).toMatchObject({ body: 'hi', id: expect.stringMatching(/^false_/) });
  });
});

describe('a page that whatsapp-web.js kept from an earlier build', () => {
  const wa = story(BUILD_BEFORE);

  it('keeps the ways of its build, when WhatsApp has moved on', async () => {
    const pinned = { webVersion: BUILD_BEFORE, versionCache: join(wa.folder, 'versions') };
    const started = wa.start(pinned);
    await wa.simulator.client.scanQr(String(await wa.library.next('qr')), NUMBER);
    await wa.library.next('ready');
    await started;
    await wa.library.call('stop');

    await wa.simulator.client.settings({ build: BUILD_AFTER, brokenBuilds: [BUILD_AFTER] });
    await wa.start(pinned);
    await wa.library.next('ready');
    expect(await wa.library.call('version')).toBe(BUILD_BEFORE);
    expect(await wa.library.call('send', { to: ANN_CHAT, body: 'hello' })).toMatchObject({ to: ANN_CHAT });
  });
});
