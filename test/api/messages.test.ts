import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { preferredWaitSeconds } from '../../src/api/messages.js';
import { DomainError } from '../../src/domain/error-catalogue.js';
import { aFile, anIncoming } from '../support/fake-whatsapp.js';
import { type Api, type Ask, startApi } from './support/api-harness.js';

const PATH = '/api/sessions/sales/messages';

describe('messages over HTTP', () => {
  let api: Api;
  const send = (body: unknown, options: Ask = {}) => api.ask('POST', PATH, { ...options, body });

  beforeEach(async () => {
    api = await startApi();
    api.fleet.add('sales', { phoneNumber: '491600000001', status: 'connected', isConnected: true });
  });
  afterEach(() => api.stop());

  test('accepts a text', async () => {
    const { status, json, headers } = await send({ to: '4915112345678', text: 'hello' });
    expect([status, json]).toEqual([202, { id: 'msg_1', status: 'queued' }]);
    expect(headers.get('location')).toBe(`${PATH}/msg_1`);
  });

  test.each([
    ['4915112345678', '4915112345678@c.us'],
    ['+49 151 123-45678', '4915112345678@c.us'],
    ['4915112345678@c.us', '4915112345678@c.us'],
    ['120363012345678901@g.us', '120363012345678901@g.us'],
    ['4915112345678-1600000000@g.us', '4915112345678-1600000000@g.us'],
    ['123456789012345@lid', '123456789012345@lid'],
  ])('understands the recipient %s', async (to, chatId) => {
    await send({ to, text: 'x' });
    expect(api.fleet.peek('sales').outbox[0]?.to).toBe(chatId);
  });

  test.each([
    [{ to: 'ada', text: 'x' }, 'to: expected a phone number of 7 to 15 digits'],
    [{ to: '0151123456', text: 'x' }, 'to: expected a phone number'],
    [{ to: '1@s.whatsapp.net', text: 'x' }, 'to: expected a phone number'],
    [{ text: 'x' }, 'to'],
    [{ to: 4915112345678, text: 'x' }, 'to'],
    [{ to: '4915112345678' }, 'text: expected a text of 1 to 65536 characters'],
    [{ to: '4915112345678', text: '' }, 'text: expected a text'],
    [{ to: '4915112345678', text: 'x'.repeat(65_537) }, 'text: expected a text'],
    [{ to: '4915112345678', text: 'x', txt: 'y' }, 'txt'],
    [{ to: '4915112345678', text: 'x', media: { mimeType: 'image/png', url: 'http://x/' } }, 'one of text, media'],
    [{ to: '4915112345678', media: { mimeType: 'image/png' } }, 'media: expected either url or base64'],
    [
      { to: '4915112345678', media: { mimeType: 'image/png', url: 'http://x/', base64: 'AAAA' } },
      'either url or base64',
    ],
    [{ to: '4915112345678', media: { mimeType: 'png', base64: 'AAAA' } }, 'media.mimeType: expected a MIME type'],
    [{ to: '4915112345678', media: { mimeType: 'image/png', base64: '' } }, 'media.base64: expected the bytes'],
    [
      { to: '4915112345678', media: { mimeType: 'image/png', base64: 'not base64!' } },
      'media.base64: expected the bytes',
    ],
    [{ to: '4915112345678', media: { mimeType: 'image/png', base64: 'data:image/png;base64,AAAA' } }, 'media.base64'],
    [{ to: '4915112345678', media: { mimeType: 'image/png', url: 'file:///etc/passwd' } }, 'media.url: expected a URL'],
    [{ to: '4915112345678', media: { mimeType: 'image/png', url: 'http://' } }, 'media.url: expected a URL'],
    [{ to: '4915112345678', media: { mimeType: 'a/b', url: 'http://x/', fileName: '../a' } }, 'media.fileName'],
    [{ to: '4915112345678', text: 'x', caption: 'y' }, 'caption: expected only beside media'],
    [{ to: '4915112345678', location: { latitude: 91, longitude: 0 } }, 'location.latitude'],
    [{ to: '4915112345678', location: { latitude: 1 } }, 'location.longitude'],
    [{ to: '4915112345678', text: 'x', quotedMessageId: '' }, 'quotedMessageId'],
    [{ to: '4915112345678', text: 'x', validForSeconds: 0 }, 'validForSeconds'],
    [{ to: '4915112345678', text: 'x', validForSeconds: 1.5 }, 'validForSeconds'],
  ])('refuses a wrong body: %#', async (body, detail) => {
    const { status, json } = await send(body);
    expect(status).toBe(400);
    expect(json.detail).toContain(detail);
    expect(api.fleet.peek('sales').outbox).toEqual([]);
  });

  test('takes the longest text', async () => {
    expect((await send({ to: '4915112345678', text: '💚'.repeat(32_768) })).status).toBe(202);
  });

  test.each(['not_connected', 'not_linked'] as const)('says at once when nobody can send: %s', async (code) => {
    api.fleet.sendError = new DomainError(code, 'No active WhatsApp connection found.', { sessionId: 'sales' });
    const { status, json } = await send({ to: '4915112345678', text: 'x' }, { headers: { prefer: 'wait=5' } });
    expect([status, json.code]).toEqual([409, code]);
  });

  test.each([{}, { prefer: 'wait=1' }])('says what an accepted message waits for: %j', async (headers) => {
    const message = 'The browser ended unexpectedly. Being healed now.';
    api.fleet.add('sales', { status: 'reconnecting', userAction: 'none', message });
    const { status, json } = await send({ to: '4915112345600', text: 'x' }, { headers });
    expect([status, json.status]).toEqual([202, 'queued']);
    expect(json.detail).toContain(message);
    expect(json.detail).toMatch(/connection is being restored.*do not send it again, look again in a moment/i);
  });

  test('gives the same message for the same key and body', async () => {
    const headers = { 'idempotency-key': 'order-1' };
    const first = await send({ to: '4915112345678', text: 'hello' }, { headers });
    const again = await send({ to: '+49 151 12345678', text: 'hello' }, { headers });
    expect([again.status, again.json]).toEqual([202, first.json]);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(api.fleet.peek('sales').outbox).toHaveLength(1);
  });

  test('refuses the same key with another body', async () => {
    const headers = { 'idempotency-key': 'order-1' };
    await send({ to: '4915112345678', text: 'hello' }, { headers });
    const { status, json } = await send({ to: '4915112345678', text: 'other' }, { headers });
    expect([status, json.code]).toEqual([409, 'idempotency_conflict']);
  });

  test.each(['x'.repeat(256), 'ümlaut'])('refuses an idempotency key it cannot keep: %#', async (key) => {
    const { status, json } = await send({ to: '4915112345678', text: 'x' }, { headers: { 'idempotency-key': key } });
    expect(status).toBe(400);
    expect(json.detail).toContain('idempotency-key');
  });

  test('answers with the sent message when asked to wait', async () => {
    const { status, json, headers } = await send(
      { to: '4915112345678', text: 'hello' },
      { headers: { prefer: 'wait=5' } },
    );
    expect(status).toBe(200);
    expect(headers.get('preference-applied')).toBe('wait=5');
    expect(json).toEqual({
      id: 'msg_1',
      from: '491600000001@c.us',
      to: '4915112345678@c.us',
      chatId: '4915112345678@c.us',
      body: 'hello',
      type: 'chat',
      timestamp: expect.any(Number),
      fromMe: true,
      ack: 1,
      status: 'sent',
      code: null,
      waMessageId: 'true_x_1',
      idempotencyKey: null,
      attempts: 0,
      expiresAt: null,
      createdAt: '2026-01-01T00:00:00.000Z',
      updatedAt: '2026-01-01T00:00:00.000Z',
    });
  });

  test('answers 202 when the wait passed before the message was sent', async () => {
    const { status, json } = await send({ to: '4915112345600', text: 'x' }, { headers: { prefer: 'wait=1' } });
    expect([status, json]).toEqual([202, { id: 'msg_1', status: 'queued' }]);
  });

  test.each([
    [undefined, 0],
    ['wait=10', 10],
    ['respond-async, wait=10', 10],
    ['wait=600', 60],
    ['wait=soon', 0],
    ['await=10', 0],
  ])('understands Prefer: %s as %d seconds', (prefer, seconds) => {
    expect(preferredWaitSeconds(prefer)).toBe(seconds);
  });

  test('shows and lists sent messages', async () => {
    for (const text of ['a', 'b', 'c']) await send({ to: '4915112345678', text });
    expect((await api.ask('GET', `${PATH}/msg_2`)).json).toMatchObject({ id: 'msg_2', body: 'b', status: 'queued' });
    const page = await api.ask('GET', `${PATH}?limit=2&status=queued`);
    expect(page.json.items.map(({ body }: { body: string }) => body)).toEqual(['a', 'b']);
    expect(page.json.next).toBe('2');
    expect((await api.ask('GET', `${PATH}?status=sent`)).json).toEqual({ items: [] });
    const missing = await api.ask('GET', `${PATH}/msg_9`);
    expect([missing.status, missing.json.code]).toEqual([404, 'message_not_found']);
  });

  test('lists what was sent to one chat', async () => {
    for (const to of ['4915112345678', '4917011112222', '4915112345678']) await send({ to, text: to });
    const { json } = await api.ask('GET', `${PATH}?to=%2B49%20151%2012345678`);
    expect(json.items.map(({ id }) => id)).toEqual(['msg_1', 'msg_3']);
  });

  test('shows what kind of message it was', async () => {
    const to = '4915112345678';
    await send({ to, media: { mimeType: 'image/png', url: 'https://x.example/a.png' }, caption: 'look' });
    await send({ to, location: { latitude: 1, longitude: 2, address: 'Main street' }, quotedMessageId: 'w' });
    const { json } = await api.ask('GET', PATH);
    expect(json.items).toMatchObject([
      {
        ...{ type: 'image', body: 'look' },
        media: { mimeType: 'image/png', fileName: null, url: 'https://x.example/a.png' },
      },
      {
        ...{ type: 'location', body: 'Main street', quotedMessageId: 'w' },
        location: { latitude: 1, longitude: 2, name: null, address: 'Main street' },
      },
    ]);
  });

  test('cancels a message that is queued, and says when it is too late', async () => {
    await send({ to: '4915112345678', text: 'x' });
    const cancelled = await api.ask('DELETE', `${PATH}/msg_1`);
    expect([cancelled.status, cancelled.json.status, cancelled.json.code]).toEqual([200, 'failed', 'cancelled']);
    const again = await api.ask('DELETE', `${PATH}/msg_1`);
    expect([again.status, again.json.code]).toEqual([409, 'not_cancellable']);
    expect((await api.ask('DELETE', `${PATH}/msg_9`)).status).toBe(404);
    expect((await api.ask('DELETE', `${PATH}/msg_1`, { key: 'viewer' })).status).toBe(403);
  });

  test('lists received messages, at two addresses', async () => {
    const message = anIncoming('w1', 5, { fromLid: '1@lid' });
    api.fleet.peek('sales').inbox.push(message);
    const { quotedMessageId: _, media: _media, editedAt: _editedAt, revokedAt: _revokedAt, ...shown } = message;
    expect((await api.ask('GET', `${PATH}?direction=received`)).json).toEqual({ items: [shown] });
    expect((await api.ask('GET', '/api/sessions/sales/inbox?limit=1')).json).toEqual({ items: [shown] });
  });

  test('shows the file of a received message, and what became of it', async () => {
    const link = { id: 'med_1', url: 'http://here/media/med_1?expires=1', expiresAt: Date.parse('2026-01-08') };
    const { inbox } = api.fleet.peek('sales');
    inbox.push(anIncoming('a', 1, { media: aFile({ link }) }), anIncoming('b', 2, { editedAt: 3 }));
    inbox.push(anIncoming('c', 3, { media: aFile({ fileName: null }) }), anIncoming('d', 4, { revokedAt: 9 }));
    const { json } = await api.ask('GET', '/api/sessions/sales/inbox');
    const media = { mimeType: 'image/png', fileName: 'view.png', sizeBytes: 3, url: link.url };
    expect(json.items[0]).toMatchObject({ media: { ...media, expiresAt: '2026-01-08T00:00:00.000Z' } });
    expect(json.items[1]).toMatchObject({ editedAt: 3 });
    expect(json.items[2]).toMatchObject({ media: { mimeType: 'image/png', sizeBytes: 3, url: null, expiresAt: null } });
    expect(json.items[2]).not.toHaveProperty('media.fileName');
    expect(json.items[3]).toMatchObject({ revokedAt: 9 });
  });

  test.each(['status=lost', 'direction=up', 'direction=received&status=sent', 'direction=received&to=4915112345678'])(
    'refuses ?%s',
    async (query) => {
      expect((await api.ask('GET', `${PATH}?${query}`)).status).toBe(400);
    },
  );
});
