import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { IncidentView } from '../../src/fleet/facade.js';
import { type Api, startApi } from './support/api-harness.js';

const anIncident = (id: string, closedAt: string | null): IncidentView => ({
  id,
  kind: 'network_down',
  reason: 'network_down',
  openedAt: '2026-01-01T00:00:00.000Z',
  closedAt,
  sessionIds: ['sales', 'support'],
  message: 'WhatsApp cannot be reached from this server.',
});

describe('incidents over HTTP', () => {
  let api: Api;
  const open = anIncident('inc_2', null);
  const closed = anIncident('inc_1', '2026-01-01T00:01:00.000Z');

  beforeEach(async () => {
    api = await startApi();
    api.fleet.incidentLog.push(open, closed);
  });
  afterEach(() => api.stop());

  test('come newest first, also for a key that only looks', async () => {
    const { status, json } = await api.ask('GET', '/api/incidents', { key: 'viewer' });
    expect(status).toBe(200);
    expect(json).toEqual({ items: [open, closed] });
  });

  test('come in pages', async () => {
    const { json } = await api.ask('GET', '/api/incidents?limit=1');
    expect(json).toEqual({ items: [open], next: '1' });
    expect((await api.ask('GET', '/api/incidents?limit=1&after=1')).json).toEqual({ items: [closed] });
  });

  test('come by whether they are open', async () => {
    expect((await api.ask('GET', '/api/incidents?open=true')).json).toEqual({ items: [open] });
    expect((await api.ask('GET', '/api/incidents?open=false')).json).toEqual({ items: [closed] });
  });

  test.each(['open=yes', 'limit=0', 'after=inc_1'])('are refused with %s', async (query) => {
    const { status, json } = await api.ask('GET', `/api/incidents?${query}`);
    expect(status).toBe(400);
    expect(json.detail).toContain(query.split('=')[0]);
  });
});
