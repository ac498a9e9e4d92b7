import type { SessionView } from '../../src/fleet/facade.js';
import type { FakeFleet } from './fake-fleet.js';

const MINUTE_MS = 60_000;
const MB = 1024 ** 2;

/** A fleet with a number in every state, a history and an incident: what the page shows of it can be looked at. */
export function fillFleet(fleet: FakeFleet, now: number): void {
  const ago = (minutes: number) => new Date(now - minutes * MINUTE_MS).toISOString();
  const add = (id: string, label: string, phoneNumber: string | null, change: Partial<SessionView>) =>
    fleet.add(id, { label, phoneNumber, desired: 'running', since: ago(42), ...change });
  const connected = {
    status: 'connected',
    reason: 'ready',
    message: 'Connected.',
    isConnected: true,
    browser: { pid: 4711, memoryBytes: 143 * MB, startedAt: ago(300), engine: 'headless-shell' },
    webVersion: '2.3000.1042401057',
    health: { verdict: 'alive', checkedAt: ago(0.1), latencyMs: 4 },
  } as const;
  add('shop', 'Corner shop', '4915100000001', {
    ...connected,
    message: 'Connected again after 3.4 s. The browser ended unexpectedly. What helped: the browser was started again.',
  });
  add('sales', 'Sales Berlin', '4915100000002', { ...connected, since: ago(1500) });
  add('support', 'Support', '4915100000003', {
    status: 'reconnecting',
    reason: 'socket_lost',
    message: 'The connection to WhatsApp was lost. Next attempt (3) in 48 s.',
    attempt: 2,
    nextAttemptAt: new Date(now + 48_000).toISOString(),
    since: ago(2),
  });
  add('night', 'Night desk', '4915100000004', {
    status: 'suspended',
    reason: 'init_timeout',
    circuit: { state: 'open', resumesAt: new Date(now + 9 * MINUTE_MS).toISOString() },
    since: ago(12),
  });
  add('pharmacy', 'Pharmacy', null, {
    status: 'qr_pending',
    reason: 'waiting_for_scan',
    userAction: 'scan_qr',
    since: ago(0.5),
  });
  fleet.showQr('pharmacy', '2@pictured,code,of,a,test');
  add('bakery', 'Bakery', '4915100000005', {
    status: 'disconnected',
    reason: 'logged_out',
    message: 'The device was unlinked. A person must scan a new QR code.',
    userAction: 'scan_qr',
    since: ago(95),
  });
  add('depot', 'Depot', '4915100000006', {
    status: 'error',
    reason: 'disk_full',
    message: 'There is not enough free disk space to run safely. Gave up.',
    userAction: 'free_disk',
    since: ago(3),
  });
  fleet.add('spare');
  fleet.incidentLog.push({
    id: 'inc_1',
    kind: 'outage',
    reason: 'socket_lost',
    openedAt: ago(2),
    closedAt: null,
    sessionIds: ['support', 'night'],
    message: 'Several sessions were lost. The connection to WhatsApp was lost.',
  });
  fleet.incidentLog.push({
    id: 'inc_0',
    kind: 'outage',
    reason: 'network_down',
    openedAt: ago(420),
    closedAt: ago(411),
    sessionIds: ['bakery', 'night', 'sales', 'shop', 'support'],
    message: 'Several sessions were lost. The network was down.',
  });
  giveHistory(fleet, 'shop', now);
}

/** A day with three faults that were healed. */
function giveHistory(fleet: FakeFleet, id: string, now: number): void {
  const { events, outbox, memory } = fleet.peek(id);
  for (let minutesAgo = 1298; minutesAgo >= 0; minutesAgo -= 2) {
    // It grows until the browser is a new one.
    const ageMinutes = minutesAgo > 43 ? 1298 - minutesAgo : 43 - minutesAgo;
    const bytes = (105 + 120 * (1 - Math.exp(-ageMinutes / 700)) + 6 * Math.sin(minutesAgo / 9)) * MB;
    memory.push({ at: now - minutesAgo * MINUTE_MS, bytes });
  }
  const tell = (minutesAgo: number, event: string, words: string, data: Record<string, unknown> = {}) =>
    events.push({
      seq: events.length + 1,
      sessionId: id,
      at: now - minutesAgo * MINUTE_MS,
      event,
      message: `${id}: ${words}`,
      data,
    });
  tell(1300, 'session.created', 'created');
  tell(1300, 'session.starting', 'Starting.');
  tell(1299, 'session.qr_shown', 'a new QR code is on show');
  tell(1298, 'session.connected', 'connected');
  for (const [minutesAgo, reason, rung, tookMs] of [
    [900, 'page_hung', 'reload', 6_200],
    [420, 'socket_lost', 'socket', 1_100],
    [43, 'browser_crashed', 'relaunch', 3_400],
  ] as const) {
    tell(minutesAgo, 'session.lost', `The connection was lost (${reason}).`, {
      reason,
      status: 'connected',
      attempt: 0,
    });
    tell(minutesAgo, 'session.healing', `trying rung ${rung}`, { rung, reason });
    tell(minutesAgo - tookMs / MINUTE_MS, 'session.connected', `connected again after ${tookMs / 1000} s`, {
      reason,
      rung,
      tookMs,
    });
  }
  fleet.send(id, { to: '4917600000099@c.us', content: { type: 'text', text: 'Your order is ready' } });
  Object.assign(outbox[0] ?? {}, { status: 'read', ack: 3, createdAt: now - 30 * MINUTE_MS });
  fleet.send(id, { to: '4917600000098@c.us', content: { type: 'text', text: 'We open at nine' } });
}
