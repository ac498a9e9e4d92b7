import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { BenchRun } from '../support/bench-run.js';
import { leftoversOf } from '../support/processes.js';

const FAULTS = [
  'browser-kill',
  'browser-stop',
  'renderer-kill',
  'page-hang',
  'page-reload',
  'socket-drop',
  'network-down-short',
  'service-kill',
  'lock-other-host',
];

/** Where the run makes its folder: what is in it afterwards was left behind. */
const place = mkdtempSync(join(tmpdir(), 'wakeful-test-chaos-'));
const chaos = new BenchRun('chaos', place);

afterAll(() => {
  chaos.kill();
  rmSync(place, { recursive: true, force: true });
});

describe('B03 R04 the short form of the chaos run', () => {
  test('every fault ends as expected, nobody else is disturbed and no message is lost or doubled', async () => {
    const { code, output } = await chaos.play('--short', '--sessions', '2');
    const verdicts = FAULTS.map((name) => [name, verdictOf(output, name)]);
    // The whole table, when a verdict is wrong: it says what broke.
    expect({ verdicts, output }).toEqual({ verdicts: FAULTS.map((name) => [name, 'ok']), output });
    expect(output).toMatch(/a message after a browser SIGKILL: .* = \d\.\d\d x a bare restore/);
    expect(output).toMatch(/a hung page: healed after .* = 0\.\d\d x the limit/);
    expect(output).toContain(`${FAULTS.length} of ${FAULTS.length} faults ended as expected`);
    expect(code).toBe(0);
    expect(leftoversOf(place)).toEqual([]);
    expect(readdirSync(place)).toEqual([]);
  }, 420_000);

  test('a fault that does not exist is refused with the names there are', async () => {
    const { code, output } = await chaos.play('--only', 'earthquake');
    expect(code).toBe(1);
    expect(output).toMatch(/there is no fault earthquake; there are browser-kill, /);
  }, 30_000);
});

function verdictOf(output: string, fault: string): string | undefined {
  const row = output.split('\n').find((line) => line.startsWith(`${fault} `));
  return row?.trim().split(/\s+/).at(-1);
}
