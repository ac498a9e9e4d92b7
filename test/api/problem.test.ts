import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { DomainError } from '../../src/domain/error-catalogue.js';
import { ClientError } from '../../src/domain/ports.js';
import { type Api, startApi } from './support/api-harness.js';

describe('errors over HTTP', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
    api.fleet.add('sales');
  });
  afterEach(() => api.stop());

  test('are problem documents', async () => {
    const { status, json, headers } = await api.ask('GET', '/api/sessions/nobody', {
      headers: { 'x-request-id': 'r-1' },
    });
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(headers.get('x-request-id')).toBe('r-1');
    expect(json).toEqual({
      type: 'urn:wakeful:error:session_not_found',
      title: 'Connection not found',
      status,
      detail: 'There is no session "nobody". Create it first.',
      code: 'session_not_found',
      sessionId: 'nobody',
      retryable: false,
      requestId: 'r-1',
    });
  });

  test('do not take over a request id that could forge log lines', async () => {
    const { headers } = await api.ask('GET', '/health', { headers: { 'x-request-id': 'a b {"x":1}' } });
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('list every wrong field', async () => {
    const { json } = await api.ask('POST', '/api/sessions', { body: { id: '!', label: '', start: 1 } });
    expect(json.errors.map(({ path }: { path: string }) => path).sort()).toEqual(['id', 'label', 'start']);
  });

  test('shorten the words about a thousand fields that are not known', async () => {
    const body = Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`field${n}`, n]));
    const { json, text } = await api.ask('PATCH', '/api/sessions/sales', { body });
    expect(json.detail).toContain('"field0", "field1"');
    expect(text.length).toBeLessThan(2_000);
  });

  test.each([
    ['{"id":', {}, 400, 'bad_request'],
    ['"text"', {}, 400, 'bad_request'],
    [`{"id":"${'x'.repeat(1_100_000)}"}`, {}, 413, 'payload_too_large'],
    ['id=sales', { 'content-type': 'application/x-www-form-urlencoded' }, 415, 'unsupported_media_type'],
    ['{"id":"a"}', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['{"id":"a"}', { 'content-type': 'application/json; charset=klingon' }, 415, 'unsupported_media_type'],
    ['{"id":"a"}', { 'content-encoding': 'klingon' }, 415, 'unsupported_media_type'],
  ])('answer a body that cannot be read: %#', async (raw, headers, expected, code) => {
    const { status, json } = await api.ask('POST', '/api/sessions', { raw, headers });
    expect([status, json.code]).toEqual([expected, code]);
  });

  test('answer an address that does not exist', async () => {
    for (const path of ['/nothing', '/api', '/api/sessions/sales/nothing']) {
      const { status, json } = await api.ask('GET', path);
      expect([path, status, json.code]).toEqual([path, 404, 'not_found']);
    }
  });

  test('answer an address that cannot be decoded', async () => {
    expect((await api.ask('GET', '/api/sessions/%E0%A4%A')).status).toBe(400);
  });

  test.each([
    ['PUT', '/api/sessions/sales', 'GET, PATCH, DELETE, HEAD'],
    ['GET', '/api/sessions/sales/connect', 'POST'],
    ['DELETE', '/api/sessions', 'GET, POST, HEAD'],
    ['POST', '/health', 'GET, HEAD'],
  ])('answer %s %s with what is allowed', async (method, path, allow) => {
    const { status, json, headers } = await api.ask(method, path);
    expect([status, json.code, headers.get('allow')]).toEqual([405, 'method_not_allowed', allow]);
  });

  test('say that WhatsApp Web failed', async () => {
    api.fleet.pageError = new ClientError('page_hung', 'The page did not answer within 5 s.');
    const { status, json } = await api.ask('GET', '/api/sessions/sales/chats');
    expect(status).toBe(502);
    expect(json).toMatchObject({ code: 'client_failed', detail: 'The page did not answer within 5 s. (page_hung)' });
  });

  test('pass on what the fleet refuses', async () => {
    api.fleet.pageError = new DomainError('not_connected', 'The session is suspended.', { sessionId: 'sales' });
    const { status, json } = await api.ask('GET', '/api/sessions/sales/screenshot');
    expect([status, json.code, json.retryable]).toEqual([409, 'not_connected', true]);
  });

  test('log a bug of ours and tell nothing of it', async () => {
    api.fleet.pageError = new Error('secret path /home/x');
    const { status, json, text } = await api.ask('GET', '/api/sessions/sales/chats');
    expect([status, json.code]).toEqual([500, 'internal']);
    expect(text).not.toContain('secret path');
    expect(api.logged.join()).toContain('secret path');
    expect(api.logged.join()).toContain(json.requestId);
  });
});

describe('R20 health over HTTP', () => {
  let api: Api;
  beforeEach(async () => {
    api = await startApi();
    api.fleet.add('sales');
  });
  afterEach(() => api.stop());

  test('tells version and uptime', async () => {
    api.passTime(61_500);
    expect((await api.ask('GET', '/health')).json).toEqual({ status: 'ok', version: '1.2.3', uptimeSeconds: 61 });
  });

  test('is not ready while restoring or draining: reads pass, commands are refused', async () => {
    expect((await api.ask('GET', '/ready')).json).toEqual({ status: 'ready' });
    api.fleet.ready = false;
    expect((await api.ask('GET', '/health')).status).toBe(200);
    expect((await api.ask('GET', '/api/sessions/sales')).status).toBe(200);
    for (const [method, path] of [
      ['GET', '/ready'],
      ['POST', '/api/sessions/sales/connect'],
      ['DELETE', '/api/sessions/sales'],
      ['PATCH', '/api/sessions/sales'],
    ] as const) {
      const { status, json, headers } = await api.ask(method, path);
      expect([status, json.code]).toEqual([503, 'not_ready']);
      expect(headers.get('retry-after')).toBe('5');
    }
    expect(api.fleet.calls).toEqual([]);
  });
});
