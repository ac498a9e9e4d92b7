import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { BenchRun } from '../support/bench-run.js';

/** Where the run makes its folder: what is in it afterwards was left behind. */
const place = mkdtempSync(join(tmpdir(), 'wakeful-test-overhead-'));
const results = mkdtempSync(join(tmpdir(), 'wakeful-test-overhead-'));
const overhead = new BenchRun('overhead', place);

afterAll(() => {
  overhead.kill();
  for (const folder of [place, results]) rmSync(folder, { recursive: true, force: true });
});

test('the short form of the overhead run: the whole service with fake browsers is cheap and does its work', async () => {
  const json = join(results, 'overhead.json');
  const { code, output } = await overhead.play('--short', '--json', json);
  // The whole table, when a goal was missed.
  expect({ code, output }).toEqual({ code: 0, output });
  const { sizes } = JSON.parse(readFileSync(json, 'utf8'));
  expect(sizes).toMatchObject([{ sessions: 100 }]);
  // A service that looks at nobody needs little.
  expect(sizes[0].probes).toBeGreaterThan(3);
  expect(sizes[0].received).toBeGreaterThan(3);
  expect(sizes[0].sent).toBeGreaterThan(3);
  expect(readdirSync(place)).toEqual([]);
}, 120_000);
