import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { BenchRun } from '../support/bench-run.js';
import { leftoversOf } from '../support/processes.js';

/** Where the run makes its folder: what is in it afterwards was left behind. */
const place = mkdtempSync(join(tmpdir(), 'wakeful-test-soak-'));
const results = mkdtempSync(join(tmpdir(), 'wakeful-test-soak-'));
const soak = new BenchRun('soak', place);

afterAll(() => {
  soak.kill();
  for (const folder of [place, results]) rmSync(folder, { recursive: true, force: true });
});

describe('the short form of the soak run', () => {
  test('many restarts of a session and of the service leave everything where it was', async () => {
    const json = join(results, 'soak.json');
    const { code, output } = await soak.play('--short', '--json', json);
    // The whole table, when something has grown: it says what.
    if (code !== 0) throw new Error(`the run ended with ${code}\n${output}`);
    expect(output).toContain('Nothing grew beyond its allowance');
    const { phases } = JSON.parse(readFileSync(json, 'utf8'));
    expect(phases).toMatchObject([{ restarts: 12 }, { restarts: 4 }]);
    for (const { before, tookMs, restarts } of phases) {
      // Counts of nothing would stay the same, too.
      expect(before.browserProcesses).toBeGreaterThan(1);
      expect(before.threads).toBeGreaterThan(1);
      expect(before.listeners).toMatchObject({ SIGTERM: 1, SIGINT: 1 });
      expect(tookMs).toHaveLength(restarts);
    }
    expect(leftoversOf(place)).toEqual([]);
    expect(readdirSync(place)).toEqual([]);
  }, 240_000);

  test('a number of restarts that cannot be compared is refused', async () => {
    const { code, output } = await soak.play('--restarts', '3');
    expect(code).toBe(2);
    expect(output).toContain('--restarts takes 0 or a whole number from 4 on, not 3');
  }, 30_000);
});
