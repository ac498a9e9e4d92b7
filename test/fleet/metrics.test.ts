import { describe, expect, test } from '@jest/globals';
import { createPrometheus } from '../../src/adapters/prometheus.js';
import type { Backlog } from '../../src/domain/store-ports.js';
import { FleetMetrics } from '../../src/fleet/metrics.js';
import { settled } from '../support/fake-clock.js';
import { figure } from '../support/fake-meters.js';
import { anIncoming } from '../support/fake-whatsapp.js';
import { aFleet } from './fleet-driver.js';

/** A fleet over fake browsers whose figures are kept. */
async function measuredFleet() {
  const made = aFleet();
  const { house, fleet, supervisor, machine } = made;
  const waiting: { outbox: Backlog[]; deliveries: Backlog[] } = { outbox: [], deliveries: [] };
  const metrics = new FleetMetrics({
    ...{ meters: createPrometheus(), fleet, clock: house.clock, version: '1.2.3', incidents: house.incidentStore },
    actors: () => supervisor.actors,
    backlog: { outbox: () => waiting.outbox, deliveries: () => waiting.deliveries },
    measureMemory: () => machine.browserBytes.get('a') ?? 0,
  });
  house.bus.subscribe(metrics.observe);
  await supervisor.start();
  return {
    ...made,
    waiting,
    page: () => metrics.page(),
    figure: async (name: string) => figure(await metrics.page(), name),
    /** Each into a chat of its own. */
    send(id: string, text: string) {
      fleet.send(id, { to: `49151${text.length}@c.us`, content: { type: 'text', text } });
    },
  };
}

describe('R28 the figures of a fleet', () => {
  test('follow a session that is lost and comes back', async () => {
    const { connected, client, figure, house, machine, launched } = await measuredFleet();
    machine.browserBytes.set('a', 7_000);
    await connected('a');
    expect(await figure('wakeful_session_up{session="a"}')).toBe(1);
    expect(await figure('wakeful_browser_memory_bytes{session="a"}')).toBe(7_000);
    expect(await figure('wakeful_sessions{status="connected",reason="ready"}')).toBe(1);

    client('a').tell({ type: 'browser-exited' });
    await settled();
    expect(await figure('wakeful_session_up{session="a"}')).toBe(0);
    expect(await figure('wakeful_losses_total{reason="browser_crashed"}')).toBe(1);
    expect(await figure('wakeful_sessions{status="connected",reason="ready"}')).toBeNull();
    expect(await figure('wakeful_recoveries_total{rung="relaunch",reason="browser_crashed"}')).toBeNull();

    await house.clock.advance(5_000);
    expect(launched()).toEqual(['a', 'a']);
    client('a').ready();
    await settled();
    expect(await figure('wakeful_recoveries_total{rung="relaunch",reason="browser_crashed"}')).toBe(1);
    expect(await figure('wakeful_time_to_recover_seconds_count')).toBe(1);
    expect(await figure('wakeful_time_to_recover_seconds_sum')).toBe(5);
  });

  test('count attempts', async () => {
    const { connected, client, figure, house, fleet } = await measuredFleet();
    await connected('a');
    for (let n = 0; n < 4; n += 1) {
      client('a').tell({ type: 'browser-exited' });
      await house.clock.advance(15_000);
    }
    expect(await figure('wakeful_attempts_total')).toBe(fleet.get('a').attempt);
    expect(fleet.get('a').attempt).toBeGreaterThan(0);
  });

  test('forget a session that was removed', async () => {
    const { connected, fleet, page } = await measuredFleet();
    for (const id of ['a', 'b']) await connected(id);
    expect(await page()).toContain('session="b"');
    await fleet.remove('b');
    expect(await page()).not.toContain('session="b"');
    expect(await page()).toContain('session="a"');
  });

  test('count a message once, whatever is heard of it later', async () => {
    const { connected, figure, send, client, house } = await measuredFleet();
    await connected('a');
    client('a').nextSend = (text) => (text === 'nobody' ? { refused: 'unknown_number' } : 'works');
    for (const text of ['one', 'number two', 'nobody']) send('a', text);
    await settled();
    expect(await figure('wakeful_messages_sent_total')).toBe(0);
    expect(await figure('wakeful_messages_failed_total{code="unknown_number"}')).toBe(1);
    for (const ack of [1, 2, 3]) client('a').ack('one', ack);
    // The receipt of the server itself can get lost.
    for (const ack of [2, 3]) client('a').ack('number two', ack);
    await house.clock.advance(250);
    expect(await figure('wakeful_messages_sent_total')).toBe(2);
    expect(await figure('wakeful_messages_failed_total{code="unknown_number"}')).toBe(1);
  });

  test('count what comes in, and probes', async () => {
    const { connected, figure, client, house } = await measuredFleet();
    await connected('a');
    client('a').spec.onMessage(anIncoming('m1', 1));
    await house.clock.advance(60_000);
    expect(await figure('wakeful_messages_received_total')).toBe(1);
    expect(await figure('wakeful_probe_seconds_count')).toBeGreaterThan(1);
    expect(await figure('wakeful_probe_seconds_bucket{le="0.005"}')).toBeGreaterThan(1);
    expect(await figure('wakeful_session_idle_seconds{session="a"}')).toBeGreaterThan(0);
  });

  test('say how much waits and for how long, and count dead letters', async () => {
    const { figure, waiting, house } = await measuredFleet();
    waiting.outbox = [{ state: 'queued', count: 3, oldestAt: house.clock.now() - 90_000 }];
    waiting.deliveries = [{ state: 'dead', count: 2, oldestAt: null }];
    expect(await figure('wakeful_outbox_messages{state="queued"}')).toBe(3);
    expect(await figure('wakeful_outbox_oldest_seconds{state="queued"}')).toBe(90);
    expect(await figure('wakeful_webhook_deliveries{state="dead"}')).toBe(2);
    expect(await figure('wakeful_webhook_oldest_seconds{state="dead"}')).toBe(0);
  });

  test('count open incidents of every kind, also where there is none', async () => {
    const { figure, incidents } = await measuredFleet();
    const open = () => figure('wakeful_incidents_open{kind="network_down"}');
    expect(await open()).toBe(0);
    incidents.open('network_down', {
      key: '',
      reason: 'network_down',
      sessionIds: ['a'],
      message: 'Nothing is reached',
    });
    expect(await open()).toBe(1);
    incidents.close('network_down', '', 'It is back');
    expect(await open()).toBe(0);
  });

  test('tell of failing logins', async () => {
    const { figure, known, supervisor, house } = await measuredFleet();
    await supervisor.stop();
    known('a', { credentials: { failures: 3, lastFailureAt: house.clock.now() } });
    known('b', { credentials: { failures: 0, lastFailureAt: house.clock.now() } });
    await supervisor.start();
    expect(await figure('wakeful_login_failures_mean')).toBe(1.5);
    expect(await figure('wakeful_login_failures_at_threshold')).toBe(1);
    expect(await figure('wakeful_login_failures_last_day')).toBe(2);
  });

  test('leave out what cannot be told, rather than show a 0', async () => {
    const { figure, machine } = await measuredFleet();
    expect(await figure('wakeful_memory_available_bytes')).toBeNull();
    machine.availableBytes = 5_000;
    expect(await figure('wakeful_memory_available_bytes')).toBe(5_000);
    machine.availableBytes = null;
    expect(await figure('wakeful_memory_available_bytes')).toBeNull();
    expect(await figure('wakeful_ready')).toBe(1);
  });
});
