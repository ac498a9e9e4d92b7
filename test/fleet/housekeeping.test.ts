import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { quarantinePlace } from '../../src/adapters/chromium/quarantine.js';
import { Housekeeping } from '../../src/fleet/housekeeping.js';
import { buildHouse, type House, steadyConfig } from '../support/fake-house.js';
import { until } from '../support/until.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

describe('the housekeeping', () => {
  let quarantineDir: string;
  let house: House;

  beforeEach(() => {
    quarantineDir = mkdtempSync(join(tmpdir(), 'wakeful-quarantine-'));
    house = buildHouse();
  });
  afterEach(() => rmSync(quarantineDir, { recursive: true, force: true }));

  /** A profile that came into quarantine so long ago. */
  const quarantined = (id: string, agoMs: number) =>
    mkdirSync(quarantinePlace(quarantineDir, id, house.clock.now() - agoMs));
  const kept = () => readdirSync(quarantineDir).map((name) => name.slice(0, name.lastIndexOf('-')));

  function keeping({ quarantineDays = 3, pruneAudit = () => {} } = {}) {
    const config = steadyConfig();
    const credentials = { ...config.credentials, quarantineDays };
    return new Housekeeping({ ...house, config: { ...config, credentials }, quarantineDir, pruneAudit });
  }

  test('R14 keeps a profile in quarantine for as many days as are set, and then lets it go', async () => {
    quarantined('young', 3 * DAY_MS - HOUR_MS);
    quarantined('old', 3 * DAY_MS + HOUR_MS);
    const housekeeping = keeping({ quarantineDays: 3 });
    await housekeeping.start();
    expect(kept()).toEqual(['young']);
    housekeeping.stop();
  });

  test('looks again every day until it is stopped', async () => {
    let rounds = 0;
    const housekeeping = keeping({
      pruneAudit: () => {
        rounds += 1;
      },
    });
    await housekeeping.start();
    await house.clock.advance(DAY_MS - 1);
    expect([rounds, house.clock.fired]).toEqual([1, 0]);
    await house.clock.advance(1);
    await until('the second round', 5000, () => rounds === 2);
    housekeeping.stop();
    expect(house.clock.pending).toBe(0);
  });

  test('goes on with the rest when one thing cannot be removed', async () => {
    await house.media.keep('of nobody', Uint8Array.of(1));
    house.outbox.prune = () => {
      throw new Error('the disk is full');
    };
    const housekeeping = keeping({
      pruneAudit: () => {
        throw new Error('no');
      },
    });
    await housekeeping.start();
    housekeeping.stop();
    expect(house.media.has('of nobody')).toBe(false);
    expect(house.logger.lines.map(({ message }) => message)).toEqual([
      'Old messages could not be removed: Error: the disk is full',
      'Old entries of the audit trail could not be removed: Error: no',
    ]);
  });
});
