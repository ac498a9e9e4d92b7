import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { preferredWaitSeconds } from '../../src/api/messages.js';
import { type Api, type Ask, startApi } from './support/api-harness.js';

const PATH = '/api/sessions/sales/messages';

describe('messages over HTTP', () => {
  let api: Api;
  const send = (body: unknown, options: Ask = {}) => api.ask('POST', PATH, { ...options, body });

  beforeEach(async () => {
    api = await startApi();
    api.fleet.add('sales', { phoneNumber: '491600000001' });
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
    [{ to: '4915112345678', text: 'x', media: { mimeType: 'image/png', url: 'http://x/' } }, 'either text or media'],
  ])('refuses a wrong body: %#', async (body, detail) => {
    const { status, json } = await send(body);
    expect(status).toBe(400);
    expect(json.detail).toContain(detail);
    expect(api.fleet.peek('sales').outbox).toEqual([]);
  });

  test('takes the longest text', async () => {
    expect((await send({ to: '4915112345678', text: '💚'.repeat(32_768) })).status).toBe(202);
  });

  test.each([
    { media: { url: 'http://x/a.png', mimeType: 'image/png' }, caption: 'c' },
    { text: 'x', quotedMessageId: 'true_1' },
  ])('says clearly that %j cannot be sent yet', async (content) => {
    const { status, json } = await send({ to: '4915112345678', ...content });
    expect(status).toBe(501);
    expect(json).toMatchObject({ code: 'not_implemented', detail: expect.stringContaining('plain text can') });
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

  test('lists received messages', async () => {
    const message = {
      ...{ id: 'w1', from: '4915112345678@c.us', fromLid: '1@lid', to: '491600000001@c.us', body: 'hi', type: 'chat' },
      ...{ chatId: '4915112345678@c.us', timestamp: 5, fromMe: false, ack: 0, quotedMessageId: null },
    };
    api.fleet.peek('sales').inbox.push(message);
    const { quotedMessageId: _, ...shown } = message;
    expect((await api.ask('GET', `${PATH}?direction=received`)).json).toEqual({ items: [shown] });
  });

  test.each(['status=lost', 'direction=up', 'direction=received&status=sent'])('refuses ?%s', async (query) => {
    expect((await api.ask('GET', `${PATH}?${query}`)).status).toBe(400);
  });
});
