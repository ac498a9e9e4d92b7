import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Api, startApi } from './support/api-harness.js';

let api: Api;
beforeEach(async () => {
  api = await startApi();
});
afterEach(() => api.stop());

test('metrics are given as Prometheus reads them, to a key of any role', async () => {
  const { status, headers, text } = await api.ask('GET', '/metrics', { key: 'viewer' });
  expect([status, text]).toEqual([200, 'wakeful_ready 1\n']);
  expect(headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
});
