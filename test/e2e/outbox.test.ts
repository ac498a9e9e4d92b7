import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import SqliteDatabase from 'better-sqlite3';
import { BUILD_AFTER, BUILD_BEFORE, type Simulator, startSimulator } from '../../simulator/client.js';
import { linkSession } from '../support/link.js';
import { leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const CUSTOMER = '4917600000088';
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');

interface Shown {
  id: string;
  status: string;
  code: string | null;
  waMessageId: string | null;
  attempts: number;
}

describe.each([
  { name: 'from before July 2026', build: BUILD_BEFORE, phone: '4915100000071' },
  { name: 'as since July 2026', build: BUILD_AFTER, phone: '4915100000072' },
])('B06 the outbox on pages $name', ({ build, phone }) => {
  const place = new Workplace();
  let simulator: Simulator;
  let service: TestService;
  let files: Server;

  beforeAll(async () => {
    files = createServer((req, res) => {
      if (req.url === '/offer.pdf') res.setHeader('content-type', 'application/pdf').end('%PDF-1.4');
      else res.writeHead(404).end();
    });
    await new Promise<void>((resolve) => files.listen(0, '127.0.0.1', resolve));
    simulator = await startSimulator({ settings: { build } });
    service = await place.start(simulator.browserWrapper);
    await linkSession(service, simulator, 'shop', phone);
  }, 120_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    await new Promise((resolve) => files.close(resolve));
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  const post = (body: object, headers: Record<string, string> = { prefer: 'wait=20' }) =>
    service.call<Shown>('POST', '/api/sessions/shop/messages', { to: CUSTOMER, ...body }, headers);
  const lastSent = async () => (await simulator.client.sent(phone)).at(-1);
  const message = async (id: string) => (await service.call<Shown>('GET', `/api/sessions/shop/messages/${id}`)).body;
  const becomes = (id: string, status: string, withinMs = 30_000) =>
    until(`${id} is ${status}`, withinMs, async () => {
      const shown = await message(id);
      return shown.status === status && shown;
    });

  test('sends a text under the id that was chosen for it', async () => {
    const { status, body } = await post({ text: 'Hello' });
    expect(status).toBe(200);
    const sent = await lastSent();
    expect(sent).toMatchObject({ type: 'chat', body: 'Hello', to: CUSTOMER, receivedCount: 1 });
    expect(body.waMessageId).toBe(`true_${CUSTOMER}@c.us_${sent?.id}`);
    const database = new SqliteDatabase(join(place.dataDir, 'wakeful.db'), { readonly: true });
    const row = database.prepare('select preset_id from outbox where id = ?').get(body.id);
    database.close();
    expect(row).toEqual({ preset_id: sent?.id });
  }, 60_000);

  test('sends a picture with its words', async () => {
    const media = { mimeType: 'image/png', base64: PNG.toString('base64') };
    expect((await post({ media, caption: 'Look at this' })).status).toBe(200);
    const filehash = createHash('sha256').update(PNG).digest('base64url');
    expect(await lastSent()).toMatchObject({
      type: 'image',
      attributes: { caption: 'Look at this', mimetype: 'image/png', filehash, size: PNG.length },
    });
  }, 60_000);

  test('sends a document that is behind a URL', async () => {
    const url = `http://127.0.0.1:${(files.address() as AddressInfo).port}/offer.pdf`;
    expect((await post({ media: { mimeType: 'application/pdf', url } })).body).toMatchObject({ code: null });
    const filehash = createHash('sha256').update('%PDF-1.4').digest('base64url');
    expect(await lastSent()).toMatchObject({ type: 'document', attributes: { filename: 'offer.pdf', filehash } });
  }, 60_000);

  test('reports media that cannot be had, and goes on', async () => {
    const url = `http://127.0.0.1:${(files.address() as AddressInfo).port}/gone.pdf`;
    const { body } = await post({ media: { mimeType: 'application/pdf', url } });
    expect(body).toMatchObject({ status: 'failed', code: 'media_unreachable' });
    expect((await post({ text: 'after the media' })).body.code).toBeNull();
  }, 60_000);

  test('sends a place', async () => {
    const location = { latitude: 52.52, longitude: 13.405, name: 'Shop', address: 'Main street 1' };
    expect((await post({ location })).status).toBe(200);
    expect(await lastSent()).toMatchObject({
      type: 'location',
      attributes: { lat: 52.52, lng: 13.405, loc: 'Shop\nMain street 1' },
    });
  }, 60_000);

  test('replies to a message, and never as if it were none', async () => {
    const { id } = await simulator.client.deliver(phone, { from: CUSTOMER, body: 'Are you open?' });
    const quotedMessageId = await until('the question is received', 20_000, async () => {
      const { body } = await service.call<{ items: { id: string }[] }>(
        'GET',
        '/api/sessions/shop/messages?direction=received',
      );
      return body.items.at(-1)?.id;
    });
    expect((await post({ text: 'Yes', quotedMessageId })).status).toBe(200);
    expect(await lastSent()).toMatchObject({ body: 'Yes', attributes: { quotedStanzaID: id } });

    const before = (await simulator.client.sent(phone)).length;
    const lost = await post({ text: 'To nothing', quotedMessageId: `false_${CUSTOMER}@c.us_3EB0NOTHING` });
    expect(lost.body).toMatchObject({ status: 'failed', code: 'quoted_message_not_found' });
    expect(await simulator.client.sent(phone)).toHaveLength(before);
  }, 60_000);

  test('tries again what WhatsApp refuses, cancels and expires what waits for that', async () => {
    await simulator.client.fault(phone, { kind: 'rate-limit' });
    const refused = (await post({ text: 'Too much' }, {})).body.id;
    await until('it was refused once', 10_000, async () => {
      const { status, attempts } = await message(refused);
      return status === 'queued' && attempts === 1;
    });
    const brief = (await post({ text: 'Brief', validForSeconds: 2 }, {})).body.id;
    const regretted = (await post({ text: 'Regretted' }, {})).body.id;
    const cancelled = await service.call<Shown>('DELETE', `/api/sessions/shop/messages/${regretted}`);
    expect([cancelled.status, cancelled.body.code]).toEqual([200, 'cancelled']);
    expect((await becomes(brief, 'failed', 10_000)).code).toBe('expired');
    await simulator.client.clearFaults(phone);
    await until('it is sent', 40_000, async () =>
      ['sent', 'delivered', 'read'].includes((await message(refused)).status),
    );
    const late = await service.call('DELETE', `/api/sessions/shop/messages/${refused}`);
    expect([late.status, late.body.code]).toEqual([409, 'not_cancellable']);
    const bodies = (await simulator.client.sent(phone)).map(({ body }) => body);
    expect(bodies.filter((body) => body === 'Too much')).toHaveLength(1);
    expect(bodies).not.toContain('Brief');
    expect(bodies).not.toContain('Regretted');
    expect(await simulator.client.duplicates(phone)).toEqual({ sameId: 0, sameBody: 0 });
  }, 90_000);

  test('refuses a message while the session is stopped, and says what to do', async () => {
    await service.call('POST', '/api/sessions/shop/disconnect', {});
    const { status, body } = await post({ text: 'x' });
    expect(status).toBe(409);
    expect(body).toMatchObject({ code: 'not_connected' });
    expect(JSON.stringify(body)).toContain('No active WhatsApp connection found');
    await service.call('POST', '/api/sessions/shop/connect');
    // Accepted at once: it is being restored.
    const accepted = await post({ text: 'While it starts' }, {});
    expect([accepted.status, accepted.body.status]).toEqual([202, 'queued']);
    expect(JSON.stringify(accepted.body)).toContain('being restored');
    await until('it is sent', 60_000, async () =>
      ['sent', 'delivered', 'read'].includes((await message(accepted.body.id)).status),
    );
  }, 90_000);
});
