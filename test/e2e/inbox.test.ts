import { createHmac, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import SqliteDatabase from 'better-sqlite3';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000061';
const ANN = '4917600000011';
const BOB = '4917600000022';
const HOUR_MS = 3_600_000;

interface Shown {
  id: string;
  from: string;
  chatId: string;
  body: string;
  media?: { mimeType: string; fileName?: string; sizeBytes: number; url: string; expiresAt: string };
  editedAt?: number;
  revokedAt?: number;
}

describe('what a number receives', () => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator({ settings: { syncDelayMs: 200 } });
    service = await place.start(simulator.browserWrapper);
    await linkSession(service, simulator, 'shop', PHONE);
  }, 120_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  async function inbox(): Promise<Shown[]> {
    const all: Shown[] = [];
    for (let after = ''; ; ) {
      const path = `/api/sessions/shop/inbox?limit=100${after}`;
      const { body } = await service.call<{ items: Shown[]; next?: string }>('GET', path);
      all.push(...body.items);
      if (body.next === undefined) return all;
      after = `&after=${body.next}`;
    }
  }
  const shown = (body: string) =>
    until(`"${body}" is received`, 20_000, async () => (await inbox()).find((one) => one.body === body));
  const bodiesFrom = async (chatId: string) =>
    (await inbox()).filter((one) => one.chatId === chatId).map(({ body }) => body);
  /** In the database of the stopped service. */
  const inDatabase = (statement: string) => {
    const database = new SqliteDatabase(join(place.dataDir, 'wakeful.db'));
    database.prepare(statement).run();
    database.close();
  };

  test('a file is there by its link, without a key, and only as it was given out', async () => {
    const bytes = randomBytes(700_000);
    const media = { mimetype: 'image/jpeg', filename: 'view.jpg', data: bytes.toString('base64') };
    await simulator.client.deliver(PHONE, { from: ANN, body: 'the view', media });
    const { media: file, ...message } = await shown('the view');
    if (!file) throw new Error('the message has no file');
    expect(message).toMatchObject({ from: `${ANN}@c.us`, type: 'image' });
    expect(file).toMatchObject({ mimeType: 'image/jpeg', fileName: 'view.jpg', sizeBytes: 700_000 });
    expect(file.url.startsWith(`${service.url}/media/med_`)).toBe(true);
    const weekFromNow = Date.now() + 7 * 24 * HOUR_MS;
    expect(Math.abs(Date.parse(file.expiresAt) - weekFromNow)).toBeLessThan(60_000);

    const answer = await fetch(file.url);
    expect(answer.status).toBe(200);
    expect(Buffer.from(await answer.arrayBuffer()).equals(bytes)).toBe(true);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename=view.jpg');
    expect(answer.headers.get('content-security-policy')).toContain('sandbox');
    const [name = ''] = readdirSync(join(place.dataDir, 'media', 'inbox'));
    expect(statSync(join(place.dataDir, 'media', 'inbox', name)).mode & 0o777).toBe(0o600);

    const changed = new URL(file.url);
    changed.searchParams.set('expires', String(Date.parse(file.expiresAt) + 1));
    expect((await fetch(changed)).status).toBe(403);
    const secret = readFileSync(join(place.dataDir, 'media-links.secret'), 'utf8');
    const past = Date.now() - 1;
    changed.searchParams.set('expires', String(past));
    const id = changed.pathname.replace('/media/', '');
    changed.searchParams.set('signature', createHmac('sha256', secret).update(`${id} ${past}`).digest('base64url'));
    expect((await fetch(changed)).status).toBe(410);
  }, 60_000);

  test('a file that cannot be downloaded at once comes with a later try, and whoever asks meanwhile waits', async () => {
    await simulator.client.settings({ mediaStatus: 500 });
    const media = { mimetype: 'audio/ogg', data: Buffer.from('la la la').toString('base64') };
    await simulator.client.deliver(PHONE, { from: ANN, body: 'a song', media });
    const { media: file } = await shown('a song');
    await until('a download failed', 10_000, () => service.log.some(({ event }) => event === 'message.media_failed'));
    const asked = fetch(file?.url ?? '');
    await simulator.client.settings({ mediaStatus: null });
    expect(await (await asked).text()).toBe('la la la');
  }, 60_000);

  test('edits and deletions show in the inbox, and a deleted file is gone', async () => {
    const { id } = await simulator.client.deliver(PHONE, { from: ANN, body: 'helo' });
    await shown('helo');
    await simulator.client.editMessage(PHONE, { messageId: id, body: 'hello' });
    expect((await shown('hello')).editedAt).toBeGreaterThan(0);

    const media = { mimetype: 'image/png', data: Buffer.from('secret').toString('base64') };
    const private_ = await simulator.client.deliver(PHONE, { from: ANN, body: 'for your eyes only', media });
    const { id: waId, media: file } = await shown('for your eyes only');
    expect((await fetch(file?.url ?? '')).status).toBe(200);
    const files = () => readdirSync(join(place.dataDir, 'media', 'inbox')).length;
    const before = files();
    await simulator.client.revokeMessage(PHONE, private_.id);
    const gone = await until('the deletion shows', 10_000, async () =>
      (await inbox()).find((one) => one.id === waId && one.revokedAt !== undefined),
    );
    expect(gone).toMatchObject({ body: '' });
    expect(gone).not.toHaveProperty('media');
    expect((await fetch(file?.url ?? '')).status).toBe(404);
    await until('the file is deleted', 5_000, () => files() === before - 1);
  }, 60_000);

  test('300 messages that came while the service was off are each there once, in the order of their chats', async () => {
    await service.end('SIGTERM');
    const group = { id: '120363000000000001', name: 'Friends' };
    const sent: Record<string, string[]> = { [`${ANN}@c.us`]: [], [`${BOB}@c.us`]: [], [`${group.id}@g.us`]: [] };
    for (let n = 0; n < 300; n += 1) {
      const [from, inGroup] = [
        [ANN, false],
        [BOB, false],
        [n % 2 ? ANN : BOB, true],
      ][n % 3] as [string, boolean];
      const body = `away ${n}`;
      await simulator.client.deliver(PHONE, { from, body, lid: false, ...(inGroup ? { group } : {}) });
      sent[inGroup ? `${group.id}@g.us` : `${from}@c.us`]?.push(body);
    }
    service = await place.start(simulator.browserWrapper);
    await service.reaches('shop', 'connected');
    await simulator.client.deliver(PHONE, { from: ANN, body: 'now' });
    await shown('now');
    const check = async () => {
      for (const [chatId, bodies] of Object.entries(sent)) {
        const received = (await bodiesFrom(chatId)).filter((body) => body.startsWith('away'));
        expect(received).toEqual(bodies);
      }
      expect((await bodiesFrom(`${ANN}@c.us`)).at(-1)).toBe('now');
      const all = await inbox();
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    };
    await check();
    // Killed and started again, it reads the same chats again and takes nothing twice.
    await service.end('SIGKILL');
    service = await place.start(simulator.browserWrapper);
    await service.reaches('shop', 'connected');
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    await check();
  }, 180_000);

  test('a kill in the middle of a catch-up does not shorten what has to be caught up', async () => {
    await service.end('SIGTERM');
    inDatabase(`update session set created_at = created_at - ${24 * HOUR_MS}`);
    inDatabase(`update session set inbox_newest_at = inbox_newest_at - ${2 * HOUR_MS}, inbox_gap_since = null`);
    service = await place.start(simulator.browserWrapper);
    await service.reaches('shop', 'connected');
    await simulator.client.deliver(PHONE, { from: BOB, body: 'just now' });
    await shown('just now');
    // Only the last look, 15 s later, would have closed the gap.
    await service.end('SIGKILL');
    await simulator.client.deliver(PHONE, { from: ANN, body: 'an hour ago', sentAgoMs: HOUR_MS });
    service = await place.start(simulator.browserWrapper);
    await service.reaches('shop', 'connected');
    expect((await shown('an hour ago')).from).toBe(`${ANN}@c.us`);
  }, 120_000);

  test('a LID is known again after a restart, when WhatsApp tells nobody any more whose it is', async () => {
    await simulator.client.deliver(PHONE, { from: BOB, body: 'with my lid', lid: true });
    await shown('with my lid');
    await service.end('SIGKILL');
    await simulator.client.settings({ hidesLids: true });
    service = await place.start(simulator.browserWrapper);
    await service.reaches('shop', 'connected');
    await simulator.client.deliver(PHONE, { from: BOB, body: 'once more', lid: true, device: 4 });
    expect(await shown('once more')).toMatchObject({
      from: `${BOB}@c.us`,
      fromLid: expect.stringMatching(/^\d+@lid$/),
    });
  }, 120_000);

  test('what the owner writes on the phone comes when that is asked for, and never what was sent over the API', async () => {
    await simulator.client.writeOnPhone(PHONE, { to: ANN, body: 'from the phone, unasked' });
    await service.end('SIGTERM');
    service = await place.start(simulator.browserWrapper, { messages: { includeOwn: true } });
    await service.reaches('shop', 'connected');
    const text = 'over the API';
    const sent = await service.call('POST', '/api/sessions/shop/messages', { to: ANN, text }, { prefer: 'wait=20' });
    expect(sent.status).toBe(200);
    await simulator.client.writeOnPhone(PHONE, { to: ANN, body: 'from the phone' });
    const own = await shown('from the phone');
    expect(own).toMatchObject({ fromMe: true, from: `${PHONE}@c.us`, chatId: `${ANN}@c.us` });
    await service.end('SIGKILL');
    service = await place.start(simulator.browserWrapper, { messages: { includeOwn: true } });
    await service.reaches('shop', 'connected');
    await simulator.client.deliver(PHONE, { from: ANN, body: 'the end' });
    await shown('the end');
    expect((await inbox()).map(({ body }) => body)).not.toContain(text);
  }, 120_000);
});
