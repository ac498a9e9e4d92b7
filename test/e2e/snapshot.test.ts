import { existsSync, readdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../../simulator/client.js';
import { REASONS, type Reason } from '../../src/domain/reason.js';
import { linkSession, scan } from '../support/link.js';
import { leftoversOf } from '../support/processes.js';
import { type TestService, Workplace } from '../support/service.js';
import { until } from '../support/until.js';

const PHONE = '4915100000051';

describe('B01 a damaged profile, in a real browser', () => {
  const place = new Workplace();
  const snapshot = join(place.dataDir, 'snapshots', 'shop');
  let simulator: Simulator;
  let service: TestService;

  beforeAll(async () => {
    simulator = await startSimulator();
    service = await place.start(simulator.browserWrapper);
    await linkSession(service, simulator, 'shop', PHONE);
  }, 90_000);
  afterAll(async () => {
    await place.remove();
    await simulator.stop();
    expect(leftoversOf(place.folder)).toEqual([]);
  }, 60_000);

  const database = () => {
    const databases = join(place.authDir, 'session-shop', 'Default', 'IndexedDB');
    return join(databases, readdirSync(databases).find((name) => name.endsWith('.leveldb')) ?? 'none');
  };
  const empty = (isDamaged: (name: string) => boolean) => {
    const names = readdirSync(database()).filter(isDamaged);
    expect(names).not.toEqual([]);
    for (const name of names) truncateSync(join(database(), name));
  };
  const stops = async () => {
    await service.call('POST', '/api/sessions/shop/disconnect', {});
    await service.reaches('shop', 'disconnected');
    await until('the browser is closed', 20_000, async () => (await service.session('shop')).browser === null);
  };
  const eventsSince = (lines: number) => service.log.slice(lines).map(({ event }) => event);

  test.each<[Reason, string, (name: string) => boolean]>([
    ['profile_corrupt', 'is empty where it says what belongs to it', (name) => name.startsWith('MANIFEST-')],
    ['auth_failed', 'has lost its content', (name) => /\.(log|ldb)$/.test(name)],
  ])(
    'is healed by the snapshot, without a QR code: %s when it %s',
    async (reason, _what, isDamaged) => {
      await stops();
      await until('the snapshot is there', 10_000, () => existsSync(snapshot));
      empty(isDamaged);
      const lines = service.log.length;
      await service.call('POST', '/api/sessions/shop/connect');
      await service.reaches('shop', 'connected', 60_000);
      const view = await service.session('shop');
      expect(view.message).toContain(REASONS[reason].sentence);
      expect(view.message).toContain('started again with the last good copy of the login');
      expect(eventsSince(lines)).toContain('session.snapshot_restored');
      expect(eventsSince(lines)).not.toContain('session.qr_shown');
      expect(readdirSync(join(place.dataDir, 'quarantine')).length).toBeGreaterThan(0);
    },
    120_000,
  );

  test('the end of the service keeps a copy as well, and the restored login still works', async () => {
    await service.end('SIGTERM');
    expect(existsSync(snapshot)).toBe(true);
    empty((name) => name === 'CURRENT');
    service = await place.start(simulator.browserWrapper);
    await service.reaches('shop', 'connected', 60_000);
    expect(eventsSince(0)).toContain('session.snapshot_restored');
    expect(eventsSince(0)).not.toContain('session.qr_shown');
  }, 120_000);

  test('unlinked from the phone, the copy is gone with the login', async () => {
    await simulator.client.unlink(PHONE);
    await service.reaches('shop', 'disconnected');
    await until('the snapshot is gone', 20_000, () => !existsSync(snapshot));
  }, 60_000);

  test('unlinked while it was off, the copy is of no help: a person is asked, and it is gone as well', async () => {
    await service.call('POST', '/api/sessions/shop/connect');
    await service.reaches('shop', 'qr_pending');
    await scan(service, simulator, 'shop', PHONE);
    await service.reaches('shop', 'connected');
    await stops();
    await until('the snapshot is there', 10_000, () => existsSync(snapshot));
    await simulator.client.unlink(PHONE);
    await service.call('POST', '/api/sessions/shop/connect');
    const asked = await until('a person is asked', 60_000, async () => {
      const view = await service.session('shop');
      return view.userAction === 'scan_qr' && view;
    });
    expect(['qr_pending', 'disconnected']).toContain(asked.status);
    await until('the snapshot is gone', 20_000, () => !existsSync(snapshot));
  }, 120_000);
});
