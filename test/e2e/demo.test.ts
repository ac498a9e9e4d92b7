import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { leftoversOf } from '../support/processes.js';
import { until } from '../support/until.js';

/** Where the demo makes its folder: what is in it afterwards was left behind. */
const place = mkdtempSync(join(tmpdir(), 'wakeful-test-demo-'));

afterAll(() => rmSync(place, { recursive: true }));

describe('the demo', () => {
  test('connects three numbers, survives a killed browser and a killed page, and exchanges messages once', async () => {
    const demo = startDemo('--for', '55');
    const code = await demo.ended;
    const output = demo.output();
    expect(output).toContain('sales: browser killed (kill -9)');
    expect(output).toMatch(/WhatsApp Connected: sales \(back after \d+ ms; browser_crashed, healed by relaunch\)/);
    expect(output).toContain('support: page killed');
    expect(output).toMatch(/WhatsApp Connected: support \(back after \d+ ms; page_crashed, healed by reload\)/);
    expect(output).toContain('all numbers connected at the end: yes');
    const [, received = 0, answered = 0] = (/(\d+) messages came in, (\d+) were answered/.exec(output) ?? []).map(
      Number,
    );
    expect(answered).toBeGreaterThan(5);
    expect(answered).toBeLessThanOrEqual(received);
    expect(lastTwiceColumn(output)).toEqual(['0', '0', '0']);
    expect(code).toBe(0);
    nothingIsLeft();
  }, 120_000);

  test('Ctrl-C ends it in the middle and leaves neither process nor folder', async () => {
    const demo = startDemo();
    await until(
      'a browser is starting',
      30_000,
      () => demo.output().includes('connecting') || demo.output().includes('qr_pending'),
    );
    demo.child.kill('SIGINT');
    expect(await demo.ended).toBe(0);
    nothingIsLeft();
  }, 60_000);
});

function startDemo(...flags: string[]): { child: ChildProcess; output: () => string; ended: Promise<number | null> } {
  const child = spawn(process.execPath, ['dist/tools/demo/main.js', '--port', '0', ...flags], {
    env: { ...process.env, TMPDIR: place },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  return { child, output: () => output, ended };
}

function lastTwiceColumn(output: string): string[] {
  const rows = output.split('\n').filter((line) => /^(sales|support|bookings) /.test(line));
  return rows.slice(-3).map((line) => line.split(/ {2,}/)[7] ?? line);
}

function nothingIsLeft(): void {
  expect(leftoversOf(place)).toEqual([]);
  expect(readdirSync(place)).toEqual([]);
}
