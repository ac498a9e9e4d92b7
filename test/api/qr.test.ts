import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type Api, startApi } from './support/api-harness.js';

describe('the QR code over HTTP', () => {
  let api: Api;
  const qr = (accept?: string) => api.ask('GET', '/api/sessions/sales/qr', { headers: accept ? { accept } : {} });

  beforeEach(async () => {
    api = await startApi();
    api.fleet.add('sales');
    api.fleet.showQr('sales', '2@secret');
  });
  afterEach(() => api.stop());

  test.each([undefined, '*/*', 'image/png', 'text/html,image/avif,image/webp,*/*;q=0.8'])(
    'is a PNG for Accept: %s',
    async (accept) => {
      const { status, headers, bytes } = await qr(accept);
      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('image/png');
      expect(headers.get('cache-control')).toBe('no-store');
      expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    },
  );

  test('is an SVG when asked for', async () => {
    const { headers, text } = await qr('image/svg+xml');
    expect(headers.get('content-type')).toMatch(/^image\/svg\+xml/);
    expect(text).toContain('<svg');
  });

  test('is text for a terminal when asked for', async () => {
    const { headers, text } = await qr('text/plain');
    expect(headers.get('content-type')).toMatch(/^text\/plain; charset=utf-8/);
    expect(text).toMatch(/[▀▄█]/);
  });

  test('is JSON when asked for', async () => {
    expect((await qr('application/json')).json).toEqual({ qr: '2@secret', expiresAt: '2026-01-01T00:00:00.000Z' });
  });

  test('follows the preference of Accept', async () => {
    expect((await qr('image/png;q=0.1, application/json')).headers.get('content-type')).toContain('application/json');
  });

  test('is 406 when no form fits', async () => {
    const { status, json } = await qr('audio/ogg');
    expect(status).toBe(406);
    expect(json).toMatchObject({ code: 'not_acceptable', detail: expect.stringContaining('image/png') });
  });

  test('is 404 with the status when there is none', async () => {
    api.fleet.add('sales', { status: 'connected' });
    const { status, json, headers } = await qr('image/png');
    expect(status).toBe(404);
    expect(json).toMatchObject({ code: 'no_qr', detail: expect.stringContaining('connected'), retryable: true });
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});
